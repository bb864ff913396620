"""The folder in which partners drop files: what is whole is taken, and moved to `done` or `refused` with a word on it.

Killed in the middle, a file is taken once more, and no row twice.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from canbao.registry.access import Refused
from canbao.registry.actions.drops import in_words, take
from canbao.registry.dropped_files import dropped_name
from canbao.registry.partners import PartnerRefused

SIGNATURE = ".sig"
DONE, TURNED_AWAY = "done", "refused"
_later: dict[str, float] = {}
"""Partners of whom no more is taken for now, by code: till when."""


def take_folder(folder: Path) -> int:
    """Take the files of which both parts are there, in the order of their numbers; returns how many were moved.

    A file that may not be taken yet, because of limits or since too much waits, stays where it is.
    """
    moved = 0
    for signature in sorted(folder.glob(f"*{SIGNATURE}"), key=_order):
        file = signature.with_suffix("")
        if not os.path.lexists(file):
            _tidy(signature)
        elif _later.get(_order(signature)[0], 0) <= time.monotonic():
            moved += _take(file, signature)
    return moved


def _order(signature: Path) -> tuple[str, int]:
    try:
        named = dropped_name(signature.with_suffix("").name)
    except Refused:
        return signature.name, 0
    return named.partner, named.first


def _take(file: Path, signature: Path) -> int:
    try:
        where, words = DONE, in_words(take(file, signature))
    except PartnerRefused as refusal:
        if refusal.status == 429:
            _later[_order(signature)[0]] = time.monotonic() + refusal.more.get("seconds", 60)
            return 0
        where, words = TURNED_AWAY, str(refusal)
    except Refused as refusal:
        where, words = TURNED_AWAY, str(refusal)
    _move(file, signature, where, words)
    return 1


def _move(file: Path, signature: Path, where: str, words: str) -> None:
    """The word first, then the file, then its signature: whatever is missing of this is done the next time."""
    folder = file.parent / where
    folder.mkdir(exist_ok=True)
    (folder / f"{file.name}.txt").write_text(words + "\n", encoding="utf-8")
    file.replace(folder / file.name)
    signature.replace(folder / signature.name)


def _tidy(signature: Path) -> None:
    """Move a signature after its file, from which it was torn away; one whose file is yet to come stays."""
    for where in (DONE, TURNED_AWAY):
        folder = signature.parent / where
        if os.path.lexists(folder / signature.with_suffix("").name) and not (folder / signature.name).exists():
            signature.replace(folder / signature.name)
            return
