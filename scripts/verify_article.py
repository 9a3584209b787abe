"""The old name of `claims audit`."""

from claims.old_names import run

run(__file__)
