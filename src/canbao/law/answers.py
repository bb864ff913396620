"""What the answer to an objection says besides the decision: its title, and how to object further; by area, cited."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from canbao.law.models import Cited
from canbao.law.reader import HOME, LawError, read_each, read_law


class AnswerSheet(Cited):
    """The words of an area, written as the leading digits of its code; those of the longest one that fits hold."""

    area: str = Field(pattern=r"^\d{2,12}$")
    title: str
    approved: str
    approved_without_items: str
    refused: str
    further: tuple[str, ...] = Field(min_length=1)


@cache
def read_answers(home: Path = HOME) -> dict[str, AnswerSheet]:
    """Every sheet by its area; raises LawError for one that can't be read, is there twice or cites nothing known."""
    written = read_each(home / "answers.yaml", AnswerSheet)
    sheets = {sheet.area: sheet for sheet in written}
    if len(sheets) != len(written) or "44" not in sheets:
        raise LawError("answers.yaml：同一范围只能写一次，全省（44）必须写")
    for sheet in sheets.values():
        if sheet.source not in read_law().instruments:
            raise LawError(f"answers.yaml 的 {sheet.area}：依据 {sheet.source} 不在 instruments.yaml 中")
    return sheets


def answer_sheet(area: str, home: Path = HOME) -> AnswerSheet:
    """The sheet that holds in an area, which is the province's where neither county nor city has its own."""
    sheets = read_answers(home)
    return sheets[max((known for known in sheets if area.startswith(known)), key=len, default="44")]
