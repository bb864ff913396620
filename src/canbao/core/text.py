"""Text in its one normal form: NFKC, nothing that can't be seen, no blanks at the ends."""

from __future__ import annotations

import unicodedata

UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Unicode categories of control, format (zero-width, bidirectional), line and paragraph separator characters."""

UNSEEN_OTHERS = frozenset(
    [0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
)
"""Characters of other categories that take no room: joiner, Hangul fillers, variation selectors."""


def normalise_text(raw: str) -> str:
    """The text in Unicode form NFKC without control, zero-width or bidirectional characters, trimmed.

    Blanks inside stay; a line break inside is a control character and goes. Normalising twice changes nothing.
    """
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    seen = "".join(character for character in raw if not _is_unseen(character))
    return unicodedata.normalize("NFKC", seen).strip()


def without_blanks(text: str) -> str:
    """The text without any blank, of whatever width."""
    return "".join(text.split())


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in UNSEEN_CATEGORIES or ord(character) in UNSEEN_OTHERS
