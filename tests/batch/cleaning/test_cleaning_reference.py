"""Made-up records, with values missing: DuckDB must choose the same row of every table as the Python reading."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from canbao.core.covers import SLUGS
from canbao.core.registration import register
from canbao.law.reader import read_law
from cleaning_desk import HOME, UNIT, CleaningDesk, number

LAW = read_law()
AS_OF = date(2017, 6, 30)
NOT_COMPARED = {"name", "admin_division_code", "mobile", "personal_status", "operated_at", "reviewed_at"}
"""What the reference does not know: names are matched, divisions reported and mobiles completed by the batch."""

BIRTHS = st.one_of(
    st.dates(date(1930, 1, 1), date(2017, 6, 30)),
    st.sampled_from([
        date(2011, 8, 31), date(2011, 9, 1), date(2001, 8, 31), date(2001, 9, 1), date(1962, 6, 30), date(1962, 7, 1),
        date(1957, 6, 30), date(1957, 7, 1), date(1960, 2, 29), date(2012, 2, 29), date(2017, 6, 30),
    ]),
)  # fmt: skip


def some(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *values])


def part_of(whole: dict[str, str]) -> st.SearchStrategy[dict[str, str]]:
    """The row with some of its values missing."""
    return st.fixed_dictionaries({name: st.sampled_from([value, value, value, ""]) for name, value in whole.items()})


HOUSEHOLDS = st.builds(
    lambda home, vital: {**home, "vital_status": vital}, part_of(HOME), some("1", "1", "1", "2", "3", "4")
)
COVERS = st.builds(
    lambda states, rest, unit: {**states, **rest, **unit},
    st.sampled_from([
        {"contrib_status": contrib, "benefit_status": benefit} for contrib in ("", "1", "2", "3")
        for benefit in ("", "1", "2", "3") if contrib or benefit
    ]),
    st.fixed_dictionaries({
        "insurance_type": st.sampled_from(SLUGS), "payer_category": some("U", "F", "R", "S", "P"),
        "personal_status": some("31", "37", "51", "80", "24"), "region_code": some("440604", "440605", "440106"),
        "enrol_date": some("1999-01-01", "2010-01-01", "2016-05-05", "2018-01-01"),
    }),
    part_of({**UNIT, "unit_type": "99"}) | part_of(UNIT),
)  # fmt: skip
LISTS = {
    "labour": st.builds(lambda employed, unit: {"employed": employed, **unit}, some("0", "1"), part_of(UNIT)),
    "school": st.fixed_dictionaries({"full_time": some("0", "1")}),
    "retirement": st.just({}),
    "military": st.just({}),
    "court": st.just({}),
    "exit_entry": st.fixed_dictionaries({"purpose": some("study", "settle", "work", "tour")}),
    "injury": st.fixed_dictionaries({
        "grade": some("00", "01", "04", "05", "10"), "payment": some("monthly", "lump_sum"),
        "benefit_status": some("1", "2", "3"), "survivor_pension_status": some("1", "2", "3"),
    }),
    "death": st.fixed_dictionaries({"death_date": some("2017-01-01")}),
}  # fmt: skip


@st.composite
def cities(draw: Any) -> list[tuple[str, dict[str, list[dict[str, str]]]]]:
    """150 people, each with the rows of their own; no two rows of a person compete on equal terms."""
    people = []
    for place in range(150):
        birth, male = draw(BIRTHS), draw(st.booleans())
        ssn = number(3 + 2 * place + (not male), f"{birth:%Y%m%d}")
        covers = draw(st.lists(COVERS, max_size=4))
        rows = {
            "household": draw(st.lists(HOUSEHOLDS, max_size=1)),
            "insurance": [{**one, "updated_at": f"2017-01-{day:02d}"} for day, one in enumerate(covers, 1)],
        }
        for name in draw(st.lists(st.sampled_from(sorted(LISTS)), max_size=2, unique=True)):
            rows[name] = [draw(LISTS[name])]
        named = {source: [{"ssn": ssn, "name": "样例", **row} for row in of] for source, of in rows.items() if of}
        if named:
            people.append((ssn, named))
    return people


@settings(
    max_examples=3, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
@given(cities(), st.sampled_from(sorted(LAW.profiles)))
def test_the_engine_decides_as_the_reference_does(people: Any, profile: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = CleaningDesk(Path(folder))
        for source in LAW.sources:
            if source != "resolution":
                desk.put(source, *(row for _, rows in people for row in rows.get(source, ())))
        persons = {one["ssn"]: one for one in desk.clean(profile).tables["persons"]}
    assert sorted(persons) == sorted(ssn for ssn, _ in people)
    for ssn, rows in people:
        registration = register(rows, law=LAW, profile=profile, as_of=AS_OF)
        compared = persons[ssn].keys() & registration.items.keys() - NOT_COMPARED
        got = {item: persons[ssn][item] for item in sorted(compared)}
        assert got == {item: registration.items[item] for item in sorted(compared)}, rows
