"""Build what is derived from a package. The same input gives the same bytes.

`build` gives the files of the outputs asked for, `write` puts them into the package's folder and `stale` names those
that are not as they should be.
"""

import logging
from collections.abc import Iterable
from pathlib import Path

from .files import same, write_files, write_folder
from .findings import or_did_you_mean
from .outputs import OUTPUTS, Outputs
from .package import Package, Unusable
from .validation import validate
from .zips import ATTACHED

DIST = "dist/"  # what is derived and never committed
log = logging.getLogger(__name__)


def build(package: Package, names: Iterable[str]) -> dict[str, bytes]:
    """Path to bytes of the named outputs. Raises Unusable for a package that is not valid."""
    for name in names:
        if name not in OUTPUTS:
            raise Unusable(f"no output '{name}'; there are {', '.join(OUTPUTS)}{or_did_you_mean(name, OUTPUTS)}")
    if not package.conventions or not validate(package).valid:  # which says why is `claims validate`
        raise Unusable("the package is not valid; run `claims validate` and correct what it finds first")
    return derived(package, names)


def derived(package: Package, names: Iterable[str] = OUTPUTS) -> dict[str, bytes]:
    """Path to bytes of the named outputs of a package that was found valid."""
    outputs = Outputs(package)
    files: dict[str, bytes] = {}
    for name in names:
        log.info("building %s", name)
        files |= outputs[name]
    return files


def write(root: Path, files: dict[str, bytes], whole: bool) -> list[str]:
    """Write the committed files one by one, dist/ as one folder; `whole`: these are all files that dist/ shall have.

    What a release attached stays there.
    """
    dist = {path.removeprefix(DIST): data for path, data in files.items() if path.startswith(DIST)}
    changed = write_files(root, beside_the_data(files))
    if dist:
        attached = [file for pattern in ATTACHED for file in (root / "dist").glob(pattern)]
        dist |= {file.name: file.read_bytes() for file in attached}
        changed += [f"{DIST}{path}" for path in write_folder(root / "dist", dist, keep=not whole)]
    return changed


def beside_the_data(files: dict[str, bytes]) -> dict[str, bytes]:
    """Those of the derived files that are committed with the package."""
    return {path: data for path, data in files.items() if not path.startswith(DIST)}


def stale(package: Package, files: dict[str, bytes]) -> list[str]:
    """The committed files among these that the package's folder has otherwise or not at all."""
    return [path for path, data in beside_the_data(files).items() if not same(package.root / path, data)]
