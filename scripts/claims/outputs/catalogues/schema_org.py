"""What the descriptor says of the package as a whole, in the words of schema.org: for Croissant and RO-Crate."""

from ...citation import is_author
from ...package import Package
from . import drop_empty


def about(package: Package) -> dict:
    given = package.descriptor
    return drop_empty(
        {
            "name": given["title"],
            "alternateName": {"@value": given["titleRu"], "@language": "ru"} if "titleRu" in given else None,
            "description": given["description"],
            "version": package.version,
            "datePublished": given["created"][:10],
            "keywords": given["keywords"],
            "url": given.get("homepage"),
            "identifier": given.get("id"),
        }
    )


def agents(package: Package) -> list[tuple[str, dict]]:
    """(creator or contributor, who) for each contributor: a person where an organization stands beside the name."""
    found = []
    for contributor in package.descriptor["contributors"]:
        agent = drop_empty({"@type": "Organization", "name": contributor["title"], "url": contributor.get("path")})
        if "organization" in contributor:
            employer = {"@type": "Organization", "name": contributor["organization"]}
            agent |= {"@type": "Person", "affiliation": employer}
        found.append(("creator" if is_author(contributor) else "contributor", agent))
    return found


def sources(package: Package) -> list[dict]:
    """What the package was made from."""
    return [
        drop_empty({"@type": "CreativeWork", "name": source["title"], "url": source.get("path")})
        for source in package.descriptor["sources"]
    ]
