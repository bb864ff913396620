"""Review: a county looks at what came in, lets it into the register or sends it back; whoever entered it may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone

from canbao.core.progress import IllegalMove, after
from canbao.core.surveying import ANSWERABLE
from canbao.law.survey import read_survey
from canbao.registry.access import Refused
from canbao.registry.actions.admission import Answers, admit_answers, withdraw_answers
from canbao.registry.actions.officers import is_same_person
from canbao.registry.deeds import LONGEST, Note, deed, refuse_identity_numbers, require_words
from canbao.registry.models import Officer
from canbao.survey.form import form_of
from canbao.survey.models import UNDER_WAY, Comment, Entry, Surveyor, Task
from canbao.survey.moving import flow, locked, move
from canbao.survey.quotas import count_tasks
from canbao.survey.self_codes import makers_of_codes
from canbao.survey.surveyors import require_fit
from canbao.survey.tasks import require_own

MOST_AT_ONCE = 200
LOADED = ("1", "5")
"""Outcomes whose answers enter the register: answered, and 人户分离. Deaths and moves wait for those who know."""


def approve(*, task_id: int, version: int, by: Officer) -> Task:
    """Let a form's answers into the register. Raises Refused for one's own form, or one that names a wrong number."""
    with deed(by=by, action="task.approve", permission="task.review") as note:
        task, entry = _reviewed(task_id, version, "approve", by, note)
        return _approve(task, entry, by, note)


def approve_clean(*, tasks: Sequence[tuple[int, int]], by: Officer) -> tuple[int, list[int]]:
    """Approve several forms, given as (task, version), at once; only those without any remark.

    Returns how many were approved, and the tasks that were not: changed meanwhile, remarked on, or one's own.
    """
    if len(tasks) > MOST_AT_ONCE:
        raise Refused(f"一次最多通过 {MOST_AT_ONCE} 份")
    done, left = 0, []
    for task_id, version in tasks:
        try:
            with deed(by=by, action="task.approve", permission="task.review") as note:
                task, entry = _reviewed(task_id, version, "approve", by, note)
                if not task.is_clean or has_open_sample(task):
                    raise Refused("有提示或待抽查的，请逐份审核")
                _approve(task, entry, by, note)
                done += 1
        except (Refused, IllegalMove):
            left.append(task_id)
    return done, left


def return_(
    *, task_id: int, version: int, reasons: Sequence[str], words: str, comments: Mapping[str, str], by: Officer,
    surveyor: Surveyor | None = None,
) -> Task:  # fmt: skip
    """Send a form back with reasons and what is said about single questions, to another surveyor if one is named."""
    with deed(by=by, action="task.return", permission="task.review") as note:
        task, entry = _reviewed(task_id, version, "return", by, note)
        _say_why(task, entry, reasons, words, comments, by)
        move(task, "return", by, note={"reasons": [*reasons], "words": words.strip()}, returned=task.returned + 1)
        if surveyor is not None:
            require_fit(surveyor, by)
            move(task, "reassign", by, surveyor=surveyor)
        return task


def reopen(*, task_id: int, version: int, words: str, by: Officer) -> Task:
    """A city's check afterwards has failed: the answers leave the register, and the form goes back."""
    with deed(by=by, action="task.reopen", permission="task.recheck") as note:
        task = _own(task_id, version, by, note)
        require_words(words, "抽查发现的问题")
        move(task, "reopen", by, note={"words": words.strip()}, returned=task.returned + 1, is_clean=False)
        if task.person_id > 0:
            withdraw_answers(task.pk, by=by, note=note)
        return task


def has_open_sample(task: Task) -> bool:
    """Whether the task was drawn to be telephoned about, and nobody has said what came of it."""
    return task.samples.filter(sample__kind="phone", result="").exists()


def _approve(task: Task, entry: Entry, by: Officer, note: Note) -> Task:
    if entry.answers.get("identity_right") == "0":
        raise Refused("表上写明姓名或号码不对；请先在人员页更正或分立，再退回改正这一项后通过")
    if has_open_sample(task):
        raise Refused("这份表已抽中电话核实；请先登记核实结果")
    move(task, "approve", by, note={"entry": entry.number})
    if task.campaign.is_training:
        return move(task, "load", by)
    if entry.answers["survey_outcome"] in LOADED:
        admit_answers(answers_of(task, entry, by), by=by, note=note)
        move(task, "load", by)
    return task


def answers_of(task: Task, entry: Entry, by: Officer) -> Answers:
    """What a form says about the items of the register."""
    questions = form_of(task.campaign_id, entry.form).questions.values()
    said = {one.field: entry.answers[one.id] for one in questions if one.field and entry.answers.get(one.id)}
    day = entry.answers.get("surveyed_on")
    return Answers(
        person_id=task.person_id, task_id=task.pk,
        items={item: value for item, value in said.items() if item in ANSWERABLE},
        surveyed_on=date.fromisoformat(day) if day else timezone.localdate(entry.at), method=entry.method,
        operator_name=_operator(entry), operated_at=entry.at, reviewer_name=by.display_name,
        reviewed_at=timezone.now(),
    )  # fmt: skip


def _operator(entry: Entry) -> str:
    if entry.surveyor is not None:
        return entry.surveyor.name
    return entry.by.display_name if entry.by else "本人自填"


def latest(task: Task) -> Entry:
    """The form that was handed in last."""
    return task.forms.select_related("by", "surveyor__officer").get(number=task.entries)


def _reviewed(task_id: int, version: int, move: str, by: Officer, note: Note) -> tuple[Task, Entry]:
    """A task and its form, which waits for the officer's review; raises IllegalMove if there is none to review."""
    task = _own(task_id, version, by, note)
    after(flow(), task.state, move)
    entry = latest(task)
    _require_other(entry, by)
    return task, entry


def _own(task_id: int, version: int, by: Officer, note: Note) -> Task:
    task = locked(task_id, version)
    require_own(task, by)
    count_tasks([(task.pk, task.person_id)], by, note)
    if task.campaign.state not in UNDER_WAY:
        raise Refused("这个批次现在不能审核或退回；已经结束的，请先由市县重新打开")
    return task


def _require_other(entry: Entry, by: Officer) -> None:
    """Four eyes: whoever typed or surveyed it does not review it, whatever account they use.

    Nor does whoever made the code of a form that was filled in with it: they have seen the code.
    """
    maker = makers_of_codes([entry]).get(entry.pk)
    if maker is not None and is_same_person(maker, by):
        raise Refused("这份表是凭您生成的自填代码填的，须由另一个人审核")
    if entry.by is not None and is_same_person(entry.by, by):
        raise Refused("这份表是您自己录入的，须由另一个人审核")
    account = entry.surveyor.officer if entry.surveyor else None
    if account is not None and is_same_person(account, by):
        raise Refused("这份表是您自己调查的，须由另一个人审核")


def _say_why(
    task: Task, entry: Entry, reasons: Sequence[str], words: str, comments: Mapping[str, str], by: Officer
) -> None:
    known = {one.id for one in read_survey().returns}
    if not reasons or set(reasons) - known:
        raise Refused("请选择退回理由")
    if "other" in reasons or words.strip():
        require_words(words, "退回的说明")
    questions = form_of(task.campaign_id, entry.form).questions
    for question, said in comments.items():
        if not said.strip():
            continue
        if question not in questions or len(said) > LONGEST:
            raise Refused("对某一题的意见写得不对；请刷新后再写")
        refuse_identity_numbers(said, "意见")
        Comment.objects.create(entry=entry, question=question, words=said.strip(), by=by)
