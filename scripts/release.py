"""The old name of `claims release`."""

from claims.old_names import run

run(__file__)
