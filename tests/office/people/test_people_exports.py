"""Lists taken away: bounded, masked, marked, counted, on the log, and inert in a spreadsheet."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from people_made import FOSHAN, PROVINCE, Desk, let_in, officer, villager
from python_calamine import CalamineWorkbook

from canbao.core.cells import FORMULA_STARTS
from canbao.office.people.kept_question import keep_question
from canbao.office.people.spreadsheet import workbook
from canbao.registry import lookup
from canbao.registry.quotas import seen_today


def cells(content: bytes) -> list[list[object]]:
    """The cells of an XLSX file, as a spreadsheet reads them."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def taken(desk: Desk, **words: str):
    desk.look_for(**words)
    return desk.post("/people/export/")


def test_a_list_is_masked_and_says_who_took_it(cities, log):
    desk = Desk(officer("county_officer", "440604"))
    answer = taken(desk, village="440604012001")
    sheet = cells(answer.content)
    assert "测试员440604（county_officer-440604）" in sheet[0][0] and sheet[1][0] == "社会保障号码"
    assert sorted(row[1] for row in sheet[2:]) == sorted(["欧阳明月", *(one.name for one in cities.others)])
    assert all("***********" in row[0] for row in sheet[2:])
    assert "no-store" in answer["Cache-Control"] and cities.own.ssn.encode() not in answer.content
    entry = log[-1]
    assert (entry.action, entry.purpose, len(entry.objects)) == ("person.export", "counter", 5)


def test_only_a_list_of_a_place_is_exported(cities):
    desk = Desk(officer("city_data_officer", "4406"))
    for words in ({"name": "欧阳*"}, {"number": cities.own.ssn}):
        assert taken(desk, **words).status_code == 403
    assert Desk(officer("county_officer", "440604")).post("/people/export/").status_code == 302
    assert desk.get("/people/export/").status_code == 405


def test_who_may_not_export_does_not(cities, log):
    desk = Desk(officer("town_clerk", "440604012"))
    assert taken(desk).status_code == 403 and log[-1].decision == "refused"
    assert "导出" not in desk.get("/people/found/").content.decode()


def test_a_place_elsewhere_kept_from_an_earlier_duty_exports_nothing(cities):
    desk = Desk(officer("county_officer", "440604")).state()
    asked = SimpleNamespace(session=desk.session)
    keep_question(asked, {"number": "", "name": "", "place": "440305", "codes": {}})
    asked.session.save()
    answer = desk.post("/people/export/")
    assert answer.status_code == 403 and cities.foreign.name not in answer.content.decode()


def test_more_than_the_day_allows_is_refused_whole(register, log):
    let_in(FOSHAN, [villager(order, f"区家{order}") for order in range(1, 502)])
    desk = Desk(officer("county_officer", "440604"))
    answer = taken(desk)
    assert (
        answer.status_code == 403 and "已到上限（500 人）" in answer.content.decode() and log[-2].decision == "refused"
    )
    assert log[-1].action == "alarm.beyond"
    assert seen_today(desk.by) == lookup.PAGE


def test_a_list_has_a_most(register, monkeypatch):
    monkeypatch.setattr(lookup, "MOST_EXPORTED", 3)
    let_in(FOSHAN, [villager(order, f"区家{order}") for order in range(1, 5)])
    answer = taken(Desk(officer("county_officer", "440604")))
    assert answer.status_code == 403 and "超过 3 人" in answer.content.decode()


TEXTS = some.text(some.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@given(some.lists(some.tuples(some.sampled_from(["", *FORMULA_STARTS, " ="]), TEXTS), min_size=1, max_size=8))
def test_no_cell_becomes_a_formula(parts):
    texts = [start + rest for start, rest in parts]
    content = workbook("清单", texts[0], ["甲"], [[text] for text in texts])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    for row in sheet.to_python():
        for cell in row:
            assert isinstance(cell, str) and not cell.lstrip(" ").startswith(FORMULA_STARTS)
    assert b"<f>" not in content


@pytest.fixture
def with_log_table(cities):
    """The log's table, where this tree does not have it yet (registry.households counts downloads in it)."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_log')")
        if cursor.fetchone()[0] is None:
            cursor.execute("CREATE TABLE audit_log (officer_id bigint, action text, decision text, at timestamptz)")
            cursor.execute("GRANT SELECT, INSERT ON audit_log TO canbao_app")
    return cities


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_city_fetches_its_household_list(with_log_table, log, encoding):
    listed = [villager(order, name) for order, name in ((31, "=HYPERLINK(1)"), (32, "龚䶮"), (33, "赵四"))]
    let_in(PROVINCE, listed)
    desk = Desk(officer("city_data_officer", "4406"))
    assert "佛山市" in desk.get("/household-lists/").content.decode()
    answer = desk.post("/household-lists/", {"city": "440600", "encoding": encoding})
    lines = b"".join(answer.streaming_content).decode(encoding).splitlines()
    assert len(lines) == 4 and lines[0].startswith("社会保障号码,姓名")
    assert f"{listed[1].ssn},龚䶮" in lines[2] and "'=HYPERLINK(1)" in lines[1]
    assert [(one.action, one.details["people"]) for one in log] == [
        ("household_list.download", 3),
        ("alarm.household_list", 3),
    ]


def test_a_city_fetches_no_other_citys_list(with_log_table, log):
    let_in(PROVINCE, [villager(31)])
    desk = Desk(officer("city_data_officer", "4403"))
    answer = desk.post("/household-lists/", {"city": "440600", "encoding": "gb18030"})
    assert answer.status_code == 403 and villager(31).ssn not in answer.content.decode()
    assert Desk(officer("town_clerk", "440604012")).get("/household-lists/").status_code == 403
