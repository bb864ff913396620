"""Made people with made answers: the slow reference and PostgreSQL judge them alike, by both readings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from random import Random

from django.db import connection

from canbao.core.registration import DERIVED, OF_HOUSEHOLD, register
from canbao.core.surveying import ANSWERABLE, OF_UNIT
from canbao.law.reader import read_law
from canbao.registry.access import working
from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.actions.admission.package import judge_again
from canbao.registry.comparing import verify
from canbao.registry.models import SurveyAnswers
from cleaning_desk import number
from register_desk import asked
from setting_desk import AT, answers, first, key, put_in

Rows = dict[str, list[dict[str, str]]]
PEOPLE = 400
ITEMS = (
    *DERIVED, *(f"{item}_rule" for item in DERIVED), "disposition", "disposition_rule", *OF_HOUSEHOLD, *OF_UNIT,
    "residence_address", "mobile", "vital_status", "operator_name", "reviewer_name",
)  # fmt: skip
SIGNED = {
    "operator_name": "调查员甲", "operated_at": "2017-07-02", "reviewer_name": "审核员乙", "reviewed_at": "2017-07-02",
}  # fmt: skip
TOLD = {
    "residence_address": ("某路8号",), "mobile": ("13900139000",), "ethnicity": ("03",), "hukou_address": ("某路7号",),
    "hukou_division_code": ("440106", "440304"), "hukou_town_code": ("440106008", "440304001"),
    "hukou_town_name": ("乙街道",), "hukou_village_code": ("440106007002", "440106008001"),
    "hukou_village_name": ("乙社区",), "unit_no": ("T1",), "unit_name": ("乙公司",), "unit_type": ("10",),
    "employment_status": ("1", "2"), "no_unit_type": ("1", "2", "3", "4", "5"),
    "uninsured_reason": ("10", "11", "20", "21", "30", "32", "33", "Z1"),
}  # fmt: skip
LISTS = {
    "labour": {"employed": ("1", "0"), "unit_no": ("L1", ""), "unit_name": ("某厂",), "unit_type": ("10",)},
    "school": {"full_time": ("1", "0", "")}, "retirement": {}, "military": {}, "court": {},
    "exit_entry": {"purpose": ("study", "settle", "")},
}  # fmt: skip
BORN = ("19560301", "19600901", "19840404", "19990301", "20080301", "20111101", "20140301")


def test_both_judge_alike(register, settings_changed):
    people = dict(_people(Random(20170509)))
    put_in("440100", **_files([*people.values()]))
    _let_stand(people)
    for profile in read_law().profiles:
        settings_changed(PROFILE=profile)
        with working(), connection.cursor() as cursor:
            judge_again(cursor, [key(ssn) for ssn in people], Cause("surveyed"))
        found = {row["ssn"]: row for row in asked("SELECT * FROM person")}
        assert found.keys() == people.keys()
        for ssn, rows in people.items():
            assert {item: found[ssn][item] for item in ITEMS} == register_slowly(rows, profile), rows
        assert verify(records=True, facts=True).faults == []


def _let_stand(people: dict[str, Rows]) -> None:
    """All answers at once, which for each of so many people would take too long."""
    by, given = first(), []
    for ssn, rows in people.items():
        for said in rows["survey"]:
            said = answers(key(ssn), **{item: said[item] for item in ANSWERABLE if item in said})
            given.append(SurveyAnswers(**vars(said), admitted_by=by, admitted_at=AT))
    with working():
        SurveyAnswers.objects.bulk_create(given)
    assert len(given) > PEOPLE / 2


def register_slowly(rows: Rows, profile: str) -> dict[str, object]:
    judged = register(rows, law=read_law(), profile=profile, as_of=date(2017, 6, 30))
    return {item: judged.items.get(item) for item in ITEMS}


def _people(dice: Random) -> Iterator[tuple[str, Rows]]:
    for order in range(1, PEOPLE + 1):
        ssn = number(order, dice.choice(BORN))
        rows = _of_one(dice)
        yield ssn, {name: [{"ssn": ssn, "name": "样例甲", **row} for row in those] for name, those in rows.items()}


def _of_one(dice: Random) -> Rows:
    is_household = dice.random() < 0.85
    kinds = dice.sample(
        ("emp_pension", "res_pension", "emp_medical", "res_medical", "work_injury"), dice.choice((0, 0, 1, 2))
    )
    covers = [_cover(kind, dice) for kind in kinds or ([] if is_household else ["res_medical"])]
    lists = {name: [_some(columns, dice, 1)] if dice.random() < 0.12 else [] for name, columns in LISTS.items()}
    said = [{**_some(TOLD, dice, 0.35), **SIGNED}] if dice.random() < 0.8 else []
    return {"household": [_household(dice)] if is_household else [], "insurance": covers, **lists, "survey": said}


def _some(columns: dict[str, tuple[str, ...]], dice: Random, share: float) -> dict[str, str]:
    return {name: dice.choice(values) for name, values in columns.items() if dice.random() <= share}


def _household(dice: Random) -> dict[str, str]:
    row = {
        "hukou_division_code": "440106", "hukou_town_code": "440106007", "hukou_town_name": "甲街道",
        "hukou_village_code": "440106007001", "hukou_village_name": "甲社区", "hukou_address": "某路1号",
        "residence_address": "某路2号", "mobile": "13800138000", "ethnicity": "01", "vital_status": "1",
    }  # fmt: skip
    depth = dice.choice((1, 3, 5, 5))
    known = [*row][:depth] + [name for name in [*row][5:] if dice.random() < 0.8]
    return {name: row[name] for name in known} | ({"vital_status": "3"} if dice.random() < 0.05 else {})


def _cover(kind: str, dice: Random) -> dict[str, str]:
    unit = {"unit_no": "D1", "unit_name": "某公司", "unit_type": "10"} if dice.random() < 0.5 else {}
    payer = dice.choice(("U", "F")) if kind not in ("res_pension", "res_medical") else dice.choice(("R", "S"))
    return {
        "insurance_type": kind, "contrib_status": dice.choice(("1", "2", "3", "3")), "payer_category": payer,
        "enrol_date": "2010-01-01", "region_code": "440106", **unit,
    }  # fmt: skip


def _files(people: list[Rows]) -> dict[str, str]:
    """What a city says of all of them, as CSV by source."""
    return {
        name: _csv([row for rows in people for row in rows[name]], name) for name in ("household", "insurance", *LISTS)
    }


def _csv(rows: list[dict[str, str]], source: str) -> str:
    columns = [column.name for column in read_law().sources[source].columns]
    text = io.StringIO()
    csv.DictWriter(text, columns, restval="", lineterminator="\n").writeheader()
    csv.DictWriter(text, columns, restval="", lineterminator="\n").writerows(rows)
    return text.getvalue()
