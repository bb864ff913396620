"""A city words its papers: each change is a new version; and says in whose name they go out, with which seal."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from canbao.law.wording import default_wording, faults_of_wording, read_wording
from canbao.paper.documents.pictures import PictureError, prepared
from canbao.registry.access import Refused
from canbao.registry.deeds import deed, refuse_identity_numbers
from canbao.registry.models import Officer
from canbao.registry.models.proving import create_sealed
from canbao.survey.models import Issuer, Wording
from canbao.survey.moving import Stale
from canbao.survey.wordings import words_of

LONGEST_NAME = 60


class Misworded(Refused):
    """Words that can't be printed; `faults` has a sentence for each place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


def reword(*, kind: str, words: Mapping[str, str], based_on: int, by: Officer) -> Wording:
    """Keep new words of a kind of paper, for all that is printed from now on; `based_on` is the version that was seen.

    Raises Misworded for words that can't be printed, Stale if somebody has changed them since, Refused for no change.
    """
    with deed(by=by, action="wording.edit", permission="wording.edit") as note:
        if kind not in read_wording():
            raise Refused("没有这种文书")
        city = _city(by)
        written = {key: text.replace("\r\n", "\n").strip() for key, text in words.items()}
        faults = faults_of_wording(kind, written)
        if faults:
            raise Misworded(faults)
        refuse_identity_numbers("；".join(written.values()), "文书")
        made = _next(city, kind, written, based_on, by)
        note.details.update(kind=kind, version=made.number)
        return made


def back_to_law(*, kind: str, based_on: int, by: Officer) -> Wording:
    """Go back to the words that come with the program; that is a version too."""
    if kind not in read_wording():
        raise Refused("没有这种文书")
    return reword(kind=kind, words=default_wording(kind), based_on=based_on, by=by)


def _next(city: str, kind: str, written: dict[str, str], based_on: int, by: Officer) -> Wording:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('wording'), %s::integer)", [int(city)])
    now = words_of(city, kind)
    if now.number != based_on:
        raise Stale("这份文书的措辞刚被别人改过；请对照新的一版再保存")
    if now.words == written:
        raise Refused("和现在的措辞一样，没有可保存的改动")
    return Wording.objects.create(city=city, kind=kind, number=now.number + 1, words=written, by=by)


def set_issuer(*, name: str, seal: bytes | None, by: Officer) -> Issuer:
    """Say in whose name the city's papers go out; without a picture there is a place for the seal to be stamped."""
    with deed(by=by, action="issuer.set", permission="wording.edit") as note:
        city, name = _city(by), name.strip()
        if not name or len(name) > LONGEST_NAME:
            raise Refused(f"请填写落款单位，最多 {LONGEST_NAME} 个字")
        refuse_identity_numbers(name, "落款单位")
        note.details.update(seal=bool(seal))
        if not seal:
            return Issuer.objects.create(city=city, name=name, by=by)
        try:
            prepared(seal)
        except PictureError as problem:
            raise Refused(f"印章{problem}") from problem
        return create_sealed(Issuer, "sealed_seal", seal, city=city, name=name, by=by)


def _city(by: Officer) -> str:
    if len(by.area) != len("4406"):
        raise Refused("文书的措辞由市里修改")
    return by.area
