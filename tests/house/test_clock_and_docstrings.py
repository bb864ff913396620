"""Law and core have no clock (a day is an argument), and what is public says what it takes and gives."""

from __future__ import annotations

import ast

import pytest
from source_tree import parsed, place, public_functions, room_files

CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime", "ctime"}
CLOCK_OWNERS = {"datetime", "date", "time"}


def readings_of_a_clock(tree: ast.Module) -> list[ast.AST]:
    """Uses of `datetime.now`, `date.today`, `time.time` and their kin, and imports of the `time` module."""
    return [node for node in ast.walk(tree) if _reads_a_clock(node)]


def _reads_a_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name == "time" for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return node.module == "time"
    return isinstance(node, ast.Attribute) and node.attr in CLOCKS and _owner(node.value) in CLOCK_OWNERS


def _owner(value: ast.expr) -> str:
    if isinstance(value, ast.Attribute):
        return value.attr
    return value.id if isinstance(value, ast.Name) else ""


@pytest.mark.parametrize(
    "text",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import date\ndate.today()",
        "from datetime import datetime\ndatetime.utcnow()",
        "import time",
        "from time import time",
        "default = date.today",
    ],
)
def test_each_clock_is_seen(text: str) -> None:
    assert readings_of_a_clock(ast.parse(text))


def test_a_time_of_day_is_no_clock() -> None:
    assert not readings_of_a_clock(ast.parse("from datetime import date, time\nday = date(2017, 6, 30)\ntime(0)"))


def test_law_and_core_have_no_clock() -> None:
    found = [place(file, node) for file in room_files("law", "core") for node in readings_of_a_clock(parsed(file))]
    assert found == []


@pytest.mark.parametrize("room", ["law", "core", "batch", "paper"])
def test_public_functions_have_docstrings(room: str) -> None:
    silent = [
        f"{place(file, function)} {function.name}"
        for file in room_files(room)
        for function in public_functions(file)
        if not ast.get_docstring(function)
    ]
    assert silent == []
