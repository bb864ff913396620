"""A PDF read back as others would: its text, its size in mm, its codes from a picture, what lies on what."""

from __future__ import annotations

import re

import numpy
import pypdfium2
import zxingcpp

MILLIMETRES_OF_A_POINT = 25.4 / 72
UNSEEN = "\u200b \r\n\ufffe"


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page without blanks, for CJK text is put in pieces."""
    return [re.sub(r"\s|\u200b", "", page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(pdf)]


def sizes_of(pdf: bytes) -> set[tuple[int, int]]:
    """Width and height of the pages in whole mm."""
    pages = [page.get_size() for page in pypdfium2.PdfDocument(pdf)]
    return {tuple(round(side * MILLIMETRES_OF_A_POINT) for side in size) for size in pages}


def codes_of(pdf: bytes, page: int = 0, dots_an_inch: int = 200) -> list[str]:
    """What the QR codes on a page say, read from its picture."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=dots_an_inch / 72).to_numpy()
    return [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


def collisions(pdf: bytes) -> list[str]:
    """Pairs of characters that lie on one another, and characters beyond the page, as page and characters."""
    return [f"{at + 1}: {fault}" for at, page in enumerate(pypdfium2.PdfDocument(pdf)) for fault in _collisions(page)]


def _collisions(page: pypdfium2.PdfPage) -> list[str]:
    text = page.get_textpage()
    seen = [(text.get_charbox(at), text.get_text_range(at, 1).strip(UNSEEN)) for at in range(text.count_chars())]
    shown = [(box, mark) for box, mark in seen if mark and box[2] - box[0] > 1 and box[3] - box[1] > 1]
    if not shown:
        return []
    boxes = numpy.array([box for box, _ in shown])
    left, bottom, right, top = boxes.T
    width = numpy.minimum.outer(right, right) - numpy.maximum.outer(left, left)
    height = numpy.minimum.outer(top, top) - numpy.maximum.outer(bottom, bottom)
    common = width.clip(0) * height.clip(0)
    smaller = numpy.minimum.outer(*([(right - left) * (top - bottom)] * 2))
    pairs = zip(*numpy.nonzero(numpy.triu(common > 0.25 * smaller, 1)), strict=True)
    outside = (left < 0) | (bottom < 0) | (right > page.get_width()) | (top > page.get_height())
    over = [shown[at][1] for at in numpy.nonzero(outside)[0]]
    return [f"{shown[one][1]} on {shown[other][1]}" for one, other in pairs] + [f"{mark} outside" for mark in over]
