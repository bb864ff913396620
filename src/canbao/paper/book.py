"""The two books an office keeps beside the machine, written from the law: data dictionary and rule book."""

from __future__ import annotations

from pathlib import Path

from canbao.law.reader import Law
from canbao.paper.data_dictionary import data_dictionary
from canbao.paper.rule_book import rule_book


def books(law: Law) -> dict[str, str]:
    """The books as Markdown, file name to text; the same law gives the same bytes."""
    return {"data-dictionary.zh.md": data_dictionary(law), "rule-book.zh.md": rule_book(law)}


def write_books(folder: Path, law: Law) -> list[Path]:
    """Write the books into `folder` (made if missing) as UTF-8 and give back where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {folder / name: text for name, text in books(law).items()}
    for file, text in written.items():
        file.write_text(text, encoding="utf-8", newline="\n")
    return list(written)


def stale_books(folder: Path, law: Law) -> list[str]:
    """File names of the books in `folder` that are missing or say something else than the law."""
    return [name for name, text in books(law).items() if _read(folder / name) != text]


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
