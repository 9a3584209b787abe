"""The old name of `claims new`."""

from claims.old_names import run

run(__file__)
