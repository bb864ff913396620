"""Forms and assignments by spreadsheet: what is right goes in, what is wrong comes back, and nothing in between."""

from __future__ import annotations

import pytest

from canbao.registry.access import Refused
from canbao.survey.actions import batches, splitting
from sheet_filling import filled
from survey_desk import TOWN, answers, clerk, county_officer, running, split, surveyor, tasks

VILLAGE = f"{TOWN}001"


def write_answers(said: dict[str, str]) -> None:
    said |= answers(mobile=f"138{int(float(said['TASK'])):08d}")


def test_fifty_forms_come_in_by_spreadsheet(people):
    campaign = running()
    split(campaign)
    content = batches.entry_sheet(campaign=campaign, place=VILLAGE, by=clerk())
    taken = batches.take_entries(content=filled(content, write_answers), by=clerk())
    assert (taken.done, taken.errors) == (4, [])
    assert {task.state for task in tasks(campaign, place=VILLAGE)} == {"submitted"}


def test_a_wrong_row_comes_back_and_goes_in_when_it_is_right(people):
    campaign = running()
    split(campaign)
    content = batches.entry_sheet(campaign=campaign, place=VILLAGE, by=clerk())
    first = str(tasks(campaign, place=VILLAGE)[0].pk)

    def write(said: dict[str, str]) -> None:
        write_answers(said)
        if said["TASK"].removesuffix(".0") == first:
            said["mobile"] = "12345"

    taken = batches.take_entries(content=filled(content, write), by=clerk())
    assert taken.done == 3 and [one.label.rstrip("*＊ ") for one in taken.errors] == ["手机号码"]
    again = batches.take_entries(content=filled(taken.sheet, write_answers), by=clerk())
    assert (again.done, again.errors) == (1, [])


def test_a_sheet_of_another_place_is_not_taken(people):
    campaign = running()
    splitting.allot_by_place(campaign=campaign, by=county_officer())
    split_off = batches.entry_sheet
    with pytest.raises(Refused, match="没有可以填的任务"):
        split_off(campaign=campaign, place=VILLAGE, by=clerk())
    split(campaign)
    content = split_off(campaign=campaign, place=VILLAGE, by=clerk())
    with pytest.raises(Refused, match="别的地方"):
        batches.take_entries(content=content, by=clerk("440604012"))


def test_surveyors_are_assigned_by_spreadsheet(people):
    campaign = running()
    splitting.allot_by_place(campaign=campaign, by=county_officer())
    one = surveyor()
    content = batches.assignment_sheet(campaign=campaign, place=VILLAGE, by=clerk())

    def write(said: dict[str, str]) -> None:
        said["card"] = one.card_number

    taken = batches.take_assignments(content=filled(content, write, "分派"), by=clerk())
    assert taken.done == 4 and {task.surveyor_id for task in tasks(campaign, place=VILLAGE)} == {one.pk}
