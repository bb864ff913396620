"""Fills a survey's template as somebody at a spreadsheet would."""

from __future__ import annotations

from collections.abc import Callable

from spreadsheet_desk import cells_of, changed, column_of


def filled(content: bytes, write: Callable[[dict[str, str]], None], sheet: str = "登记") -> bytes:
    """A template with something written into each row: `write` changes a row's texts by question."""
    rows = cells_of(content)[sheet]
    heads = next(row for row in rows if "TASK" in row)
    edits = {}
    for line, row in enumerate(rows, 1):
        if line <= rows.index(heads) + 2 or not row[heads.index("TASK")]:
            continue
        said = {question: str(cell) for question, cell in zip(heads, row, strict=False)}
        before = dict(said)
        write(said)
        changes = {question: text for question, text in said.items() if text != before.get(question)}
        edits |= {f"{column_of(content, question, sheet)}{line}": text for question, text in changes.items()}
    return changed(content, edits, sheet)
