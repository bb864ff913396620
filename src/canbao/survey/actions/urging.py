"""Urge letters (催办): a supervisor asks a place to make haste, in words, and not every day."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from canbao.law.survey import read_survey
from canbao.registry.access import Refused, covers
from canbao.registry.deeds import deed, require_words
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.survey.models import UNDER_WAY, Campaign, Urge
from canbao.survey.tasks import own_campaign

MOST_SHOWN = 3


def urge(*, campaign_id: int, place: str, words: str, by: Officer) -> Urge:
    """Urge a county, town or village (its leading digits) below the officer's own area; its officers read it.

    Raises Refused within the law's `urge_days` of the last letter to the same place.
    """
    with deed(by=by, action="supervision.urge", permission="survey.urge") as note:
        own_campaign(campaign_id, by)
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        note.objects.append(f"campaign:{campaign.pk}")
        note.details["place"] = place[:12]
        if campaign.state not in UNDER_WAY:
            raise Refused("这个批次现在不在调查，不用催办")
        _require_below(place, campaign, by)
        require_words(words, "催办的话")
        _require_rest(campaign, place)
        return Urge.objects.create(campaign=campaign, place=place, words=words.strip(), by=by)


def urges_for(campaign: Campaign, by: Officer) -> list[Urge]:
    """The latest letters to the officer's area or to a place it lies in, the last one first."""
    above = [by.area[:digits] for digits in (4, 6, 9, 12) if digits <= len(by.area)]
    found = Urge.objects.filter(campaign=campaign, place__in=above).select_related("by")
    return list(found.order_by("-at")[:MOST_SHOWN])


def urged(campaign: Campaign, by: Officer) -> list[Urge]:
    """The latest letters within the officer's area, the last one first: what supervisors have sent."""
    own = by.area if len(by.area) > len(campaign.area) else campaign.area
    return list(Urge.objects.filter(campaign=campaign, place__startswith=own).select_related("by").order_by("-at")[:20])


def _require_below(place: str, campaign: Campaign, by: Officer) -> None:
    known = place.ljust(6, "0") in places().by_code
    is_within = covers(by.area, place) and covers(campaign.area, place) and place != by.area
    if not (place.isascii() and place.isdigit() and len(place) in (4, 6, 9, 12) and known and is_within):
        raise Refused("请选择本辖区以下的县（市、区）、街道（乡镇）或社区（村）")


def _require_rest(campaign: Campaign, place: str) -> None:
    days = read_survey().rules.urge_days
    last = Urge.objects.filter(campaign=campaign, place=place).order_by("-at").first()
    if last is not None and timezone.now() - last.at < timedelta(days=days):
        raise Refused(f"{days} 天以内已经催办过这里（{timezone.localtime(last.at):%Y-%m-%d}）；请过几天再催")
