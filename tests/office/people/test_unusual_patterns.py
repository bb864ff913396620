"""What stands out on a day: numbers tried one after another, misses, a person seen by many, false purposes."""

from __future__ import annotations

import pytest
from django.db import connections
from django.utils import timezone
from people_made import Desk, number, officer, person_id

from canbao.core.trouble import Trouble
from canbao.registry import audit, auditing
from canbao.registry.audit.thresholds import read_thresholds


@pytest.fixture
def clerk(cities) -> Desk:
    return Desk(officer("town_clerk", "440604012", "clerk"))


def unusual(area: str = "44") -> set[tuple[str, object, int]]:
    """Kind, whom it is about and how often, of today."""
    by = officer("auditor", area, f"auditor-{area}")
    found = auditing.unusual_on(timezone.localdate(), by=by)
    return {(one["kind"], one.get("account") or one["person"], one["count"]) for one in found if one["kind"] != "night"}


@pytest.fixture(autouse=True)
def few(monkeypatch, tmp_path):
    """Thresholds as an installation writes them, low enough for five people."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "quota_percent: 80\nunusual: {sequence: 3, misses: 4, many_lookers: 3, no_conflict: 2}\n", encoding="utf-8"
    )
    monkeypatch.setenv("CANBAO_AUDIT_THRESHOLDS", str(own))


def test_numbers_in_sequence_stand_out_whether_found_or_not(clerk):
    for order in (1, 2, 777, 2):
        clerk.look_for(number=number("440604", "19900307", order))
    assert unusual() == {("sequence", "clerk", 3)}


def test_other_birthdays_and_the_same_number_again_are_no_sequence(clerk, cities):
    for born in ("19900307", "19910307", "19920307"):
        clerk.look_for(number=number("440604", born, 1))
    for _ in range(5):
        clerk.look_for(number=cities.own.ssn)
    assert unusual() == set()


def test_many_misses_stand_out_by_number_and_by_address(clerk):
    clerk.state()
    for born in ("19910307", "19920307"):
        clerk.look_for(number=number("440604", born, 1))
    for key in (900, 901):
        clerk.get(f"/people/{key}/")
        clerk.look_for(name="没有这个人")
    assert unusual() == {("misses", "clerk", 4)}


def test_a_person_seen_by_many_stands_out_in_the_persons_area(cities):
    for name in ("a", "b", "c"):
        desk = Desk(officer("town_clerk", "440604012", name)).state()
        for _ in range(2):
            desk.get(f"/people/{cities.foreign_id}/"), desk.get(f"/people/{cities.own_id}/")
        desk.look_for(village="440604012001")
    assert unusual() == {("many_lookers", cities.own_id, 3)} == unusual("4406")
    assert unusual("4401") == set()
    page = Desk(officer("auditor", "4406", "reader")).get(f"/audit/days/?day={timezone.localdate()}").content.decode()
    assert "一个人被多名用户查看" in page and f'href="/audit/people/{cities.own_id}/"' in page


def test_a_purpose_of_conflict_without_any_stands_out(clerk, cities, conflict):
    for id_ in (cities.own_id, conflict.person_id):
        clerk.state("conflict").get(f"/people/{id_}/")
        clerk.state("counter").get(f"/people/{id_}/")
    assert unusual() == set()
    clerk.look_for(purpose="conflict", name="李小满")
    others = [one for one in (*cities.others,) if one.name == "陈大文"]
    clerk.state("conflict").get(f"/people/{person_id(others[0].ssn)}/")
    assert unusual("4406") == {("no_conflict", "clerk", 2)}


def test_the_log_has_marks_and_no_number(clerk, cities, log):
    clerk.look_for(number=cities.own.ssn)
    old = cities.own.ssn[:6] + cities.own.ssn[8:17]
    clerk.look_for(number=old)
    Desk(officer("town_clerk", "440604012", "other")).look_for(number=cities.own.ssn)
    first, second, another = (one.details for one in log if one.action == "person.search")
    assert first["which"] == second["which"] != another["which"]
    assert cities.own.ssn[:8] not in repr(log) and old not in repr(log)


def test_thresholds_that_make_no_sense_are_refused_with_a_word(monkeypatch, tmp_path):
    few = "quota_percent: 80\nunusual: {people: 0}"
    for words in ("quota_percent: 0\nunusual: {}", few, "unusual: [", "quota: 3", "- 1"):
        own = tmp_path / f"{len(words)}.yaml"
        own.write_text(words, encoding="utf-8")
        monkeypatch.setenv("CANBAO_AUDIT_THRESHOLDS", str(own))
        with pytest.raises(Trouble, match="读不懂"):
            read_thresholds()


def test_ours_name_every_kind_that_can_be_asked_for(register, monkeypatch):
    monkeypatch.delenv("CANBAO_AUDIT_THRESHOLDS")
    with connections["default"].cursor() as cursor:
        assert audit.unusual(cursor, timezone.localdate(), read_thresholds().unusual) == []
    assert set(read_thresholds().unusual) == set(audit.patterns._KINDS)
