"""The source tree as the house rules see it: its files and the functions in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "canbao"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: Path) -> list[Path]:
    """Every Python file below the folders, in a fixed order."""
    return [file for folder in folders for file in sorted(folder.rglob("*.py"))]


def room_files(*rooms: str) -> list[Path]:
    """Every Python file of the rooms, e.g. `law` and `core`."""
    return python_files(*(SOURCE / room for room in rooms))


def parsed(file: Path) -> ast.Module:
    """The file as a syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def place(file: Path, node: ast.AST | None = None) -> str:
    """Where a fault is, as an editor opens it: path and line."""
    return f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def functions(file: Path) -> Iterator[Function]:
    """Every function and method of a file, nested ones too."""
    return (node for node in ast.walk(parsed(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def public_functions(file: Path) -> Iterator[Function]:
    """Functions of the module and methods of its public classes whose names don't begin with an underscore."""
    yield from _public(parsed(file))


def _public(scope: ast.Module | ast.ClassDef) -> Iterator[Function]:
    for node in scope.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if isinstance(node, ast.ClassDef):
                yield from _public(node)
            else:
                yield node
