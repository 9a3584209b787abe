"""RO-Crate 1.3: the folder of the package and every file in it, as archives of research data read them."""

import hashlib

from ...package import Package
from . import drop_empty
from .schema_org import about, agents, sources

NAME = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.3"
MEDIA_TYPES = {".json": "application/json", ".csv": "text/csv", ".toml": "application/toml", ".md": "text/markdown"}


def crate(package: Package, described: dict[str, str], files: dict[str, bytes]) -> dict:
    """The crate of these files: path to what each is, and to its bytes."""
    parts = [file_entity(path, what, files[path]) for path, what in described.items()]
    licenses = [
        {"@id": licence["path"], "@type": "CreativeWork", "name": licence["title"], "identifier": licence["name"]}
        for licence in package.descriptor["licenses"]
    ]
    origins = [{"@id": f"#source-{number}", **source} for number, source in enumerate(sources(package), 1)]
    people: dict[str, list[dict]] = {"creator": [], "contributor": []}
    employers = []
    for number, (role, agent) in enumerate(agents(package), 1):
        agent = {"@id": f"#contributor-{number}", **agent}
        if "affiliation" in agent:
            employers.append({"@id": f"#affiliation-{number}", **agent["affiliation"]})
            agent["affiliation"] = references(employers[-1:])
        people[role].append(agent)
    root = {
        "@id": "./",
        "@type": "Dataset",
        **about(package),
        "license": references(licenses),
        **{role: references(agents) for role, agents in people.items()},
        "isBasedOn": references(origins),
        "hasPart": references(parts),
    }
    descriptor = {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": VERSION}, "about": {"@id": "./"}}
    entities = [*parts, *licenses, *people["creator"], *people["contributor"], *employers, *origins]
    return {"@context": f"{VERSION}/context", "@graph": [descriptor, drop_empty(root), *entities]}


def file_entity(path: str, what: str, data: bytes) -> dict:
    return drop_empty(
        {
            "@id": path,
            "@type": "File",
            "name": path,
            "description": what,
            "encodingFormat": next((kind for ending, kind in MEDIA_TYPES.items() if path.endswith(ending)), None),
            "contentSize": str(len(data)),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    )


def references(entities: list[dict]) -> dict | list[dict]:
    """Pointers to the entities; one alone stands without a list, as RO-Crate asks."""
    found = [{"@id": entity["@id"]} for entity in entities]
    return found[0] if len(found) == 1 else found
