"""The law's worked cases through packages and PostgreSQL: the same answers as from Python and DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connections

from canbao.core.surveying import ANSWERABLE
from cleaning_desk import CleaningDesk
from register_desk import admitted, person
from setting_desk import surveyed
from triggers import without_triggers
from worked_cases import LAW, batches, number_of


@pytest.mark.parametrize("profile", LAW.profiles)
def test_worked_cases_in_the_register(register, settings_changed, profile: str, tmp_path: Path):
    settings_changed(PROFILE=profile)
    seen = 0
    for place, (day, cases) in enumerate(batches(profile)):
        desk = CleaningDesk(tmp_path / str(place))
        desk.folder.mkdir()
        for source in LAW.sources:
            desk.put(source, *(row for case in cases for row in case.rows.get(source, ())))
        empty_register()
        admitted(desk.clean(profile, day).folder)
        for case in cases:
            for said in case.rows.get("survey", ()):
                surveyed(number_of(case), **{item: value for item, value in said.items() if item in ANSWERABLE})
            registered = person(number_of(case))
            expected = {item: value for item, value in case.expects.items() if item in registered}
            assert expected
            assert {item: registered[item] for item in expected} == expected, case.id
        seen += len(cases)
    assert seen == sum(profile in case.profiles for case in LAW.cases)


def empty_register() -> None:
    """The day of judgement never goes back, so each day's cases begin with nobody."""
    with connections["owner"].cursor() as cursor, without_triggers(cursor):
        cursor.execute(
            "TRUNCATE person, person_identifier, person_fact, insurance_fact, evidence, history, registry_package, "
            "registry_surveyanswers "
            "RESTART IDENTITY CASCADE"
        )
