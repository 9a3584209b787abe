"""A small page a claim, for links that are shared: only where the package says at which address its page is hosted.

Its structured data is a schema.org Claim and never a ClaimReview, because the package gives no rating.
"""

from jinja2 import Environment
from markupsafe import Markup

from ...package import Package
from .explorer import as_json
from .sections import Sections

FOLDER = "dist/site/claims"


def pages(package: Package, sections: Sections, templates: Environment, cautions: list[str]) -> dict[str, bytes]:
    """Path to bytes of a page for every claim; nothing without a `homepage` in the descriptor."""
    home = package.descriptor.get("homepage", "")
    if not home.lower().startswith(("https://", "http://")):
        return {}
    template = templates.get_template("claim.html")
    sources = [one["title"] for one in package.descriptor["sources"]]
    found = {}
    for claim in sections.claims:
        address = f"{home.rstrip('/')}/claims/{claim['id']}.html"
        text = f"The article says that {claim['gloss_en']}."
        values = {
            "claim": claim,
            "short": sections.short(),
            "text": text,
            "address": address,
            "place": f"Paragraph {claim['paragraph']}, page {claim['page']} of the copy",
            "verdict": sections.colours[0]["of"][claim["id"]]["label"] if sections.colours else "",
            "caution": cautions[0] if cautions else "",
            "jsonld": Markup(as_json(structured(text, address, sources))),
        }
        found[f"{FOLDER}/{claim['id']}.html"] = template.render(values).encode("utf-8")
    return found


def structured(text: str, address: str, sources: list[str]) -> dict:
    """A claim as schema.org has it: our words for it, and where it appears."""
    return {
        "@context": "https://schema.org",
        "@type": "Claim",
        "name": text,
        "url": address,
        "appearance": [{"@type": "CreativeWork", "name": source} for source in sources],
    }
