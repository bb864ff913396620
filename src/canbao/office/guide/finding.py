"""Finding pages of the guide by words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from canbao.law.guide import Chapter, Page, read_guide, texts

AROUND = 36
"""How many characters are shown before and after what was found."""


@dataclass(frozen=True)
class Found:
    """A page that has all the words, and the sentence around the first of them in three parts."""

    chapter: Chapter
    page: Page
    before: str
    word: str
    after: str


def find(words: list[str]) -> list[Found]:
    """The pages that say each of the words somewhere, in the order in which they are learnt; none for no words."""
    return [*_find(words)] if words else []


def _find(words: list[str]) -> Iterator[Found]:
    for chapter in read_guide().chapters.values():
        for page in chapter.pages:
            said = [*texts(page)]
            if all(any(word in one for one in said) for word in words):
                yield Found(chapter, page, *_excerpt(said, words[0]))


def _excerpt(said: list[str], word: str) -> tuple[str, str, str]:
    """What stands before the word, the word, and what stands after it, where the page first says it below its title."""
    before, _, after = next(one for one in [*said[1:], said[0]] if word in one).partition(word)
    start = "…" if len(before) > AROUND else ""
    end = "…" if len(after) > AROUND else ""
    return start + before[-AROUND:], word, after[:AROUND] + end
