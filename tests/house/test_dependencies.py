"""What the program imports, it asks for: a package that only the tests are given is missing where the program runs."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from source_tree import ROOT, parsed, python_files
from test_rooms import imported_packages

SOURCE = ROOT / "src" / "canbao"
OUR_OWN = {"canbao"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for() -> set[str]:
    """The packages that pyproject.toml asks for, without the tests'."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in project["dependencies"]}


def test_every_imported_package_is_asked_for() -> None:
    owners = packages_distributions()
    missing = {
        f"{file.relative_to(ROOT)} {name}"
        for file in python_files(SOURCE)
        for _, name in imported_packages(parsed(file))
        if name not in sys.stdlib_module_names | OUR_OWN
        and not {normal(owner) for owner in owners.get(name, ())} & asked_for()
    }
    assert sorted(missing) == []
