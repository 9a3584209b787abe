"""Give the package its address: the web page and the DOI, in the descriptor and everywhere that repeats them.

    python scripts/address.py --homepage https://data.example.org/claims
    python scripts/address.py --doi 10.5072/example

Neither is ever invented here: an archive assigns the DOI (docs/CITING.md). The derived files are rebuilt.
Exit code: 0 done, 2 refused, with nothing changed.
"""

import argparse
import sys
from pathlib import Path

from build import build
from claims import run
from claims.checks import metadata
from claims.citation import doi_of
from claims.files import write_files
from claims.outputs import OUTPUTS
from claims.package import DESCRIPTOR, Unusable, opened
from claims.zips import restated

ROOT = Path(__file__).parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--homepage", help="address of the package's web page or repository")
    parser.add_argument("--doi", help="the DOI as the archive gives it, beginning with 10.")
    parser.add_argument("--package", type=Path, default=ROOT, help="folder of the package (default: this one)")
    options = parser.parse_args(arguments)
    given = {"homepage": options.homepage, "id": options.doi and f"https://doi.org/{options.doi}"}
    given = {key: value for key, value in given.items() if value}
    try:
        if not given:
            raise Unusable("say --homepage or --doi")
        if options.doi and not doi_of(given):
            raise Unusable(f"'{options.doi}' is no DOI; write it as the archive gives it, such as 10.5072/example")
        changed = addressed(options.package, given)
    except (Unusable, OSError) as error:
        print(f"address: {error}", file=sys.stderr)
        return 2
    print("\n".join(f"wrote {path}" for path in changed) or "nothing changed")
    return 0


def addressed(home: Path, given: dict[str, str]) -> list[str]:
    """Write descriptor and derived files with these addresses; return the paths that changed."""
    with opened(home) as package, restated(package, **given) as copy:
        for finding in copy.findings or metadata.check(copy):
            raise Unusable(f"{finding.place}: {finding.message}")
        files = {**build(copy, OUTPUTS), DESCRIPTOR: (copy.root / DESCRIPTOR).read_bytes()}
        return write_files(package.root, files)


if __name__ == "__main__":
    run(main)
