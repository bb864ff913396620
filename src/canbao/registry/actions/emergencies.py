"""Emergency access: opened with a reason for some hours, told at once, ended by time or by hand, then reviewed."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from canbao.law.duties import DIGITS, EMERGENCY, read_duties
from canbao.registry.access import Refused, covers
from canbao.registry.actions.emergency_moves import end_now, is_over, move
from canbao.registry.actions.requests import require_person
from canbao.registry.deeds import Alarm, Note, deed, require_words
from canbao.registry.emergencies import may_review
from canbao.registry.models import Emergency, Officer
from canbao.registry.places_now import places


def open_emergency(*, place: str, reason: str, hours: int, by: Officer) -> Emergency:
    """Open look-ups in a place outside one's area; `place` is leading digits, as wide as the duty may at most.

    Those who watch over the officer's area or the place have an alarm at once. Raises Refused for a place that is too
    wide, one's own or nowhere, without a reason, for too many hours, and while another one is open.
    """
    with deed(by=by, action="emergency.open", permission="emergency.use", purpose=EMERGENCY) as note:
        note.details.update(place=place, hours=hours)
        require_person(by)
        _require_place(place, by)
        require_words(reason, "紧急查询的理由")
        most = read_duties().emergency.most_hours
        if not 1 <= hours <= most:
            raise Refused(f"紧急查询一次最少 1 小时，最多 {most} 小时")
        Officer.objects.select_for_update().get(pk=by.pk)  # two at once would each not see the other
        if any(not is_over(one) for one in Emergency.objects.filter(officer=by, state="open")):
            raise Refused("您已有一次紧急查询在进行；请先结束")
        now = timezone.now()
        emergency = Emergency(
            officer=by, area=by.area, place=place, reason=reason.strip(), opened_at=now, state="",
            ends_at=now + timedelta(hours=hours),
        )  # fmt: skip
        move(emergency, "open", by)
        note.objects.append(f"emergency:{emergency.pk}")
        note.alarms.append(Alarm(EMERGENCY, (f"emergency:{emergency.pk}",), {"place": place, "hours": hours}))
        return emergency


def end(*, emergency: Emergency, by: Officer) -> None:
    """End it before its time: whoever opened it, or a superior."""
    permission = "emergency.use" if by.pk == emergency.officer_id else "emergency.review"
    with deed(by=by, action="emergency.end", permission=permission) as note:
        locked = _locked(emergency, note)
        if by.pk != locked.officer_id and not may_review(locked, by):
            raise Refused("只有本人和其上级能结束这次紧急查询")
        end_now(locked, by)


def review(*, emergency: Emergency, is_justified: bool, words: str, by: Officer) -> None:
    """Say afterwards whether there was reason for it.

    Raises Refused for whoever opened it, whatever account they use, outside one's area, and while it is open.
    """
    with deed(by=by, action="emergency.review", permission="emergency.review") as note:
        note.details.update(is_justified=int(is_justified))
        locked = _locked(emergency, note)
        if not covers(by.area, locked.area):
            raise Refused("不在您的管辖范围内")
        require_person(by)
        if not may_review(locked, by):
            raise Refused("本人不能复核自己的紧急查询，换一个账号也不行；请由另一位上级复核")
        require_words(words, "复核意见")
        if not is_over(locked):
            raise Refused("这次紧急查询还在进行；请先结束，再复核")
        move(locked, "justify" if is_justified else "condemn", by, words.strip())


def _require_place(place: str, by: Officer) -> None:
    tree, widest = places(), read_duties().emergency.widest.get(by.duty)
    if widest is None or len(place) not in DIGITS.values() or place.ljust(6, "0") not in tree.by_code:
        raise Refused("请选择要查询的地方")
    if len(place) < DIGITS[widest] and not tree.is_county(place.ljust(6, "0")):
        raise Refused(f"地方太大；请选到{_LEVELS[widest]}")
    if covers(by.area, place):
        raise Refused("这个地方在您的管辖范围内，直接查询即可")


def _locked(emergency: Emergency, note: Note) -> Emergency:
    note.objects.append(f"emergency:{emergency.pk}")
    return Emergency.objects.select_for_update(of=("self",)).select_related("officer").get(pk=emergency.pk)


_LEVELS = {"city": "市", "county": "县（市、区）"}
