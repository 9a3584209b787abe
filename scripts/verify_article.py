"""Check the package against your own copy of the article: locators, claims, rights, and that nothing was left out.

    python scripts/verify_article.py article.txt
    python scripts/verify_article.py article.txt --segment p41s03

TEXT is the article as plain text in UTF-8, extracted by whatever program. The article is not part of this package;
nothing of it is written anywhere. More than three words between two sentences that belong to none are an error, before
the first and after the last a warning; running heads (lines that return) are neither.
Exit code: 0 everything agrees, 1 something does not, 2 could not run.
"""

import argparse
import sys
from pathlib import Path

from claims import run
from claims.audit.check import verify
from claims.audit.report import FORMATS
from claims.package import Unusable, opened

ROOT = Path(__file__).parent.parent
MOST_BYTES = 16 << 20


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("text", type=Path, metavar="TEXT")
    parser.add_argument("--package", type=Path, default=ROOT, help="folder or zip of the package (default: this one)")
    parser.add_argument(
        "--segment", default="", help="only this sentence: its statements and what the audit sees in it"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    options = parser.parse_args(arguments)
    try:
        text = read_text(options.text)
        with opened(options.package) as package:
            result = verify(package, text, options.segment)
    except Unusable as error:
        print(f"verify_article: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(FORMATS[options.format](result, options.segment))
    return 0 if result.valid else 1


def read_text(file: Path) -> str:
    """The copy of the article. Raises Unusable for what is no text in UTF-8."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Unusable(f"{file}: larger than {MOST_BYTES >> 20} MiB, so it is not the article")
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(f"{file}: not text in UTF-8; extract the article as plain text first") from error
    except OSError as error:
        raise Unusable(f"{file}: cannot be read ({error.strerror})") from error


if __name__ == "__main__":
    run(main)
