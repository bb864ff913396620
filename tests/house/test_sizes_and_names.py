"""Files and functions stay small, and no folder or file is a drawer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from source_tree import ROOT, SOURCE, functions, place, python_files

CODE = [
    folder
    for folder in (ROOT / "src", ROOT / "client", ROOT / "tests", ROOT / "benchmarks", ROOT / "law-data")
    if folder.exists()
]
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "lib", "shared", "services", "stuff", "tools"}


def test_no_drawers() -> None:
    named = [path for path in sorted(SOURCE.rglob("*")) if path.is_dir() or path.suffix == ".py"]
    assert [str(path.relative_to(ROOT)) for path in named if path.stem in DRAWERS] == []


def test_names_are_whole_words_in_lower_case() -> None:
    """Migrations begin with the number that gives their order."""
    named = [file for file in python_files(*CODE) if file.parent.name != "migrations"]
    odd = [file for file in named if not re.fullmatch(r"__\w+__|[a-z][a-z0-9_]+", file.stem)]
    assert [place(file) for file in odd] == []


@pytest.mark.parametrize("folder", CODE, ids=lambda folder: folder.name)
def test_files_have_at_most_400_lines(folder: Path) -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in python_files(folder)}
    assert [f"{place(file)} 有 {lines} 行" for file, lines in lengths.items() if lines > 400] == []


@pytest.mark.parametrize("folder", CODE, ids=lambda folder: folder.name)
def test_functions_have_at_most_60_lines(folder: Path) -> None:
    long = [
        f"{place(file, function)} {function.name}"
        for file in python_files(folder)
        for function in functions(file)
        if (function.end_lineno or 0) - function.lineno + 1 > 60
    ]
    assert long == []


def test_nine_functions_in_ten_have_at_most_25_lines() -> None:
    lengths = [
        (function.end_lineno or 0) - function.lineno + 1
        for file in python_files(SOURCE)
        for function in functions(file)
    ]
    assert sum(length <= 25 for length in lengths) >= 0.9 * len(lengths)
