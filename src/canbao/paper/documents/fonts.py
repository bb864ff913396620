"""The fonts papers are set in, and which characters they have.

Song (宋体) for text and hei (黑体) for headings come from one package, a second one has 2,365 characters beyond the
basic plane; a province that has a font of its own with still more names its folder.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import noto_cjk_sans_otc
import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont

SONG, HEI, RARE = "Noto Serif SC", "Noto Sans SC", "Noto Sans CJK SC"
NO_GLYPH = "〓"
"""What is printed for a character that no font has: the compositor's mark for it, to be corrected by hand."""
UNSEEN = {"Cc", "Cf"}
VARIATION_SELECTORS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


class FontError(ValueError):
    """A folder of one's own without a font in it; the message names it, in Chinese."""


@dataclass(frozen=True)
class Fonts:
    """Families in the order in which a glyph is looked for, the folders they lie in, all characters they have
    together, and a fingerprint of the files."""

    song: tuple[str, ...]
    hei: tuple[str, ...]
    folders: tuple[Path, ...]
    characters: frozenset[int]
    fingerprint: str


@cache
def fonts(own: Sequence[Path] = ()) -> Fonts:
    """The packaged fonts with those in folders of one's own (`own`, a tuple), which come before the last resort;
    raises FontError."""
    packaged = (Path(pylopdf_fonts_zh_cn.__file__).parent, Path(noto_cjk_sans_otc.__file__).parent)
    ours = [face for folder in packaged for face in _faces(folder) if face.family in (SONG, HEI, RARE)]
    theirs = [face for folder in own for face in _faces(folder)]
    between = tuple(dict.fromkeys(face.family for face in theirs))
    return Fonts(
        song=(SONG, *between, RARE),
        hei=(HEI, *between, RARE),
        folders=(*packaged, *own),
        characters=frozenset().union(*map(_characters, (*ours, *theirs))) | {ord("\n")},
        fingerprint=_fingerprint(sorted({str(face.path) for face in (*ours, *theirs)})),
    )


def _faces(folder: Path) -> list[typst.FontInfo]:
    """The faces that Typst can set from a folder, in a fixed order."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]).fonts()
    if not found:
        raise FontError(f"自备字体的目录 {folder} 里没有能用的字体（.otf、.ttf、.ttc），请检查路径和文件")
    return sorted(found, key=lambda face: (face.family, str(face.path), face.index))


def _fingerprint(files: list[str]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(Path(file).read_bytes()).digest() for file in files)).hexdigest()


def _characters(face: typst.FontInfo) -> frozenset[int]:
    """What a face can show."""
    number = face.index if str(face.path).lower().endswith("c") else -1
    with TTFont(str(face.path), lazy=True, fontNumber=number) as opened:
        return frozenset(filter(_has_a_shape, opened.getBestCmap()))


def _has_a_shape(point: int) -> bool:
    """Whether a character shows; fonts also list control characters, marks of direction and variation selectors."""
    return unicodedata.category(chr(point)) not in UNSEEN and point not in VARIATION_SELECTORS


def printable(text: str, known: frozenset[int]) -> tuple[str, list[str]]:
    """A text as it can be printed, and the characters in it that no font has, each once, in their order.

    Control characters, marks of direction and variation selectors are left out, for they have no shape of their own.
    """
    if known.issuperset(map(ord, text)):
        return text, []
    seen = [character for character in text.replace("\t", " ") if _has_a_shape(ord(character)) or character == "\n"]
    missing = dict.fromkeys(character for character in seen if ord(character) not in known)
    return "".join(NO_GLYPH if character in missing else character for character in seen), list(missing)
