"""The list of a campaign: every person whom its scope means becomes a task, all in one transaction."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from canbao.registry.access import Refused, working
from canbao.registry.audit import append
from canbao.registry.database import Cursor
from canbao.registry.deeds import entry_of
from canbao.registry.models import Officer
from canbao.survey.actions.campaigns import move
from canbao.survey.models import Campaign
from canbao.survey.moving import OPEN
from canbao.survey.targets import meant, read_scope
from canbao.survey.training import make_tasks


def make_list(*, campaign_id: int, by: Officer) -> int:
    """Put the people of a draft's scope on its list; returns how many. Raises IllegalMove if it is no draft any more.

    Somebody with an open task in another campaign stays there: nobody is in two.
    """
    with working(by.area), connection.cursor() as cursor:
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        move(campaign, "prepare", by)
        listed = make_tasks(campaign, by) if campaign.is_training else _listed(cursor, campaign, by)
        append(cursor, entry_of(by, "campaign.list", objects=(f"campaign:{campaign.pk}",), details={"people": listed}))
    return listed


def _listed(cursor: Cursor, campaign: Campaign, by: Officer) -> int:
    where, parameters = meant(read_scope(campaign.scope), campaign.area, timezone.localdate())
    parameters.update(campaign=campaign.pk, form=campaign.form, open=list(OPEN))
    cursor.execute(_LIST.format(where=where), parameters)
    listed = cursor.rowcount
    if not listed:
        raise Refused("范围内没有需要调查的人；请放宽条件后再生成名册")
    cursor.execute(_WRITE_DOWN, {"campaign": campaign.pk, "by": by.pk})
    return listed


_LIST = """
INSERT INTO survey_task (campaign_id, person_id, place, state, form, reason, failed, returned, entries, is_clean,
    changed_at, version)
SELECT %(campaign)s, id, home, 'pending', %(form)s, coalesce(uninsured_reason, ''), 0, 0, 0, FALSE, now(), 1
FROM person WHERE {where} AND NOT EXISTS (SELECT FROM survey_task AS other JOIN survey_campaign AS running
    ON running.id = other.campaign_id WHERE other.person_id = person.id AND other.state = ANY(%(open)s)
    AND NOT running.is_training)
ON CONFLICT (campaign_id, person_id) DO NOTHING
"""
_WRITE_DOWN = """
INSERT INTO survey_taskmove (task_id, move, at, by_id, surveyor_id, place, note)
SELECT id, 'generate', changed_at, %(by)s, NULL, place, '{}' FROM survey_task WHERE campaign_id = %(campaign)s
"""
