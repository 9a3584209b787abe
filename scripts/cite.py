"""How to cite a row of any table, or the package: the row in words, where in the article it stands, which version.

    python scripts/cite.py
    python scripts/cite.py p41s03a p41s03b --format bibtex

Without an ID it says how to cite the package. --package may also name a release zip, to cite that version.
Exit code: 0 done, 2 there is no such row or package.
"""

import argparse
import json
import sys
from pathlib import Path

from claims import run
from claims.checks import metadata
from claims.citation import Citation, as_bibtex, as_csl, as_text, of_package, of_rows
from claims.package import Unusable, opened

ROOT = Path(__file__).parent.parent
FORMATS = {
    "text": lambda citations: "\n".join(map(as_text, citations)),
    "bibtex": lambda citations: "\n\n".join(map(as_bibtex, citations)),
    "csl": lambda citations: json.dumps([as_csl(one) for one in citations], ensure_ascii=False, indent=2),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("ids", nargs="*", metavar="ID")
    parser.add_argument("--package", type=Path, default=ROOT, help="folder or zip of the package (default: this one)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="text, bibtex or csl (CSL-JSON)")
    options = parser.parse_args(arguments)
    try:
        with opened(options.package) as package:
            citations = cite(package, options.ids)
    except Unusable as error:
        print(f"cite: {error}", file=sys.stderr)
        return 2
    print(FORMATS[options.format](citations))
    return 0


def cite(package, ids: list[str]) -> list[Citation]:
    """The citations asked for. Raises Unusable for a package whose descriptor does not say what they need."""
    if not package.conventions or package.findings or metadata.check(package):
        raise Unusable("descriptor or schemas are not valid; run validate.py and correct what it finds first")
    return of_rows(package, ids) if ids else [of_package(package)]


if __name__ == "__main__":
    run(main)
