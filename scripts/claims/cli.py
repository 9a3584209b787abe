"""The command `claims`: one parser, a module of commands/ for each subcommand, and the exit codes.

A module of commands/ has SUMMARY (one line for the list of commands), `arguments(parser)`, which says what the command
takes, and `run(options)`, which does it and gives the exit code. Its docstring is its help. A module that is put there
is a command; nothing else needs to know. One that reads a package that may be somebody else's has also
`stranger(options)`, the path of it, and is then confined (bounds.py).
"""

import argparse
import gc
import io
import logging
import os
import pkgutil
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from . import bounds, commands, version
from .files import Unfinished
from .findings import Refused, Unusable, or_did_you_mean
from .printing import printable

NAMES = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
MOST_PRINTED = 2000  # characters of one sentence
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


def main(arguments: list[str] | None = None, home: Path = Path(), confine: bool = False) -> int:
    """Run one command and return its exit code; `home` is the package that is meant where none is named.

    With `confine` a command that reads somebody else's package does so in a process of its own, within limits.
    """
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
    if confine and options.stranger and bounds.limits:
        size = bounds.megabytes_of(options.stranger(options))
        return guarded(options, lambda: bounds.within_limits(lambda: guarded(options, options.run, options), size))
    return guarded(options, options.run, options)


def guarded(options: argparse.Namespace, work: Callable[..., int], *arguments) -> int:
    """The exit code of a command: whatever stops it ends in one sentence."""

    def told(sentence: str, code: int) -> int:
        print(f"claims {options.command}: {printable(sentence, MOST_PRINTED)}", file=sys.stderr)
        return code

    try:
        return work(*arguments)
    except Refused as refusal:
        return told(f"refused: {refusal}", 1)
    except Unusable as error:
        return told(str(error), 2)
    except BrokenPipeError:
        raise
    except Unfinished as error:
        return told(f"{error.strerror}: {error.filename}", 2)
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        return told(f"{error.strerror or error}{place}; nothing was changed", 2)
    except MemoryError:
        return told("there is not enough memory for this package; nothing was changed", 2)
    except Exception as error:
        if options.verbose:
            traceback.print_exc()
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        return told(f"a fault of this program ({type(error).__name__}: {error}, {place}); please report it", 2)


def add_command(subparsers, name: str, home: Path) -> Parser:
    """The parser of one command, with what all commands take."""
    module = import_module(f"{commands.__name__}.{name}")
    parser = subparsers.add_parser(name, help=module.SUMMARY, description=module.__doc__)
    parser.add_argument("--package", type=Path, default=home, help="folder of the package (default: this one)")
    parser.add_argument("-v", "--verbose", action="store_true", help="say on standard error what is being done")
    parser.set_defaults(run=module.run, stranger=getattr(module, "stranger", None))
    module.arguments(parser)
    return parser


def run(arguments: list[str] | None = None, home: Path = Path()) -> NoReturn:
    """End the process with the exit code of a command.

    A reader that stops reading, such as `head`, ends it quietly; a request to end undoes what was being written.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # for a terminal or a file that knows fewer letters
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        try:
            code = main(arguments, home, confine=True)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is written at exit
        code = BROKEN_PIPE
    sys.exit(code)
