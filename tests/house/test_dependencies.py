"""What the program imports, it asks for: a package that only the tests are given is missing where the program runs."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from source_tree import ROOT, parsed, python_files
from test_rooms import imported_packages

SOURCE = ROOT / "src" / "canbao"
CLIENT = ROOT / "client"
OUR_OWN = {"canbao"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(folder: Path = ROOT) -> set[str]:
    """The packages that a folder's pyproject.toml asks for, without the tests'."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in project["dependencies"]}


def strangers(source: Path, own: set[str], asked: set[str]) -> list[str]:
    """What files import that is neither Python's, nor our own, nor asked for."""
    owners = packages_distributions()
    return sorted(
        f"{file.relative_to(ROOT)} {name}"
        for file in python_files(source)
        for _, name in imported_packages(parsed(file))
        if name not in sys.stdlib_module_names | own and not {normal(owner) for owner in owners.get(name, ())} & asked
    )


def test_every_imported_package_is_asked_for() -> None:
    assert strangers(SOURCE, OUR_OWN, asked_for()) == []


def test_the_client_stands_on_its_own() -> None:
    assert strangers(CLIENT / "src", {"canbao_client"}, asked_for(CLIENT)) == []
