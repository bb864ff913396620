"""The engine that judges on the phone gives the same answers as Python, in a real browser, case by case."""

from __future__ import annotations

from collections.abc import Iterator

import engine_forms
import pytest
from engine_batches import BATCHES, LAW, persons
from engine_site import MOBILE, chromium, engine_page, judged, serving_modules
from playwright.sync_api import Browser, Error, Page

assert engine_forms.SURVEY
"""Its batches are among BATCHES once it is imported."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Where the modules are."""
    with serving_modules() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page with the engine as it is."""
    with engine_page(browser, site) as opened:
        yield opened


@pytest.mark.parametrize("name", BATCHES)
def test_the_phone_says_what_python_says(page, name):
    batch = BATCHES[name]()
    got = judged(page, name, batch.given)
    assert len(got) == len(batch.expected)
    wrong = [(number, *both) for number, both in enumerate(zip(got, batch.expected, strict=True)) if both[0] != both[1]]
    assert wrong[:1] == [], f"{len(wrong)} of {len(got)}"


def test_the_worked_cases_get_what_the_law_expects(page):
    got = judged(page, "persons", persons().given)
    cases = [case for case in LAW.cases for _ in case.profiles]
    for case, one in zip(cases, got, strict=True):
        assert {item: one["items"].get(item) for item in case.expects} == case.expects, case.id


@pytest.mark.parametrize("written", [{"sex": {"like": "1"}}, {"all": [{"sex": {"over": 3}}]}, {"sex": {}}, {}])
def test_a_condition_that_is_not_on_the_list_is_no_answer(page, written):
    with pytest.raises(Error, match=r"not on the list|not iterable|undefined"):
        judged(page, "conditions", [[written, {"sex": "1"}, "2017-06-30", []]])


def test_the_cases_reach_what_there_is():
    """Every row of every table wins, some records are undetermined, every finding is found, and every kind of fault."""
    decisions = BATCHES["tables"]().expected
    rows = {row.id for table in LAW.tables.values() for row in table.first_match}
    assert {one["rule"] for one in decisions} >= rows
    assert any(one["undetermined"] for one in decisions) and any(one["alsoMatching"] for one in decisions)
    found = {one["rule"] for reading in BATCHES["forms"]().expected for one in reading["found"]}
    assert found >= {one.id for one in engine_forms.SURVEY.findings} | {"needed", "wrong", "too_long"}
    assert set(BATCHES["conditions"]().expected) == {True, False, None}
    assert sum(day is not None for day in BATCHES["days"]().expected) > 2000
    told = {(one["item"], one["value"]) for outcomes in BATCHES["derived"]().expected for one in outcomes}
    assert {value for item, value in told if item == "uninsured_reason"} >= {None, "10", "20", "21", "Z1"}


FAULTS = [
    ("conditions.js", "return answers.includes(null) ? null : true;", "return !answers.includes(null);", "conditions"),
    ("conditions.js", "return answers.includes(null) ? null : false;", "return false;", "conditions"),
    ("conditions.js", "return answer === null ? null : !answer;", "return !answer;", "conditions"),
    ("conditions.js", "birth.iso > on) return null", "birth.iso > on) return false", "tables"),
    (
        "conditions.js",
        "hasOwnProperty.call(object, name) ?",
        "hasOwnProperty.call(object, name) || true ?",
        "conditions",
    ),
    ("conditions.js", "(item !== null) === (value", "(item !== undefined) === (value", "persons"),
    ("conditions.js", "age(bounds, record, cutOff(record.asOf))", "age(bounds, record, record.asOf)", "tables"),
    (
        "conditions.js",
        "item instanceof Day && other instanceof Day && item.iso < other.iso",
        "item !== null && other !== null && String(item) < String(other)",
        "conditions",
    ),
    ("conditions.js", "item.iso < other.iso", "item.iso <= other.iso", "conditions"),
    ("days.js", "return on >= anniversary", "return on > anniversary", "tables"),
    ("days.js", "month === 2 && isLeap ? 29", "month === 2 ? 29", "ages"),
    ("days.js", "serial > 60 ? 2 : 1", "1", "days"),
    ("text.js", '.normalize("NFKC")', "", "forms"),
    ("text.js", "\\u{e0100}-\\u{e01ef}", "", "characters"),
    ("text.js", 'text.replace(BLANK_ENDS, "")', "text.trim()", "forms"),
    ("text.js", "Array.from(text).length", "text.length", "forms"),
    ("tables.js", "table.orders[profile]", "Object.keys(table.rows)", "tables"),
    ("tables.js", "if (judged.some((one) => one.answer === null))", "if (false)", "tables"),
    ("tables.js", "table.only_when !== null", "false", "tables"),
    ("tables.js", "matching.slice(1)", "matching", "tables"),
    ("tables.js", "wrongItems(law, record).length > 0", "false", "persons"),
    ("form.js", "record.items[question.id] = answers[question.id];", "", "forms"),
    ("form.js", "const known = factsOf(facts);", "const known = facts;", "forms"),
    ("form.js", 'one.severity !== "ignore"', "true", "forms"),
    ("form.js", "`${code}、${label}`]", "]", "forms"),
    ("form.js", "oddOf(form, record).filter((one) => !wrong.has(one.question))", "oddOf(form, record)", "forms"),
    ("moves.js", "move.from.length === 0", "true", "moves"),
    ("derived.js", "known.filter((id) => !ofSurvey.includes(id))", "known", "derived"),
    ("derived.js", "record.items[item] = value;", "", "derived"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "name"), FAULTS, ids=[f"{one[0]}-{one[2]}" for one in FAULTS])
def test_a_fault_in_the_engine_is_found(browser, site, file, right, wrong, name):
    """The same comparison says no as soon as one line of the engine is another one."""
    text = (MOBILE / "engine" / file).read_text(encoding="utf-8")
    assert text.count(right) == 1
    batch = BATCHES[name]()
    with engine_page(browser, site, {file: text.replace(right, wrong)}) as page:
        assert judged(page, name, batch.given) != batch.expected
