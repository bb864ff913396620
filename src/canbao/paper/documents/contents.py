"""What goes into a template: JSON with codes and pictures in it, and days as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from canbao.law.wording import filled

LONGEST_CODE = 200
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


def day(given: date | None) -> str:
    """A day as an official paper writes it, e.g. 2017年5月1日; empty for none."""
    return f"{given.year}年{given.month}月{given.day}日" if given else ""


def span_of_days(begins: date | None, ends: date | None) -> str:
    """From when to when; empty if neither is known."""
    return f"{day(begins)}至{day(ends)}" if begins or ends else ""


def paragraphs(text: str, values: Mapping[str, str]) -> list[str]:
    """A text of the wording with its values, one entry for each line that isn't empty."""
    return [line.strip() for line in filled(text, values).split("\n") if line.strip()]


def self_filling(invited: SelfFilling | None, text: str) -> Leaf | None:
    """The corner of a letter or notice that lets somebody fill in their own form; None if they are not invited."""
    if invited is None:
        return None
    values = {"code": invited.code, "until": day(invited.until)}
    return {"lines": paragraphs(text, values), "code": invited.code, "qr": code(invited.address)}
