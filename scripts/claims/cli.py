"""The command `claims`: one parser, a module of commands/ for each subcommand, and the exit codes.

A module of commands/ has SUMMARY (one line for the list of commands), `arguments(parser)`, which says what the command
takes, and `run(options)`, which does it and gives the exit code. Its docstring is its help. A module that is put there
is a command; nothing else needs to know.
"""

import argparse
import gc
import logging
import os
import pkgutil
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from . import commands, version
from .findings import Refused, Unusable, or_did_you_mean

NAMES = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
BROKEN_PIPE = 141  # as a shell says of a program that wrote to a closed pipe
TERMINATED = 143


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong with what it was given."""

    def __init__(self, *arguments, **options):
        options |= {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
        super().__init__(*arguments, **options)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")

    def options_known(self) -> list[str]:
        return [option for action in self._actions for option in action.option_strings]


def main(arguments: list[str] | None = None, home: Path = Path()) -> int:
    """Run one command and return its exit code; `home` is the package that is meant where none is named."""
    gc.disable()  # to look for circles of garbage takes a tenth of the time of a command, and none makes many
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = Parser(prog="claims", description="Check, build, release and cite a data package of an article's claims.")
    parser.add_argument("--version", action="version", version=f"claims {version()}")
    subparsers = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    asked = next(iter(arguments), "")
    if asked and not asked.startswith("-") and asked not in NAMES:
        parser.error(f"no command '{asked}'{or_did_you_mean(asked, NAMES)}; there are {', '.join(NAMES)}")
    # each command has libraries of its own to load, so only the one that is asked for is
    parsers = {name: add_command(subparsers, name, home) for name in ([asked] if asked in NAMES else NAMES)}
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        command = parsers[options.command]
        command.error(f"unknown argument '{unknown[0]}'{or_did_you_mean(unknown[0], command.options_known())}")
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.INFO if options.verbose else logging.WARNING)
    try:
        return options.run(options)
    except Refused as refusal:
        print(f"claims {options.command}: refused: {refusal}", file=sys.stderr)
        return 1
    except Unusable as error:
        print(f"claims {options.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        print(f"claims {options.command}: {error.strerror or error}{place}; nothing was changed", file=sys.stderr)
        return 2


def add_command(subparsers, name: str, home: Path) -> Parser:
    """The parser of one command, with what all commands take."""
    module = import_module(f"{commands.__name__}.{name}")
    parser = subparsers.add_parser(name, help=module.SUMMARY, description=module.__doc__)
    parser.add_argument("--package", type=Path, default=home, help="folder of the package (default: this one)")
    parser.add_argument("-v", "--verbose", action="store_true", help="say on standard error what is being done")
    parser.set_defaults(run=module.run)
    module.arguments(parser)
    return parser


def run(arguments: list[str] | None = None, home: Path = Path()) -> NoReturn:
    """End the process with the exit code of a command.

    A reader that stops reading, such as `head`, ends it quietly; a request to end undoes what was being written.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        try:
            code = main(arguments, home)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is written at exit
        code = BROKEN_PIPE
    sys.exit(code)
