"""Made people of two cities, let into the register through its one door, and browsers that are signed in."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.test import Client

from canbao.batch.delivery import Chunk
from canbao.batch.delivery.shapes import COLUMNS
from canbao.core.numbering.resident import check_character
from canbao.registry.actions.admission import admit
from canbao.registry.models import Officer, Package

AS_OF = date(2017, 6, 30)
FOSHAN, SHENZHEN, PROVINCE = "440600", "440300", "440000"
AREAS = {"province": "44", "city": "4406", "county": "440604", "town": "440604012", "village": "440604012001"}
ELSEWHERE = {"city": "4403", "county": "440305", "town": "440305001", "village": "440305001001"}


def number(place: str, born: str, order: int) -> str:
    """A resident number that nobody has been checked against: made here, of a place, a day and an order."""
    first = f"{place}{born}{order:03d}"
    return first + check_character(first)


@dataclass
class Made:
    """What one division says of one person."""

    ssn: str
    name: str
    items: dict[str, str] = field(default_factory=dict)
    covers: list[dict[str, str]] = field(default_factory=list)
    evidence: list[tuple[str, str]] = field(default_factory=list)


def villager(order: int, name: str = "欧阳明月", born: str = "19900307", **items: str) -> Made:
    """A household person of 佛山市禅城区."""
    village = {
        "sex": "1" if order % 2 else "2",
        "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}",
        "admin_division_code": "440604",
        "ethnicity": "01",
        "hukou_address": f"佛山市禅城区祖庙路{order}号",
        "hukou_division_code": "440604",
        "hukou_town_code": "440604012",
        "hukou_village_code": "440604012001",
        "residence_address": f"佛山市禅城区汾江路{order}号",
        "vital_status": "1",
        "mobile": f"138{order:08d}",
        "is_household": "true",
    }
    return Made(number("440604", born, order), name, {**village, **items}, [], [("household", "household")])


def incomer(order: int, name: str = "司马相如", born: str = "19851224", **items: str) -> Made:
    """Somebody insured in 深圳市 with a household elsewhere in the city."""
    village = {
        "hukou_address": f"深圳市南山区深南大道{order}号",
        "hukou_division_code": "440305",
        "hukou_town_code": "440305001",
        "hukou_village_code": "440305001001",
        "admin_division_code": "440305",
        "mobile": f"139{order:08d}",
        "residence_address": f"深圳市南山区科技园{order}号",
    }
    made = villager(order, name, born, **{**village, **items})
    made.ssn = number("440305", born, order)
    return made


def cover(slug: str, region: str, contrib: str = "1", **more: str) -> dict[str, str]:
    """An insurance row."""
    return {
        "insurance_type": slug,
        "contrib_status": contrib,
        "region_code": region,
        "enrol_date": "2010-07-01",
        **more,
    }


def let_in(division: str, people: list[Made], by: Officer | None = None) -> Package:
    """Admit what a division says; it is all that the division says from now on."""
    by = by or provincial()
    package = Package.objects.create(
        division_code=division, as_of=AS_OF, profile="guangdong_2017", file_name=f"{division}.canbao", size=1,
        sha256=hashlib.sha256(repr((division, people, time.time())).encode()).hexdigest(), state="admitting",
        received_by=by,
    )  # fmt: skip
    admit(package=package, delivery=_Delivery(people), by=by)
    package.state = "admitted"
    package.save()
    return package


def provincial() -> Officer:
    """The officer in whose name packages come in."""
    found = Officer.objects.filter(username="admitting").first()
    return found or officer("provincial_officer", "44", "admitting")


def officer(duty: str, area: str, username: str = "") -> Officer:
    """An officer with a duty in an area."""
    return Officer.objects.create(
        username=username or f"{duty}-{area}", display_name=f"测试员{area}", duty=duty, area=area, password="!",
        must_change_password=False,
    )  # fmt: skip


class Desk(Client):
    """A browser in which an officer is signed in."""

    def __init__(self, by: Officer) -> None:
        super().__init__(SERVER_NAME="localhost")
        self.by = by
        self.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
        session = self.session
        session["began_at"] = session["seen_at"] = int(time.time())
        session.save()
        Officer.objects.filter(pk=by.pk).update(session_key=session.session_key)

    def state(self, purpose: str = "counter") -> Desk:
        """State a purpose, as the search form does."""
        session = self.session
        session["purpose"] = (purpose, time.time())
        session.save()
        return self

    def look_for(self, purpose: str = "counter", **words: str):
        """Fill in the search form and follow to the answer."""
        return self.post("/people/", {"purpose": purpose, **words}, follow=True)


def person_id(ssn: str) -> int:
    """The surrogate key of a number, past all locks."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT person_id FROM person_identifier WHERE ssn = %s", [ssn])
        return cursor.fetchone()[0]


class _Delivery:
    def __init__(self, people: list[Made]) -> None:
        self._people = sorted(people, key=lambda one: one.ssn)

    def columns(self, table: str) -> tuple[str, ...]:
        return (*COLUMNS[table], "content") if table == "persons" else COLUMNS[table]

    def cuts(self, ranges: int) -> tuple[str, ...]:
        return ()

    def chunks(self, after: str | None = None, persons: int = 20_000, upto: str | None = None) -> Iterator[Chunk]:
        people = [one for one in self._people if after is None or one.ssn > after]
        if people:
            yield Chunk(
                self._csv("persons", [_person(one) for one in people]),
                self._csv("insurances", [row for one in people for row in _covers(one)]),
                self._csv("evidence", [row for one in people for row in _evidence(one)]),
                people[0].ssn, people[-1].ssn, len(people),
            )  # fmt: skip

    def rows(self, table: str) -> Iterator[bytes]:
        return iter(())

    def _csv(self, table: str, rows: list[dict[str, str]]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([row.get(name) for name in self.columns(table)] for row in rows)
        return text.getvalue().encode()


def _person(one: Made) -> dict[str, str]:
    content = hashlib.md5(repr(one).encode()).hexdigest()
    return {"is_household": "false", **one.items, "ssn": one.ssn, "name": one.name, "content": content}


def _covers(one: Made) -> list[dict[str, str]]:
    return [
        {"source": "insurance.csv", "row": str(at), **row, "ssn": one.ssn, "name": one.name}
        for at, row in enumerate(one.covers, start=2)
    ]


def _evidence(one: Made) -> list[dict[str, str]]:
    return [
        {"ssn": one.ssn, "kind": kind, "quality": quality, "source": f"{kind}.csv", "row": "7"}
        for kind, quality in one.evidence
    ]


def rows_of(answer) -> list[list[str]]:
    """The cells of every row that a page's tables have, without their tags."""
    rows = re.findall(r"<tr>(.*?)</tr>", answer.content.decode(), re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def names_of(answer) -> list[str]:
    """The names in a list of people."""
    return [cells[1] for cells in rows_of(answer) if cells]


def next_page(answer) -> str:
    """The query of the next page, or an empty text."""
    found = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
    return found[1] if found else ""
