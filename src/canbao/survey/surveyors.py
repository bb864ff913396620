"""Surveyors as they are found and held to their cards."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from canbao.registry.access import Refused, covers
from canbao.registry.models import Officer
from canbao.survey.models import Contractor, Surveyor


def own_surveyors(by: Officer) -> QuerySet[Surveyor]:
    """The surveyors who work in the officer's area, or whose place the officer's lies in."""
    if not by.area:
        return Surveyor.objects.none()
    above = [by.area[:digits] for digits in (4, 6, 9, 12) if digits < len(by.area)]
    found = Surveyor.objects.filter(Q(place__startswith=by.area) | Q(place__in=above))
    return found.select_related("contractor", "officer").order_by("place", "pk")


def fit_today(among: QuerySet[Surveyor], today: date) -> QuerySet[Surveyor]:
    """Those whose card holds today and whose contractor, if they have one, has an agreement that holds."""
    return among.filter(valid_from__lte=today, valid_to__gte=today, revoked_on=None).filter(
        Q(contractor=None) | (~Q(contractor__sealed_agreement="") & Q(contractor__valid_to__gte=today))
    )


def unfit(surveyor: Surveyor, today: date) -> str:
    """Why a surveyor may not be given tasks, in words; empty if they may."""
    if surveyor.revoked_on is not None:
        return "调查证已注销"
    if not surveyor.valid_from <= today <= surveyor.valid_to:
        return f"调查证有效期是 {surveyor.valid_from} 至 {surveyor.valid_to}"
    if surveyor.contractor and not has_agreement(surveyor.contractor, today):
        return "所属外包机构没有有效的保密协议"
    return ""


def has_agreement(contractor: Contractor, today: date) -> bool:
    """Whether a confidentiality agreement is on file and holds."""
    return bool(contractor.sealed_agreement) and contractor.valid_to is not None and contractor.valid_to >= today


def require_fit(surveyor: Surveyor, by: Officer) -> None:
    """Raise Refused unless the surveyor may be given tasks by the officer today."""
    if not (covers(by.area, surveyor.place) or covers(surveyor.place, by.area)):
        raise Refused("这位调查员不在您的管辖范围内")
    why = unfit(surveyor, timezone.localdate())
    if why:
        raise Refused(f"{surveyor.name}（{surveyor.card_number}）不能接任务：{why}")
