"""Printing: chunks compiled by a few children, kept in a folder of work, joined to one PDF by one rename.

Whoever is killed starts again with the same arguments and folder: finished chunks are found by the name of their
content and not compiled again. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter

from canbao.law.wording import WordingError, checked_wording, read_wording
from canbao.paper.documents.appearing import appearing
from canbao.paper.documents.chunks import Chunk, PrintError, chunks
from canbao.paper.documents.fonts import Fonts, fonts, printable
from canbao.paper.documents.kinds import KINDS

__all__ = ["PrintError", "Printed", "Stopped", "picture", "preview", "print_documents"]

LEAVES_OF_A_CHUNK = 200
CHILDREN = min(2, os.cpu_count() or 1)
ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "LANG")
"""What a child may know of its parent's environment: where things are, and no keys or passwords."""


class Stopped(Exception):
    """`announce` said not to go on; nothing was written but finished chunks."""


@dataclass(frozen=True)
class Printed:
    """How many pages the file has, its SHA-256, and (record, character) for each character printed as 〓."""

    pages: int
    sha256: str
    missing_glyphs: tuple[tuple[int, str], ...]


def print_documents(
    kind: str,
    wording: Mapping[str, str],
    records: Sequence[Any],
    out: Path,
    work: Path,
    announce: Callable[[int], bool],
    own_fonts: Sequence[Path] = (),
) -> Printed:
    """Print records of a kind (a key of KINDS) to one PDF at `out`; chunks lie in `work` until it is there.

    `announce` is told after each chunk how many records are done and answers whether to go on. Raises Stopped,
    WordingError, PrintError (a record, photo or seal that can't be printed, or no records), FontError, OSError for a
    full disk. `work` is the caller's to remove: a killed run leaves chunks with people's data in it.
    """
    if not len(records):
        raise PrintError("没有要打印的记录，请先选定范围")
    work.mkdir(parents=True, exist_ok=True)
    chosen = fonts(tuple(own_fonts))
    cut = chunks(KINDS[kind], _words(kind, wording, chosen), records, chosen, LEAVES_OF_A_CHUNK)
    files: list[Path] = []
    missing: list[tuple[int, str]] = []
    for chunk, file in _compiled_in_order(cut, work):
        files.append(file)
        missing += chunk.missing
        if not announce(chunk.done):
            raise Stopped
    pages = _join(files, out, KINDS[kind].title)
    for file in set(files):
        file.unlink(missing_ok=True)
    return Printed(pages, _sha256(out), tuple(dict.fromkeys(missing)))


def preview(kind: str, wording: Mapping[str, str], record: Any, own_fonts: Sequence[Path] = ()) -> bytes:
    """One record as PDF; raises WordingError and PrintError."""
    return _shown(kind, wording, record, fonts(tuple(own_fonts)), "pdf")


def picture(kind: str, wording: Mapping[str, str], record: Any, own_fonts: Sequence[Path] = ()) -> bytes:
    """The first page of one record as PNG, to be looked at on a screen; raises WordingError and PrintError."""
    return _shown(kind, wording, record, fonts(tuple(own_fonts)), "png")


def _shown(kind: str, wording: Mapping[str, str], record: Any, chosen: Fonts, form: str) -> bytes:
    cut = chunks(KINDS[kind], _words(kind, wording, chosen), [record], chosen, LEAVES_OF_A_CHUNK)
    with tempfile.TemporaryDirectory(prefix="canbao-paper-") as folder, _children() as children:
        child = _Child(next(cut), Path(folder), form)
        children.append(child)
        return child.finished().read_bytes()


def _words(kind: str, wording: Mapping[str, str], chosen: Fonts) -> dict[str, str]:
    """The wording as it can be printed; raises WordingError also for a character that no font has, for it would be
    missing on every page."""
    checked = checked_wording(kind, wording)
    missing = {text.name: printable(checked[text.key], chosen.characters)[1] for text in read_wording()[kind].texts}
    faults = [
        f"《{KINDS[kind].title}》的“{name}”里的“{'、'.join(characters)}”没有字体能印出来，请换一个字"
        for name, characters in missing.items()
        if characters
    ]
    if faults:
        raise WordingError(faults)
    return checked


class _Child:
    """A process that compiles one chunk, unless its file is there already."""

    def __init__(self, chunk: Chunk, work: Path, form: str = "pdf") -> None:
        self.chunk = chunk
        self.file = work / f"{chunk.name}.{form}"
        self.process = None if self.file.exists() else self._started(form)

    def _started(self, form: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "canbao.paper.documents.compiling"]
        known = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=known)
        assert process.stdin
        try:
            process.stdin.write(self.chunk.job(out=str(self.file.absolute()), format=form))
            process.stdin.close()
        except BrokenPipeError:  # it has died; `finished` says so
            pass
        return process

    def finished(self) -> Path:
        """Wait for it; the file."""
        if self.process:
            assert self.process.stderr
            said = self.process.stderr.read().decode(errors="replace").strip()
            if self.process.wait():
                what = f"第 {self.chunk.first + 1} 至 {max(self.chunk.done, self.chunk.first + 1)} 条记录排版失败"
                reason = (said.splitlines() or [f"状态 {self.process.returncode}"])[-1]
                raise PrintError(f"{what}（{reason}）；请把这句话告诉系统管理员")
        return self.file


@contextmanager
def _children() -> Iterator[deque[_Child]]:
    """Running children; whatever happens, none outlives this."""
    running: deque[_Child] = deque()
    try:
        yield running
    finally:
        for child in running:
            if child.process:
                child.process.kill()
                child.process.wait()


def _compiled_in_order(cut: Iterator[Chunk], work: Path) -> Iterator[tuple[Chunk, Path]]:
    """Chunks as their files are there, in their order, a few at a time."""
    with _children() as running:
        for chunk in cut:
            running.append(_Child(chunk, work))
            if len(running) > CHILDREN - 1:
                yield running[0].chunk, running[0].finished()
                running.popleft()
        while running:
            yield running[0].chunk, running[0].finished()
            running.popleft()


def _join(files: Sequence[Path], out: Path, title: str) -> int:
    """Join the files at `out` by one rename; the number of pages."""
    writer = PdfWriter()
    for file in files:
        writer.append(PdfReader(file), import_outline=False)
    writer.add_metadata({"/Title": title, "/Producer": "Canbao"})
    with appearing(out) as opened:
        writer.write(opened)
    return len(writer.pages)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
