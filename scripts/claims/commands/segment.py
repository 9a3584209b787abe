"""Make or refresh the segments table from a table of numbered sentences.

    claims segment --propose article.txt > sentences.csv
    claims segment sentences.csv
    claims segment sentences.csv --package ../my-article --source src-article

--propose cuts a text into sentences, as a table for correction: headings, list items and notes are told in the
column kind, and a ? there marks a cut that somebody must look at. SENTENCES.csv has the columns segment_id, page,
section, paragraph, sentence, text, and perhaps kind; the text itself goes nowhere but into counts, anchor and hash.
What was judged by hand (kind, language, status, note …) is kept for segments that are there already. New ones get
the status to_do and wait for a judgement. A segment that the sentences no longer have goes, and one whose text is
another one changes, unless rows refer to it; then nothing is written. With --move, rows go along with the sentence
that they are about, found by its hash.
Run `claims fmt` afterwards.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..articletext import read_text
from ..audit.propose import propose
from ..audit.segment import moved, segments_from
from ..canonical import code_lists
from ..files import write_files
from ..findings import Unusable
from ..package import opened, opened_folder

SUMMARY = "make the table of segments from numbered sentences"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("sentences", nargs="?", type=Path, metavar="SENTENCES.csv")
    parser.add_argument("--source", help="source_id of the text; needed when the table is still empty")
    parser.add_argument("--propose", type=Path, metavar="ARTICLE", help="print the sentences of a text, for correction")
    parser.add_argument("--move", action="store_true", help="rows go along with their sentence to its new number")


def run(options: Namespace) -> int:
    if (options.sentences is None) == (options.propose is None):
        raise Unusable("give the numbered sentences, or --propose and the text to cut into sentences")
    if options.propose:
        with opened(options.package) as package:
            sections = [code["code"] for code in code_lists(package).get("section", [])]
        print(propose(read_text(options.propose), sections), end="")
        return 0
    with opened_folder(options.package) as package:
        make = moved if options.move else segments_from
        number, files = make(package, options.sentences, options.source)
        changed = write_files(package.root, files)
    print(f"{number} segments, {'written' if changed else 'nothing to change'}")
    return 0
