"""The guide for those who go from door to door, and its one reader: every page cited, words as the law has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from canbao.law.consistency import twice, uncited
from canbao.law.guide_shapes import Block, Chapter, Items, Page, SelfTest, texts
from canbao.law.reader import HOME, Law, LawError, read_law, read_yaml

__all__ = ["Chapter", "Guide", "Page", "SelfTest", "read_guide", "texts"]


@dataclass(frozen=True)
class Guide:
    """All chapters by id, in the order in which they are learnt."""

    chapters: dict[str, Chapter]

    def exported(self, law: Law) -> list[dict[str, Any]]:
        """Every chapter as JSON can carry it, each page with its citation in words."""
        chapters = [one.model_dump(mode="json") for one in self.chapters.values()]
        for page in (page for chapter in chapters for page in chapter["pages"]):
            page["citation"] = law.citation(page.pop("source"), page.pop("clause"))
        return chapters


@cache
def read_guide(home: Path = HOME) -> Guide:
    """Every chapter, fields and codes named as the law calls them.

    Raises LawError naming the chapter, page and block that can't be trusted.
    """
    written = read_yaml(home / "guide.yaml")
    if not isinstance(written, list) or not written:
        raise LawError("guide.yaml：应当是各章的列表；请补全后再试")
    chapters = [_named(_chapter(entry)) for entry in written]
    pages = ((f"{chapter.id}/{page.id}", page) for chapter in chapters for page in chapter.pages)
    found = [*_twice(chapters), *uncited(pages, read_law())]
    if found:
        raise LawError("调查指南有误：\n" + "\n".join(found))
    return Guide({chapter.id: chapter for chapter in chapters})


def _chapter(entry: Any) -> Chapter:
    try:
        return Chapter.model_validate(entry)
    except ValidationError as problem:
        wrong = "；".join(f"{_place(entry, path)}：{said}" for path, said in _innermost(problem))
        raise LawError(f"guide.yaml 的 {wrong}；请补全后再试") from problem


def _innermost(problem: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Where something is wrong and what; not that what it is in is therefore wrong too (a list that lost an entry)."""
    errors = [(error["loc"], error["msg"]) for error in problem.errors()]
    for path, said in errors:
        if not any(other != path and other[: len(path)] == path for other, _ in errors):
            yield path, said


def _place(entry: Any, path: tuple[int | str, ...]) -> str:
    """Where in a chapter something is: `made/first/blocks/第3项/text`, by id where there is one."""
    named = [_id(entry)]
    for step in path:
        entry = _below(entry, step)
        if isinstance(step, int):
            named.append(_id(entry) if isinstance(entry, dict) and "id" in entry else f"第{step + 1}项")
        elif step != "pages" or entry is None:
            named.append(step)
    return "/".join(named)


def _below(entry: Any, step: int | str) -> Any:
    """The part that a step of a path leads to; a step that names a block's kind stays where it is."""
    try:
        return entry[step]
    except (KeyError, IndexError, TypeError):
        return entry if isinstance(entry, dict) and entry.get("kind") == step else None


def _id(entry: Any) -> str:
    return str(entry.get("id", "？")) if isinstance(entry, dict) else "？"


def _named(chapter: Chapter) -> Chapter:
    """The chapter with each field and code called what the law calls it."""
    pages = tuple(
        page.model_copy(update={"blocks": tuple(_labelled(block, f"{chapter.id}/{page.id}") for block in page.blocks)})
        for page in chapter.pages
    )
    return chapter.model_copy(update={"pages": pages})


def _labelled(block: Block, place: str) -> Block:
    if not isinstance(block, Items):
        return block
    labels = _labels(block, place)
    named = []
    for item in block.items:
        key = item.code or item.field or item.label
        if bool(item.label) + bool(item.field) + bool(item.code) != 1 or (key not in labels and key != item.label):
            raise LawError(f"guide.yaml 的 {place}“{block.title}”：{key or '？'} 不是已知的指标项或代码；请改正")
        named.append(item.model_copy(update={"label": labels.get(key, item.label)}))
    if block.codes and {item.code for item in block.items} != labels.keys():
        raise LawError(f"guide.yaml 的 {place}“{block.title}”：没有把 {block.codes} 的代码恰好写全；请补全")
    return block.model_copy(update={"items": tuple(named)})


def _labels(block: Items, place: str) -> dict[str, str]:
    """What the keys that a block may use are called: the codes of its list, or all fields."""
    law = read_law()
    if not block.codes:
        return {name: field.label for name, field in law.fields.items()}
    if block.codes not in law.codes:
        raise LawError(f"guide.yaml 的 {place}“{block.title}”：没有代码表 {block.codes}；请改正")
    return {one.code: one.label for one in law.codes[block.codes].codes if one.enabled}


def _twice(chapters: list[Chapter]) -> Iterator[str]:
    """Addresses that lead to two places: a chapter's id, or a page's within its chapter."""
    ids = [chapter.id for chapter in chapters]
    ids += [f"{chapter.id}/{page.id}" for chapter in chapters for page in chapter.pages]
    for one in twice(ids):
        yield f"{one} 出现了两次；请改名"
