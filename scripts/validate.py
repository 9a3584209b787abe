"""Check a data package: `python scripts/validate.py` is `claims validate`."""

from claims.old_names import run

run(__file__, promised=True)
