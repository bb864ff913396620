"""The queue of forms that wait for review, and a county's samples, as their officers see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from canbao.registry.actions.officers import is_same_person
from canbao.registry.deeds import deed
from canbao.registry.models import Officer
from canbao.survey.models import Entry, Sample, SampleTask, Task
from canbao.survey.quotas import count_tasks
from canbao.survey.self_codes import makers_of_codes
from canbao.survey.tasks import PAGE, Row, own_campaign, own_tasks, with_people


@dataclass(frozen=True)
class Queue:
    """Forms that wait, the longest waiting first; `waiting` and `clean` are how many there are in all."""

    rows: list[Row]
    waiting: int
    clean: int


def queue(campaign_id: int, *, by: Officer, place: str = "", is_clean: bool = False, after: int = 0) -> Queue:
    """At most PAGE forms of the officer's area that wait for review, each with its person and form."""
    with deed(by=by, action="review.list", permission="task.review", purpose="survey", needs_purpose=True) as note:
        campaign = own_campaign(campaign_id, by)
        note.objects.append(f"campaign:{campaign.pk}")
        found = own_tasks(by).filter(campaign=campaign, state="submitted")
        counts = found.aggregate(waiting=Count("pk"), clean=Count("pk", filter=Q(is_clean=True)))
        if place:
            found = found.filter(place__startswith=place)
        if is_clean:
            found = found.filter(is_clean=True)
        page = list(found.filter(pk__gt=after).select_related("surveyor").order_by("pk")[:PAGE])
        count_tasks([(one.pk, one.person_id) for one in page], by, note)
        return Queue([*_with_forms(page, by)], counts["waiting"], counts["clean"])


def _with_forms(page: list[Task], by: Officer) -> list[Row]:
    entries = {
        one.task_id: one
        for one in Entry.objects.filter(task__in=page).select_related("by", "surveyor").order_by("number")
    }
    drawn = set(
        SampleTask.objects.filter(task__in=page, sample__kind="phone", result="").values_list("task", flat=True)
    )
    makers = makers_of_codes(entries.values())
    rows = with_people(page)
    for row in rows:
        entry = entries.get(row["task"].pk)
        row["entry"] = entry
        row["is_drawn"] = row["task"].pk in drawn
        maker = (entry.by or makers.get(entry.pk)) if entry is not None else None
        row["is_own"] = maker is not None and is_same_person(maker, by)
    return rows


def next_to_review(task: Task, by: Officer) -> int | None:
    """The form that waits next behind a task, of others than oneself; within the caller's transaction."""
    found = own_tasks(by).filter(campaign=task.campaign_id, state="submitted").exclude(pk=task.pk)
    behind = found.filter(pk__gt=task.pk).order_by("pk").values_list("pk", flat=True).first()
    return behind or found.order_by("pk").values_list("pk", flat=True).first()


def samples(campaign_id: int, *, by: Officer) -> list[dict[str, Any]]:
    """The samples of the officer's area with what came of them; counts, nobody is named."""
    with deed(by=by, action="sample.list", permission="campaign.see") as note:
        campaign = own_campaign(campaign_id, by)
        note.objects.append(f"campaign:{campaign.pk}")
        found = Sample.objects.filter(campaign=campaign, area__startswith=by.area).select_related("drawn_by")
        counts = {
            one["pk"]: one
            for one in found.values("pk").annotate(
                many=Count("drawn"),
                **{name: Count("drawn", filter=Q(drawn__result=name)) for name in ("same", "differs", "unreached")},
            )
        }
        return [{"sample": one, **counts[one.pk]} for one in found.order_by("-pk")]


def drawn(sample_id: int, *, by: Officer) -> tuple[Sample, list[Row]] | None:
    """A sample's tasks with their people, for whoever calls or looks again; they count as opened."""
    sample = Sample.objects.filter(pk=sample_id, area__startswith=by.area).select_related("campaign").first()
    permission = "task.recheck" if sample and sample.kind == "recheck" else "task.review"
    with deed(by=by, action="sample.see", permission=permission, purpose="survey", needs_purpose=True) as note:
        if sample is None:
            note.details.update(found=0, asked=sample_id)
            return None
        note.objects.append(f"sample:{sample.pk}")
        tasks = list(sample.drawn.filter(task__in=own_tasks(by)).select_related("task", "by").order_by("pk"))
        count_tasks([(one.task_id, one.task.person_id) for one in tasks], by, note)
        found = Entry.objects.filter(task__in=[one.task for one in tasks]).order_by("number")
        entries = {one.task_id: one for one in found}
        rows = zip(with_people([one.task for one in tasks]), tasks, strict=True)
        return sample, [{**row, "drawn": one, "entry": entries.get(one.task_id)} for row, one in rows]
