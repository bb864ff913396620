"""What our papers say in prose: each text's default words, which placeholders it may have, how long it may be; cited.

A city edits these words in the office. `faults_of_wording` says what is wrong with an edit, `filled` puts values in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pydantic import Field

from canbao.law.consistency import twice
from canbao.law.models import Cited, Strict
from canbao.law.reader import HOME, LawError, read_each, read_law

BRACED = re.compile(r"\{([^{}]*)\}")


class WordingError(ValueError):
    """Words that can't be printed; `faults` has a sentence in Chinese for each place, with its remedy."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


class PaperText(Strict):
    """One text of a paper: `placeholders` are the names it may have in braces, with what they stand for."""

    key: str = Field(pattern=r"^[a-z_]+$")
    name: str
    default: str
    limit: int = Field(ge=1)
    placeholders: dict[str, str] = Field(default_factory=dict)
    required: tuple[str, ...] = ()
    may_be_empty: bool = False


class PaperWording(Cited):
    """All texts of one kind of paper, in the order in which they are printed."""

    kind: str = Field(pattern=r"^[a-z_]+$")
    name: str
    texts: tuple[PaperText, ...] = Field(min_length=1)


@cache
def read_wording(home: Path = HOME) -> dict[str, PaperWording]:
    """Every paper's texts by its kind; raises LawError for what can't be read, is there twice, contradicts itself
    or cites nothing known."""
    written = read_each(home / "wording.yaml", PaperWording)
    papers = {paper.kind: paper for paper in written}
    if len(papers) != len(written):
        raise LawError("wording.yaml：同一种材料只能写一次")
    for paper in papers.values():
        if paper.source not in read_law().instruments:
            raise LawError(f"wording.yaml 的 {paper.kind}：依据 {paper.source} 不在 instruments.yaml 中")
        if faults := list(_contradictions(paper)) or _faults(paper, _defaults(paper)):
            raise LawError(f"wording.yaml 的 {paper.kind}：{'；'.join(faults)}")
    return papers


def _contradictions(paper: PaperWording) -> Iterator[str]:
    yield from (f"{key} 写了两次" for key in twice(text.key for text in paper.texts))
    for text in paper.texts:
        strange = sorted(set(text.required) - set(text.placeholders))
        yield from (f"{text.key} 的 required 中 {name} 不在 placeholders 中" for name in strange)


def _defaults(paper: PaperWording) -> dict[str, str]:
    return {text.key: text.default for text in paper.texts}


def default_wording(kind: str, home: Path = HOME) -> dict[str, str]:
    """The words of a kind of paper as we ship them: key to text with placeholders; KeyError for an unknown kind."""
    return _defaults(read_wording(home)[kind])


def faults_of_wording(kind: str, edited: Mapping[str, str], home: Path = HOME) -> list[str]:
    """What is wrong with edited words, as sentences in Chinese that name the place and the remedy; [] if nothing.

    `edited` has every key of the kind and no other. KeyError for an unknown kind.
    """
    return _faults(read_wording(home)[kind], edited)


def checked_wording(kind: str, edited: Mapping[str, str], home: Path = HOME) -> dict[str, str]:
    """The edited words if they can be printed; raises WordingError with every fault."""
    if faults := faults_of_wording(kind, edited, home):
        raise WordingError(faults)
    return dict(edited)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A checked text with each `{name}` replaced by its value; values are put in as they are, braces and all."""
    return BRACED.sub(lambda found: values[found[1]], text)


def _faults(paper: PaperWording, edited: Mapping[str, str]) -> list[str]:
    known = {text.key for text in paper.texts}
    strange = [f"《{paper.name}》没有名为“{key}”的文字，请删去" for key in sorted(set(edited) - known)]
    return strange + [fault for text in paper.texts for fault in _faults_of_text(paper.name, text, edited)]


def _faults_of_text(paper: str, text: PaperText, edited: Mapping[str, str]) -> Iterator[str]:
    place, words = f"《{paper}》的“{text.name}”", edited.get(text.key)
    if words is None:
        yield f"{place}没有写，请补上"
        return
    if not words.strip() and not text.may_be_empty:
        yield f"{place}是空的，请写上文字"
    if len(words) > text.limit:
        yield f"{place}有 {len(words)} 个字，最多 {text.limit} 个，请删减"
    yield from _faults_of_placeholders(place, text, words)


def _faults_of_placeholders(place: str, text: PaperText, words: str) -> Iterator[str]:
    used = BRACED.findall(words)
    allowed = "、".join(f"{{{name}}}（{meaning}）" for name, meaning in text.placeholders.items()) or "没有"
    for name in dict.fromkeys(used):
        if name not in text.placeholders:
            yield f"{place}里的 {{{name}}} 不认识，可用的有：{allowed}"
    if re.search(r"[{}]", BRACED.sub("", words)):
        yield f"{place}里的花括号不成对，请写成 {{名称}} 的样子或删去"
    for name in text.required:
        if name not in used:
            yield f"{place}里必须有 {{{name}}}（{text.placeholders[name]}），请加上"
