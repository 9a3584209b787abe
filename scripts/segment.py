"""The old name of `claims segment`."""

from claims.old_names import run

run(__file__)
