"""What a rule, a table, a column or a code means.

    claims explain checked-or-not-checkable
    claims explain factuality
    claims explain statements.claim_value

NAME is the id of a rule, as `claims validate` prints it in brackets, the name of a table, of a column (or TABLE.COLUMN)
or of a list of codes, or a code. Exit code: 0 done, 2 there is nothing of that name.
"""

from argparse import ArgumentParser, Namespace

from ..explain import explain
from ..package import opened

SUMMARY = "say what a rule, table, column or code means"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")


def run(options: Namespace) -> int:
    with opened(options.package) as package:
        print("\n\n".join(explain(package, options.name)))
    return 0
