"""The old name of `claims fmt`."""

from claims.old_names import run

run(__file__)
