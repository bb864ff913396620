"""Records cut into chunks that a child compiles: each is all it needs, under a name that binds it to its content."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from canbao.paper.documents.contents import Leaf
from canbao.paper.documents.fonts import Fonts, printable
from canbao.paper.documents.kinds import Kind, templates
from canbao.paper.documents.pictures import PictureError, prepared

PICTURES = {"photo": "照片", "seal": "印章"}
LONGEST_TEXT = 20_000
ENGINE = "typst {} segno {}".format(*map(version, ("typst", "segno")))


class PrintError(ValueError):
    """Something that can't be printed; the message names the record by its place and the remedy, in Chinese."""


@dataclass(frozen=True)
class Chunk:
    """Parts to compile together, as the files a template reads; `done` is how many records are whole with it."""

    name: str
    files: dict[str, bytes]
    folders: tuple[str, ...]
    first: int
    done: int
    missing: tuple[tuple[int, str], ...]

    def job(self, **more: str) -> bytes:
        """What a child reads: files, folders of fonts, and what else it is to know."""
        files = {name: base64.b64encode(content).decode() for name, content in self.files.items()}
        return json.dumps({"files": files, "folders": self.folders, **more}).encode()


@dataclass
class _Filling:
    """Parts that will be the next chunk."""

    first: int = 0
    leaves: list[Any] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    missing: dict[tuple[int, str], None] = field(default_factory=dict)


def chunks(kind: Kind, wording: Mapping[str, str], records: Sequence[Any], fonts: Fonts, size: int) -> Iterator[Chunk]:
    """Cut records into chunks of `size` leaves, one after the other, so that few are in memory; raises PrintError for
    a record that can't be printed."""
    files = templates(kind.name)
    filling = _Filling()
    for index in range(len(records)):
        for leaf in _leaves_of(kind, wording, records[index], index):
            if len(filling.leaves) == size:
                yield _closed(filling, files, fonts, done=index)
                filling = _Filling(first=index)
            filling.leaves.append(_Preparing(fonts, filling, index).ready(leaf))
    if filling.leaves:
        yield _closed(filling, files, fonts, done=len(records))


def _leaves_of(kind: Kind, wording: Mapping[str, str], record: Any, index: int) -> Iterator[Leaf]:
    if not isinstance(record, kind.record):
        raise PrintError(f"第 {index + 1} 条记录不是《{kind.title}》的内容")
    try:
        yield from kind.leaves(record, wording)
    except ValueError as problem:
        raise PrintError(f"第 {index + 1} 条记录：{problem}") from problem


def _closed(filling: _Filling, templates: Mapping[str, bytes], fonts: Fonts, done: int) -> Chunk:
    data = {"fonts": {"song": fonts.song, "hei": fonts.hei}, "leaves": filling.leaves}
    files = {**templates, **filling.pictures, "data.json": json.dumps(data, ensure_ascii=False).encode()}
    folders = tuple(map(str, fonts.folders))
    missing = tuple(filling.missing)
    return Chunk(_name(files, fonts), files, folders, filling.first, done, missing)


def _name(files: Mapping[str, bytes], fonts: Fonts) -> str:
    """A name that only the same content, set by the same engine in the same fonts, can have."""
    whole = hashlib.sha256(f"{ENGINE} {fonts.fingerprint}".encode())
    for name in sorted(files):
        whole.update(f"\0{name}\0{len(files[name])}\0".encode() + files[name])
    return whole.hexdigest()


@dataclass(frozen=True)
class _Preparing:
    """One record's leaf on its way into a chunk."""

    fonts: Fonts
    filling: _Filling
    index: int

    def ready(self, value: Any, name: str = "") -> Any:
        """The same shape with texts printable and pictures as names of files; `name` is the value's in the leaf."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bytes):
            return self._picture(value, name)
        if isinstance(value, dict):
            return value if set(value) == {"qr"} else {key: self.ready(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self.ready(one) for one in value]
        return value

    def _text(self, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            words = f"有一段文字有 {len(text):,} 个字，最多 {LONGEST_TEXT:,} 个，请删减"
            raise PrintError(f"第 {self.index + 1} 条记录：{words}")
        shown, missing = printable(text, self.fonts.characters)
        self.filling.missing.update(dict.fromkeys((self.index, character) for character in missing))
        return shown

    def _picture(self, picture: bytes, what: str) -> str:
        try:
            content, suffix = prepared(picture)
        except PictureError as problem:
            raise PrintError(f"第 {self.index + 1} 条记录的{PICTURES[what]}：{problem}") from problem
        name = f"{hashlib.sha256(content).hexdigest()}.{suffix}"
        self.filling.pictures[name] = content
        return name
