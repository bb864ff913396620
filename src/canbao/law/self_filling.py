"""Self-filling: in which words residents are asked, what they are not asked, and what the program says for them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from canbao.law.consistency import uncited
from canbao.law.models import Cited, Strict
from canbao.law.reader import HOME, LawError, read_law, read_whole
from canbao.law.survey import Question, SurveyLaw, read_survey


class Asked(Strict):
    """A question in words for residents; with `options` they choose among these alone, else among the form's."""

    id: str
    asks: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


class SelfFillingLaw(Cited):
    """The whole of self_filling.yaml: `said` are answers that the program gives, `dated` the question that gets the
    day, `left_out` the questions that only officers can answer, `findings` what is said of a finding, by its id."""

    said: dict[str, str]
    dated: str
    left_out: tuple[str, ...]
    sections: dict[str, str]
    questions: tuple[Asked, ...]
    findings: dict[str, str]

    @property
    def by_id(self) -> dict[str, Asked]:
        """The words of each question."""
        return {one.id: one for one in self.questions}


@cache
def read_self_filling(home: Path = HOME) -> SelfFillingLaw:
    """Read and check `self_filling.yaml`; raises LawError naming the entry that can't be trusted."""
    found = read_whole(home / "self_filling.yaml", SelfFillingLaw)
    wrong = [*_contradictions(found, read_survey())]
    if wrong:
        raise LawError("自填的问题有矛盾：\n" + "\n".join(wrong))
    return found


def _contradictions(found: SelfFillingLaw, survey: SurveyLaw) -> Iterator[str]:
    yield from uncited([("self_filling.yaml", found)], read_law())
    for id_ in (*found.said, found.dated, *found.left_out, *found.by_id):
        if id_ not in survey.questions:
            yield f"没有问题 {id_}；请与 survey.yaml 对照"
    for id_ in {*found.findings} - {one.id for one in survey.findings}:
        yield f"没有校验 {id_}；请与 survey.yaml 对照"
    for id_ in {*found.sections} - {one.id for one in survey.sections}:
        yield f"没有部分 {id_}；请与 survey.yaml 对照"
    offered = [(one.id, code) for one in found.questions for code, _ in one.options]
    for id_, code in (*offered, *found.said.items()):
        if id_ in survey.questions and code not in _codes(survey.questions[id_]):
            yield f"问题 {id_}：登记表没有代码 {code}"


def _codes(question: Question) -> set[str]:
    coded = read_law().codes[question.codes].codes if question.codes else ()
    return {code for code, _ in question.options} or {one.code for one in coded}
