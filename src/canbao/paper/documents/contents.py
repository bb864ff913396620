"""What goes into a template: JSON with codes and pictures in it, and days as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from canbao.law.wording import filled

LONGEST_CODE = 200
LONGEST_LINK = 340
"""Bytes of address and figures together: 73 modules a side, a third of a millimetre each at 25 mm."""
FIGURES_OF_A_BYTE = 2.4
Row = TypeVar("Row")
Leaf = dict[str, Any]
"""What one leaf of a paper shows, by names its template knows: text, numbers, lists, pictures as bytes, `code(…)`."""


@dataclass(frozen=True)
class SelfFilling:
    """A one-use code by which somebody fills in their own form: the address the QR code leads to, the code as people
    type it, and the last day it is good for."""

    address: str
    code: str
    until: date


def code(text: str) -> dict[str, str] | None:
    """A QR code of a text, drawn when the leaf is compiled; None for no text; raises ValueError for a long one, whose
    modules would be too fine for a phone."""
    if len(text.encode(errors="replace")) > LONGEST_CODE:
        raise ValueError(f"二维码的内容有 {len(text)} 个字，太长，扫不出来；最多 {LONGEST_CODE} 个字节")
    return {"qr": text} if text else None


def linked_code(address: str, figures: str) -> dict[str, str]:
    """A QR code of an address that ends in many figures, which take 3.3 bits each; raises ValueError for too many."""
    if len(address.encode()) + len(figures) / FIGURES_OF_A_BYTE > LONGEST_LINK or not figures.isdecimal():
        raise ValueError("二维码的内容太长，扫不出来；请缩短本系统的网址（CANBAO_PUBLIC_ADDRESS）")
    return {"qr": address, "figures": figures}


def day(given: date | None) -> str:
    """A day as an official paper writes it, e.g. 2017年5月1日; empty for none."""
    return f"{given.year}年{given.month}月{given.day}日" if given else ""


def paged(rows: Sequence[Row], most: int) -> Iterator[tuple[int, int, list[tuple[int, Row]]]]:
    """Each page's number, how many pages there are, and the page's rows, numbered from 1 through all pages; without
    rows it is one empty page."""
    pages = max(1, -(-len(rows) // most))
    for page in range(pages):
        first = page * most
        yield page + 1, pages, [*enumerate(rows[first : first + most], first + 1)]


def check_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    """Raises ValueError unless there is a width for each column, and in each row a cell."""
    if any(len(row) != len(columns) for row in rows) or len(widths) != len(columns):
        raise ValueError(f"表格“{'、'.join(columns)}”的列数与各行或列宽不一致")


def paragraphs(text: str, values: Mapping[str, str]) -> list[str]:
    """A text of the wording with its values, one entry for each line that isn't empty."""
    return [line.strip() for line in filled(text, values).split("\n") if line.strip()]


def self_filling(invited: SelfFilling | None, text: str) -> Leaf | None:
    """The corner of a letter or notice that lets somebody fill in their own form; None if they are not invited."""
    if invited is None:
        return None
    values = {"code": invited.code, "until": day(invited.until)}
    return {"lines": paragraphs(text, values), "code": invited.code, "qr": code(invited.address)}
