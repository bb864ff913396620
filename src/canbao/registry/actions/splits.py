"""Asking that a number's statements be told apart as two people's."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from canbao.core.numbering.judge import judge
from canbao.registry.access import Refused
from canbao.registry.actions.merges import area_of, see
from canbao.registry.actions.papers import File
from canbao.registry.actions.requests import Asked, put
from canbao.registry.deeds import deed
from canbao.registry.joining import numbers_of
from canbao.registry.models import Officer, Request


def ask_split(
    *, person_id: int, ssn: str, divisions: Sequence[str], number: str, reason: str, papers: Sequence[File], by: Officer
) -> Request:
    """Ask that what some divisions say under a number of the person's be set apart as another person.

    `number` is the other person's true number, or empty if nobody knows it yet. Raises Refused for a number that is
    not the person's, for all or none of its divisions, and for an impossible other number.
    """
    with deed(by=by, action="split.ask", permission="split.ask") as note:
        (home,) = see([person_id], by, note)
        _require_parts(person_id, ssn, divisions)
        content = {"ssn": ssn, "divisions": sorted({*divisions}), "number": _judged(number, ssn) if number else ""}
        return put(
            Asked("split", area_of(home), content, person_id=person_id),
            reason=reason, papers=papers, by=by, note=note,
        )  # fmt: skip


def _require_parts(person_id: int, ssn: str, divisions: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT division_code FROM person_fact WHERE person_id = ANY(%s) AND ssn = %s",
            [numbers_of(cursor, person_id), ssn],
        )
        there = {one for (one,) in cursor.fetchall()}
    if not divisions or not {*divisions} < there:
        raise Refused("请选出属于另一个人的那几方资料，并至少留下一方")


def _judged(number: str, ssn: str) -> str:
    found = judge(number, as_of=timezone.localdate())
    if found.number is None:
        raise Refused("另一个人的号码不对；请核对证件，或留空由系统编临时号码")
    if found.normalised == ssn:
        raise Refused("另一个人的号码与这个号码相同；请填其本人的号码，或留空")
    return found.normalised
