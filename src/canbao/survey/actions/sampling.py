"""Samples: forms drawn by lot, to be telephoned about before approval or looked at again afterwards."""

from __future__ import annotations

import random
import secrets

from django.utils import timezone

from canbao.registry.access import Refused, acting
from canbao.registry.deeds import deed, refuse_identity_numbers
from canbao.registry.models import Officer
from canbao.survey.models import Campaign, Sample, SampleTask, Task
from canbao.survey.quotas import count_tasks
from canbao.survey.tasks import own_campaign, own_tasks

PHONE, RECHECK = "phone", "recheck"
KINDS = {PHONE: ("task.review", ("submitted",)), RECHECK: ("task.recheck", ("loaded", "archived"))}
"""Who draws each kind of sample, and from which states."""
RESULTS = {"same": "一致", "differs": "不一致", "unreached": "未接通"}
MOST = 2_000


def draw(*, campaign: Campaign, kind: str, percent: int, by: Officer, seed: int | None = None) -> Sample:
    """Draw a share of an area's forms; with the same seed from the same forms the same ones come out."""
    if kind not in KINDS:
        raise Refused("没有这种抽查")
    permission, states = KINDS[kind]
    with deed(by=by, action=f"sample.{kind}", permission=permission) as note:
        if not 1 <= percent <= 100:
            raise Refused("抽查比例请填 1 至 100")
        found = own_tasks(by).filter(campaign=own_campaign(campaign.pk, by), state__in=states)
        among = list(found.exclude(samples__sample__kind=kind).order_by("pk").values_list("pk", flat=True))
        if not among:
            raise Refused("现在没有可以抽的表")
        seed = secrets.randbits(62) if seed is None else seed
        drawn = random.Random(seed).sample(among, min(MOST, max(1, round(len(among) * percent / 100))))
        sample = Sample.objects.create(
            campaign=campaign, kind=kind, area=by.area, percent=percent, seed=seed, among=len(among), drawn_by=by
        )
        SampleTask.objects.bulk_create(SampleTask(sample=sample, task_id=task) for task in sorted(drawn))
        note.objects.append(f"sample:{sample.pk}")
        note.details.update(among=len(among), drawn=len(drawn))
        return sample


def record(*, drawn_id: int, result: str, words: str, by: Officer) -> SampleTask:
    """Write down what came of a call or a second look."""
    with acting(by.area, by):
        kind = SampleTask.objects.filter(pk=drawn_id).values_list("sample__kind", flat=True).first() or PHONE
    with deed(by=by, action="sample.record", permission=KINDS[kind][0]) as note:
        drawn = SampleTask.objects.select_for_update().filter(pk=drawn_id, task__in=own_tasks(by)).first()
        if drawn is None or result not in RESULTS:
            raise Refused("没有这条抽查，或结果不对")
        refuse_identity_numbers(words, "抽查记录")
        if result == "differs" and not words.strip():
            raise Refused("不一致的请写明哪里不一致")
        count_tasks([(drawn.task_id, Task.objects.get(pk=drawn.task_id).person_id)], by, note)
        drawn.result, drawn.note, drawn.by, drawn.at = result, words.strip()[:500], by, timezone.now()
        drawn.save()
        return drawn
