"""The old name of `claims cite`."""

from claims.old_names import run

run(__file__)
