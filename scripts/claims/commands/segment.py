"""Make or refresh the segments table from a table of numbered sentences.

    claims segment sentences.csv
    claims segment sentences.csv --package ../my-article --source src-article

SENTENCES.csv has the columns segment_id, page, section, paragraph, sentence, text; the text itself goes
nowhere but into counts, anchor and hash. What was judged by hand (kind, language, status, note …) is kept
for segments that are there already. New ones get the status to_do and wait for a judgement. A segment that
the sentences no longer have goes, unless rows refer to it; then nothing is written. Run `claims fmt` afterwards.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..audit.segment import segments_from
from ..files import write_files
from ..package import opened_folder

SUMMARY = "make the table of segments from numbered sentences"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("sentences", type=Path, metavar="SENTENCES.csv")
    parser.add_argument("--source", help="source_id of the text; needed when the table is still empty")


def run(options: Namespace) -> int:
    with opened_folder(options.package) as package:
        number, files = segments_from(package, options.sentences, options.source)
        changed = write_files(package.root, files)
    print(f"{number} segments, {'written' if changed else 'nothing to change'}")
    return 0
