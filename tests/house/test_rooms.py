"""Imports only go down. Each contract is shown to catch the fault it is there for."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from source_tree import ROOT, SOURCE, parsed, place, room_files

LAYERS = "Imports only go down"
WEB = "law, core, batch and paper know no Django"
ENGINE = "Only batch knows an engine"
FRONT_DOOR = "The front door asks batch and never an engine"

FAULTS = [
    (LAYERS, "law/planted.py", "import canbao.core"),
    (LAYERS, "law/planted.py", "import canbao.batch"),
    (LAYERS, "core/planted.py", "import canbao.batch"),
    (LAYERS, "core/planted.py", "def late():\n    import canbao.paper"),
    (LAYERS, "batch/planted.py", "import canbao.paper"),
    (LAYERS, "paper/planted.py", "import canbao.batch"),
    (LAYERS, "batch/planted.py", "import canbao.commands"),
    (LAYERS, "commands/planted.py", "import canbao.__main__"),
    (LAYERS, "utils/__init__.py", ""),
    (WEB, "law/planted.py", "import django"),
    (WEB, "core/planted.py", "from django.db import models"),
    (WEB, "batch/planted.py", "from django.conf import settings"),
    (WEB, "paper/planted.py", "import ninja"),
    (ENGINE, "law/planted.py", "import pyarrow"),
    (ENGINE, "core/planted.py", "import duckdb"),
    (ENGINE, "paper/planted.py", "import duckdb"),
    (ENGINE, "core/planted.py", "from pyspark.sql import SparkSession"),
    (FRONT_DOOR, "commands/planted.py", "import duckdb"),
]

# Rooms that are drawn in the plan and not built yet: the contract must hold them from the day they appear.
FUTURE_FAULTS = [
    ("office", "api"),
    ("api", "office"),
    ("survey", "office"),
    ("registry", "survey"),
    ("registry", "batch"),
    ("registry", "paper"),
    ("batch", "registry"),
    ("core", "registry"),
]

THIRD_PARTY = {
    "law": {"pydantic", "yaml"},
    "core": {"sqlglot"},
    "paper": {
        *("jinja2", "xlsxwriter"),
        *("typst", "segno", "pypdf", "PIL", "fontTools", "pylopdf_fonts_zh_cn", "noto_cjk_sans_otc"),  # 0021-paper
    },
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source and its contracts, to plant faults in."""
    shutil.copytree(SOURCE, tmp_path / "src" / "canbao", ignore=shutil.ignore_patterns("__pycache__", "*.yaml"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(project: Path) -> set[str]:
    """The names of the contracts that `lint-imports` finds broken in a project."""
    finished = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    broken = {line.removesuffix(" BROKEN") for line in finished.stdout.splitlines() if line.endswith(" BROKEN")}
    assert "Contracts:" in finished.stdout, finished.stdout + finished.stderr
    assert bool(broken) == bool(finished.returncode)
    return broken


def plant(project: Path, path: str, text: str) -> None:
    file = project / "src" / "canbao" / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")


def test_the_tree_keeps_every_contract() -> None:
    assert broken_contracts(ROOT) == set()


def test_a_copy_without_faults_keeps_every_contract(copy: Path) -> None:
    assert broken_contracts(copy) == set()


@pytest.mark.parametrize(("contract", "path", "text"), FAULTS)
def test_a_planted_fault_is_found(copy: Path, contract: str, path: str, text: str) -> None:
    plant(copy, path, text)
    assert contract in broken_contracts(copy)


@pytest.mark.parametrize(("importer", "imported"), FUTURE_FAULTS)
def test_rooms_not_built_yet_are_held_too(copy: Path, importer: str, imported: str) -> None:
    for room in (importer, imported):
        if not (copy / "src" / "canbao" / room).exists():
            plant(copy, f"{room}/__init__.py", "")
    plant(copy, f"{importer}/planted.py", f"import canbao.{imported}")
    assert LAYERS in broken_contracts(copy)


@pytest.mark.parametrize("room", THIRD_PARTY)
def test_a_room_takes_only_the_packages_it_is_given(room: str) -> None:
    allowed = THIRD_PARTY[room] | {"canbao"} | sys.stdlib_module_names
    strangers = [
        f"{place(file, node)} {name}"
        for file in room_files(room)
        for node, name in imported_packages(parsed(file))
        if name not in allowed
    ]
    assert strangers == []


def imported_packages(tree: ast.Module) -> list[tuple[ast.AST, str]]:
    """Each import with the package at its root; relative imports stay inside and don't count."""
    found: list[tuple[ast.AST, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node, alias.name.split(".")[0]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.append((node, node.module.split(".")[0]))
    return found
