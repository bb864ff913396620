"""The seal: a hidden sheet that says what was handed out, so that a foreign or altered spreadsheet is known."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest

from canbao.survey.spreadsheets.refusal import FRESH, UPLOADED, SheetRefused
from canbao.survey.spreadsheets.template import Column, Stamp, TaskRow, Template

SEAL_SHEET = "印记"
PURPOSE = b"canbao survey spreadsheet 1\n"
Lines = list[list[str]]
"""Lines of text cells."""


def sealed(template: Template, key: bytes) -> Lines:
    """The hidden sheet's lines, the seal in the first: HMAC-SHA256 over stamp, columns, tasks, numbers and names."""
    lines = [_trimmed(line) for line in _lines(template)]
    return [["seal", _seal(lines, key)], *lines]


def unsealed(lines: Lines, key: bytes | None) -> Template:
    """The template that hidden lines tell of; raises SheetRefused where they are not ours.

    Without a `key` the seal is not looked at; that is for what has been looked at before.
    """
    lines = [_trimmed(line) for line in lines]
    given = lines[0][1] if lines and len(lines[0]) == 2 else ""
    if key is not None and not hmac.compare_digest(given.encode(), _seal(lines[1:], key).encode()):
        raise SheetRefused(UPLOADED, "不是本系统发出的模板，或印记被改动过", FRESH)
    try:
        return _template(lines[1:])
    except (IndexError, KeyError, ValueError) as problem:
        raise SheetRefused(UPLOADED, "模板的印记不完整", FRESH) from problem


def _seal(lines: Lines, key: bytes) -> str:
    said = json.dumps(lines, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, PURPOSE + said.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _trimmed(line: Sequence[str]) -> list[str]:
    """The line without empty cells at its end: a spreadsheet has as many cells in each line as in the longest."""
    end = max((place for place, text in enumerate(line, 1) if text), default=0)
    return list(line[:end])


def _lines(template: Template) -> Iterable[list[str]]:
    stamp = template.stamp
    yield ["sheet", template.sheet, template.mark, *template.rules]
    if stamp is not None:
        yield [
            "stamp", str(stamp.campaign), stamp.place, str(stamp.form_version), str(stamp.officer),
            stamp.taken_at.isoformat(),
        ]  # fmt: skip
    for one in template.columns:
        told = [one.id, one.label, str(one.width), "1" if one.is_open else "0"]
        yield ["column", *told, one.section, one.needed, one.asked, one.hint]
        yield ["options", *one.options]
    for row in template.rows:
        before = (row.prefill.get(column.id, "") for column in template.open_columns)
        yield ["row", str(row.task), row.name, row.ssn, row.village, *before]


def _template(lines: Lines) -> Template:
    by_kind: dict[str, Lines] = {"sheet": [], "stamp": [], "column": [], "options": [], "row": []}
    for kind, *cells in lines:
        by_kind[kind].append(cells)
    sheet, mark, *rules = by_kind["sheet"][0]
    columns = [_column(*pair) for pair in zip(by_kind["column"], by_kind["options"], strict=True)]
    opened = [column.id for column in columns if column.is_open]
    rows = tuple(_row(cells, opened) for cells in by_kind["row"])
    stamp = _stamp(*by_kind["stamp"][0]) if by_kind["stamp"] else None
    return Template(sheet, mark, tuple(rules), tuple(columns), stamp, rows)


def _stamp(campaign: str, place: str, form_version: str, officer: str, taken_at: str) -> Stamp:
    return Stamp(int(campaign), place, int(form_version), int(officer), datetime.fromisoformat(taken_at))


def _column(cells: list[str], options: list[str]) -> Column:
    id_, label, width, is_open, section, needed, asked, hint = [*cells, "", "", "", ""][:8]
    return Column(id_, label, int(width), is_open == "1", section, needed, asked, hint, tuple(options))


def _row(cells: list[str], opened: list[str]) -> TaskRow:
    task, name, ssn, village = [*cells, "", "", ""][:4]
    before = dict(zip_longest(opened, cells[4 : 4 + len(opened)], fillvalue=""))
    return TaskRow(int(task), name, ssn, village, {name: text for name, text in before.items() if text})
