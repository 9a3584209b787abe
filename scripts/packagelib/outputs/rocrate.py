"""RO-Crate 1.3: the folder of the package and every file in it, as archives of research data read them."""

import hashlib

from ..package import Package
from .schemaorg import about, agents, filled, sources

VERSION = "https://w3id.org/ro/crate/1.3"
MEDIA_TYPES = {".json": "application/json", ".csv": "text/csv", ".toml": "application/toml"}


def crate(package: Package, files: dict[str, bytes]) -> dict:
    """The crate of these files (path to bytes), all of which lie in one folder."""
    parts = [file_entity(package, path, data) for path, data in files.items()]
    licenses = [
        {"@id": one["path"], "@type": "CreativeWork", "name": one["title"], "identifier": one["name"]}
        for one in package.descriptor["licenses"]
    ]
    origins = [{"@id": f"#source-{number}", **one} for number, one in enumerate(sources(package), 1)]
    people = {"creator": [], "contributor": []}
    for number, (role, agent) in enumerate(agents(package), 1):
        people[role].append({"@id": f"#contributor-{number}", **agent})
    affiliations = []
    for agent in [*people["creator"], *people["contributor"]]:
        if "affiliation" in agent:
            affiliations.append({"@id": f"{agent['@id']}-affiliation", **agent["affiliation"]})
            agent["affiliation"] = {"@id": affiliations[-1]["@id"]}
    root = {
        "@id": "./",
        "@type": "Dataset",
        **about(package),
        "license": references(licenses),
        "creator": references(people["creator"]),
        "contributor": references(people["contributor"]),
        "isBasedOn": references(origins),
        "hasPart": references(parts),
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": VERSION},
        "about": {"@id": "./"},
    }
    entities = [*parts, *licenses, *people["creator"], *people["contributor"], *affiliations, *origins]
    return {"@context": f"{VERSION}/context", "@graph": [descriptor, filled(root), *entities]}


def file_entity(package: Package, path: str, data: bytes) -> dict:
    table = next((one for one in package.tables.values() if one.path == path), None)
    return filled(
        {
            "@id": path,
            "@type": "File",
            "name": table.resource["title"] if table else path,
            "description": table.resource["description"] if table else None,
            "encodingFormat": next((kind for ending, kind in MEDIA_TYPES.items() if path.endswith(ending)), None),
            "contentSize": str(len(data)),
            "sha256": hashlib.sha256(data).hexdigest(),
            "conformsTo": {"@id": table.schema_path} if table else None,
        }
    )


def references(entities: list[dict]) -> list[dict]:
    return [{"@id": one["@id"]} for one in entities]
