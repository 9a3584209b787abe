"""Some hundreds of broken and hostile packages, the same in every run; fuzzing.py runs as many as one likes."""

import random
import tempfile
from pathlib import Path

import pytest
from fuzzing import TABLES, base_files, examine, run, tiny

CHUNKS = 6
CASES = 60


@pytest.mark.heavy
@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.filterwarnings("ignore")
def test_fuzz(made_up, chunk):
    files = base_files(made_up) if chunk == 0 else tiny(base_files(made_up), TABLES)
    with tempfile.TemporaryDirectory() as folder:  # what is mutated is valid, or one layer would hide all the others
        assert examine(Path(folder), files, random.Random(0)) == "valid"
    counts = run(files, range(chunk * CASES, (chunk + 1) * CASES))
    assert counts["not valid"] > CASES / 3
    assert counts["valid"] < CASES / 3
