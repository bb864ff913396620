"""Containers for tests: taken from a register by an officer, opened without the verifier's own reader."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

from django.db import connections
from django.utils import timezone
from people_made import officer

from canbao.registry.actions import evidence
from canbao.registry.evidence.container import Asked, Sealed
from canbao.registry.evidence.verifier import Verdict, read_trust, verify
from canbao.registry.models import Officer

ASKED = Asked("counter", "佛山市禅城区人民法院")


def county() -> Officer:
    return Officer.objects.filter(username="county").first() or officer("county_officer", "440604", "county")


def auditor() -> Officer:
    return Officer.objects.filter(username="auditor").first() or officer("auditor", "4406", "auditor")


def record_of(person: int, by: Officer | None = None, asked: Asked = ASKED) -> Sealed:
    taken = evidence.take_record(person_id=person, asked=asked, by=by or county())
    assert taken is not None
    return taken


def log_of(person: int, since: date | None = None, until: date | None = None) -> Sealed:
    today = timezone.localdate()
    days = {"since": since or today, "until": until or today}
    return evidence.take_log(person_id=person, asked=ASKED, by=auditor(), **days)


def inside(taken: Sealed) -> dict[str, bytes]:
    """The members as any program reads them."""
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        assert archive.testzip() is None
        return {one.filename: archive.read(one) for one in archive.infolist()}


def said_in(taken: Sealed, name: str = "manifest.json") -> dict:
    return json.loads(inside(taken)[name])


def verified(content: bytes, state, *more) -> Verdict:
    return verify(content, read_trust(str(state / "audit.pub")), *more)


def log_rows(condition: str = "true", *parameters: object) -> list[dict]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT number, action, decision, purpose, objects, details, encode(hash, 'hex') AS hash FROM audit_log "
            f"WHERE {condition} ORDER BY number",
            parameters,
        )
        names = [one.name for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
