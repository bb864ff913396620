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
    """The packaged fonts with those in folders of one's own (`own`, a tuple), which come before the last resort."""
    packaged = (Path(pylopdf_fonts_zh_cn.__file__).parent, Path(noto_cjk_sans_otc.__file__).parent)
    families = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(map(str, own)))
    between = tuple(families.families()) if own else ()
    files = [file for folder in (*packaged, *own) for file in _font_files(folder)]
    return Fonts(
        song=(SONG, *between, RARE),
        hei=(HEI, *between, RARE),
        folders=(*packaged, *own),
        characters=frozenset(filter(_has_a_shape, set().union(*map(_characters, files)))) | {ord("\n")},
        fingerprint=hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest(),
    )


def _font_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in {".otf", ".ttf", ".ttc", ".otc"})


def _characters(file: Path) -> frozenset[int]:
    """What a font file can show; the faces of a collection of ours have the same characters."""
    with TTFont(file, lazy=True, fontNumber=0) as face:
        return frozenset(face.getBestCmap())


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
