"""What a check returns, and the catalogue that says for each rule why it exists and how to put it right."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

CATALOGUE = Path(__file__).with_name("rules.toml")


class Unusable(Exception):
    """There is nothing here that could be checked, built or compared; commands exit with 2."""


class Refused(Exception):
    """Something does not agree, so it is not done; commands exit with 1."""


@dataclass(frozen=True)
class Rule:
    """A rule: `why` and `mend` (how to put it right) are one sentence each.

    A finding of a rule that `blocks` stops later layers; what `fmt` says of a rule is that `claims fmt` corrects it.
    """

    id: str
    layer: str
    why: str
    mend: str
    level: str = "error"
    blocks: bool = False
    fmt: bool = False


@dataclass(frozen=True)
class Finding:
    """One offence. `line` 0 and empty `column` mean the file as a whole; `row` is the row's primary key."""

    rule: str
    file: str
    message: str
    line: int = 0
    column: str = ""
    value: str = ""
    row: str = ""
    hint: str = ""

    @property
    def place(self) -> str:
        """`file:line:column`, as far as known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True)
class Unchecked:
    """What nobody checked: the resource (empty: the package), why, and whether a table was not read at all for it."""

    name: str
    reason: str
    table: bool = False

    def __str__(self) -> str:
        return f"{self.name or 'the package'}: {self.reason}"


def generic_rules() -> dict[str, Rule]:
    """The rules of the validator itself, by id; those of a package come from its own files."""
    table = tomllib.loads(CATALOGUE.read_text("utf-8"))
    return {rule["id"]: Rule(**rule) for rule in table["rule"]}


def did_you_mean(value: str, known) -> str:
    """A hint with the nearest known value, or nothing. The prefix of an id, which all ids share, makes none near."""
    from difflib import get_close_matches  # takes longer to load than most commands to say nothing

    prefix = re.sub("^((?:[a-z]+-)?).*", r"\1", value, flags=re.DOTALL)
    nearest = get_close_matches(
        value.removeprefix(prefix),
        [name.removeprefix(prefix) for name in known if name.startswith(prefix)],
        n=1,
        cutoff=0.7,
    )
    return f"did you mean '{prefix}{nearest[0]}'?" if nearest and prefix + nearest[0] != value else ""


def or_did_you_mean(value: str, known) -> str:
    """The hint as the end of a sentence."""
    hint = did_you_mean(value, known)
    return f"; {hint}" if hint else ""


def counted(number: int, what: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
