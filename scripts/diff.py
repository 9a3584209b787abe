"""The old name of `claims diff`."""

from claims.old_names import run

run(__file__)
