"""Same number, same person? Names, conflicts, officers' decisions, identical rows (docs/contract.md, step 3)."""

from __future__ import annotations

import pytest

from cleaning_desk import COVER, HOME, UNIT, CleaningDesk, number

ONE, OTHER = number(11), number(12)


def household(name: str, ssn: str = ONE, **more: str) -> dict[str, str]:
    return {"ssn": ssn, "name": name, **HOME, **more}


def cover(name: str, type_: str = "emp_pension", ssn: str = ONE, **more: str) -> dict[str, str]:
    return {"ssn": ssn, "name": name, "insurance_type": type_, **COVER, **UNIT, **more}


def test_the_household_name_is_the_reference(desk: CleaningDesk) -> None:
    desk.put("household", household("张三"))
    desk.put("insurance", cover("李四"), cover("李四", "emp_medical"), cover("张三", "maternity"))
    results = desk.clean()
    person = results.person(ONE)
    assert person["name"] == "张三"
    assert (person["emp_pension_contrib_status"], person["maternity_contrib_status"]) == (None, "1")
    assert person["disposition"] == "verify"
    assert [(one["reference_name"], one["other_name"], one["source"], one["row"])
            for one in results.tables["conflicts"]] == [
        ("张三", "李四", "insurance.csv", 2), ("张三", "李四", "insurance.csv", 3),
    ]  # fmt: skip
    assert results.rules(ONE).count("name_conflict") == 2


@pytest.mark.parametrize(
    ("rows", "reference"),
    [
        ([("张三", "2017-01-01"), ("李四", "2016-01-01"), ("李四", "2016-01-01")], "李四"),
        ([("张三", "2016-01-01"), ("李四", "2017-01-01")], "李四"),
        ([("张三", "2017-01-01"), ("李四", "2017-01-01")], min("张三", "李四")),
        ([("张三", ""), ("李四", "2001-01-01")], "李四"),
    ],
)
def test_without_a_household_most_rows_then_the_latest_then_the_smaller(
    desk: CleaningDesk, rows: list[tuple[str, str]], reference: str
) -> None:
    types = ["emp_pension", "emp_medical", "maternity"]
    desk.put("insurance", *(cover(name, type_, updated_at=at) for (name, at), type_ in zip(rows, types, strict=False)))
    assert desk.clean().person(ONE)["name"] == reference


def test_several_household_names_are_decided_by_votes(desk: CleaningDesk) -> None:
    desk.put("household", household("张三"), household("李四"))
    desk.put("insurance", cover("李四"))
    results = desk.clean()
    assert results.person(ONE)["name"] == "李四"
    assert [one["other_name"] for one in results.tables["conflicts"]] == ["张三"]


def test_another_name_in_a_list_is_a_warning_and_no_conflict(desk: CleaningDesk) -> None:
    desk.put("household", household("张三"))
    desk.put("military", {"ssn": ONE, "name": "李四"})
    results = desk.clean()
    assert results.person(ONE)["uninsured_reason"] == "10"
    assert results.tables["conflicts"] == []
    (finding,) = [one for one in results.tables["findings"] if one["rule"] == "name_other"]
    assert (finding["severity"], finding["source"], finding["row"]) == ("warning", "military.csv", 2)
    assert results.summary["sources"]["military"]["rows_not_used"] == {"other_name": 1}


@pytest.mark.parametrize(
    "written", ["阿不都•热西提", "阿不都‧热西提", "阿不都．热西提", " 阿不都・热西提　", "阿不都∙热 西提"]
)
def test_spellings_of_one_name_are_one_name(desk: CleaningDesk, written: str) -> None:
    desk.put("household", household("阿不都·热西提"))
    desk.put("insurance", cover(written))
    results = desk.clean()
    assert results.tables["conflicts"] == []
    assert results.person(ONE)["emp_pension_contrib_status"] == "1"


@pytest.mark.parametrize(
    ("decision", "merged", "at_other"),
    [("same", True, False), ("different", False, False), ("correct", False, True)],
)
def test_an_officer_s_word_ends_the_conflict(desk: CleaningDesk, decision: str, merged: bool, at_other: bool) -> None:
    desk.put("household", household("张三"), household("李四", OTHER))
    desk.put("insurance", cover("李四"))
    desk.put("resolution", {"ssn": ONE, "name": "李四", "decision": decision, "correct_ssn": OTHER})
    results = desk.clean()
    assert results.tables["conflicts"] == []
    assert (results.person(ONE)["emp_pension_contrib_status"] == "1") == merged
    assert (results.person(OTHER)["emp_pension_contrib_status"] == "1") == at_other
    assert results.person(ONE)["disposition"] != "verify"
    told = {"same": "merged_by_resolution", "different": "dropped_by_resolution", "correct": "moved_by_resolution"}
    assert told[decision] in results.rules()
    assert all(source["balanced"] for source in results.summary["sources"].values())


def test_a_decision_counts_however_the_number_is_written(desk: CleaningDesk) -> None:
    desk.put("household", household("张三"))
    desk.put("insurance", cover("李四", ssn=f" {ONE[:6]} {ONE[6:]}"))
    desk.put(
        "resolution",
        {"ssn": ONE.translate({48 + n: 0xFF10 + n for n in range(10)}), "name": "李 四", "decision": "相同"},
    )
    results = desk.clean()
    assert results.person(ONE)["emp_pension_contrib_status"] == "1"
    assert results.tables["conflicts"] == []


def test_the_same_conflict_is_not_asked_twice(desk: CleaningDesk) -> None:
    desk.put("household", household("张三"))
    desk.put("insurance", cover("李四"))
    asked = desk.clean().tables["conflicts"]
    answers = ({"ssn": one["ssn"], "name": one["other_name"], "decision": "different"} for one in asked)
    desk.put("resolution", *answers)
    assert desk.clean().tables["conflicts"] == []


def test_a_decision_that_can_not_be_used_is_a_finding(desk: CleaningDesk) -> None:
    desk.put("household", household("张三"))
    desk.put(
        "resolution",
        {"ssn": ONE, "name": "李四", "decision": "correct", "correct_ssn": "1"},
        {"ssn": ONE, "name": "李四", "decision": "perhaps", "correct_ssn": ""},
    )
    results = desk.clean()
    assert results.rules().count("resolution_unusable") == 2
    assert results.summary["sources"]["resolution"]["rows_not_used"] == {"unusable_decision": 2}
    assert results.summary["sources"]["resolution"]["balanced"]


def test_identical_rows_are_one_row(desk: CleaningDesk) -> None:
    desk.put("household", household("张三"), household("张三"))
    desk.put("insurance", cover("张三"), cover("张三"), cover("张三"))
    results = desk.clean()
    assert len(results.tables["insurances"]) == 1
    assert results.summary["sources"]["insurance"]["rows_not_used"] == {"identical": 2}
    assert results.summary["sources"]["household"]["rows_not_used"] == {"identical": 1}
    assert "duplicate_cover_places" not in results.rules(ONE)


def test_a_15_digit_number_and_its_18_digit_form_are_one_person(desk: CleaningDesk) -> None:
    old = ONE[:6] + ONE[8:17]
    desk.put("household", household("张三"))
    desk.put("insurance", cover("张三", ssn=old))
    results = desk.clean()
    assert results.numbers() == [ONE]
    assert results.person(ONE)["emp_pension_contrib_status"] == "1"
    assert "number_upgraded" in results.rules(ONE)


def test_foreign_numbers_are_persons_too(desk: CleaningDesk) -> None:
    numbers = ["DEU0C01X00T47", "HKG0H12345678", "CHNE12345678", "TWN012345678"]
    desk.put("insurance", *(cover("样例", ssn=one, sex="1", birth_date="1980-05-05") for one in numbers))
    results = desk.clean()
    assert results.numbers() == sorted(numbers)
    for person in results.tables["persons"]:
        assert (person["registration_status"], person["sex"], str(person["birth_date"])) == ("3", "1", "1980-05-05")
