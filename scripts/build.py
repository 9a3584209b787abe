"""The old name of `claims build`."""

from claims.old_names import run

run(__file__)
