"""Who comes to stand on paper, for whom: one's own area, nobody protected, within the quota, on the log."""

from __future__ import annotations

import pytest
from printing_desk import codes_of, fetched, ordered, printed, text_of

from canbao.law.duties import read_duties
from canbao.registry.access import Refused
from canbao.registry.actions import requests
from canbao.registry.actions.papers import File
from canbao.registry.actions.protections import ask_protection
from canbao.survey.actions import printing
from canbao.survey.marks import read_mark
from canbao.survey.models import Printing, Task
from canbao.survey.printing import summary_sheets
from canbao.survey.printing import tasks as chosen_tasks
from canbao.survey.printing.batches import Wish
from canbao.survey.printing.choices import places_with_tasks
from register_desk import asked
from survey_desk import OTHER_TOWN, TOWN, city_officer, clerk, county_officer, tasks, who

FORMS = {"kind": "registration_form", "which": "open"}


def protect(task: Task) -> None:
    """Hide a task's person from everybody but one officer."""
    request = ask_protection(
        person_id=task.person_id, cause="witness", readers=[who("city_data_officer", "4406", "reader").username],
        until=None, reason="公安机关来函要求保护", papers=[File("来函", b"%PDF-1.7 made")],
        by=who("provincial_officer", "44", "asker"),
    )  # fmt: skip
    requests.approve(request=request, by=who("provincial_officer", "44", "decider"))


def test_tasks_of_other_places_are_never_in_it(campaign):
    made = fetched(printed(ordered(campaign, **FORMS)))
    own = {task.pk for task in tasks(campaign, place__startswith=TOWN)}
    assert set(map(read_mark, codes_of(made))) == own
    whole = printed(ordered(campaign, by=county_officer(), place="440604", **FORMS))
    assert len(codes_of(fetched(whole, county_officer()))) == 12


@pytest.mark.parametrize("place", [OTHER_TOWN, "440604", "44", "4406", "440106001", "440604010999", ""])
@pytest.mark.parametrize("kind", ["registration_form", "summary_sheet", "card", "announcement", "box_label"])
def test_nothing_is_ordered_or_looked_at_beyond_one_s_area(campaign, kind, place):
    wish = Wish(kind=kind, place=place, which="open")
    for verb in (printing.order, printing.look):
        with pytest.raises(Refused):
            verb(campaign=campaign, wish=wish, by=clerk())
    assert not Printing.objects.exists()


def test_a_file_is_fetched_within_its_area_alone(campaign):
    made = printed(ordered(campaign, **FORMS))
    assert fetched(made, county_officer()).exists()
    for by in (clerk(OTHER_TOWN), who("county_officer", "440605"), who("supervisor", "4406"), who("surveyor", TOWN)):
        with pytest.raises(Refused):
            fetched(made, by)


def test_whoever_is_protected_meanwhile_is_not_printed(campaign):
    batch, first = ordered(campaign, **FORMS), tasks(campaign, place__startswith=TOWN)[0]
    protect(first)
    made = printed(batch)
    assert first.pk not in map(read_mark, codes_of(fetched(made))) and made.records == 7
    assert "1 份因人员已不可查看没有打印" in made.work.message


def test_a_file_with_somebody_who_was_protected_since_is_not_given_away(campaign):
    made = printed(ordered(campaign, **FORMS))
    protect(tasks(campaign, place__startswith=TOWN)[0])
    with pytest.raises(Refused, match="请重新打印"):
        fetched(made)
    assert len(codes_of(fetched(printed(ordered(campaign, **FORMS))))) == 7


def test_summary_sheets_and_letters_leave_protected_people_out(campaign):
    first = tasks(campaign, place=f"{TOWN}001")[0]
    (person,) = asked("SELECT name, ssn FROM person WHERE id = %s", first.person_id)
    protect(first)
    for kind, more in (("summary_sheet", {}), ("letter", {"which": "open"}), ("notice", {"which": "open"})):
        text = text_of(fetched(printed(ordered(campaign, kind, place=f"{TOWN}001", **more))))
        assert person["name"] not in text and person["ssn"] not in text and len(text) > 100


def quota(monkeypatch, tasks_a_day: int) -> None:
    duties = read_duties()
    clerks = duties.duties["town_clerk"].model_copy(update={"tasks_a_day": tasks_a_day})
    monkeypatch.setitem(duties.duties, "town_clerk", clerks)


def test_printing_counts_against_the_day_s_tasks(campaign, monkeypatch):
    quota(monkeypatch, 5)
    with pytest.raises(Refused, match="到上限（5 个）"):
        ordered(campaign, **FORMS)
    assert not Printing.objects.exists()
    assert printing.look(campaign=campaign, wish=Wish(place=TOWN, **FORMS), by=clerk()).startswith(b"%PDF")
    made = printed(ordered(campaign, place=f"{TOWN}001", **FORMS))
    with pytest.raises(Refused, match="上限"):
        ordered(campaign, place=f"{TOWN}003", **FORMS)
    assert fetched(made).exists() and printed(ordered(campaign, place=f"{TOWN}001", **FORMS)).work.state == "done"


def test_papers_that_name_nobody_count_nobody(campaign, monkeypatch):
    quota(monkeypatch, 1)
    for kind, more in (("announcement", {}), ("card", {}), ("notice", {"which": "blank"})):
        assert printed(ordered(campaign, kind, **more)).work.state == "done"


def test_many_forms_at_once_are_an_alarm_and_each_batch_is_on_the_log(campaign, monkeypatch):
    monkeypatch.setattr(printing, "MANY", 7)
    ordered(campaign, place=f"{TOWN}001", **FORMS)
    batch = ordered(campaign, **FORMS)
    lines = asked("SELECT action, objects, details FROM audit_log WHERE action IN ('paper.print', 'alarm.prints')")
    assert [line["action"] for line in lines] == ["paper.print", "paper.print", "alarm.prints"]
    assert f"printing:{batch.pk}" in lines[1]["objects"] and f"campaign:{campaign.pk}" in lines[1]["objects"]
    assert all("样例" not in str(line) for line in lines)


def test_whoever_may_not_print_prints_nothing(campaign):
    for by in (who("supervisor", "4406"), who("village_clerk", f"{TOWN}001"), who("surveyor", TOWN)):
        with pytest.raises(Refused, match="不能打印调查文书"):
            ordered(campaign, by=by, place=by.area, **FORMS)


def test_an_officer_who_may_no_longer_print_gets_nothing(campaign):
    batch = ordered(campaign, **FORMS)
    batch.by.duty = "surveyor"
    batch.by.save()
    assert printed(batch).work.state == "refused"


def test_forms_are_begun_when_they_are_handed_out_and_not_by_printing(campaign):
    made = printed(ordered(campaign, "registration_form", which="assigned"))
    assert {task.state for task in tasks(campaign, place__startswith=TOWN)} == {"assigned"}
    assert printing.hand_out(printing_id=made.pk, by=clerk()) == 8
    (move,) = asked("SELECT DISTINCT move, note FROM survey_taskmove WHERE move = 'start'")
    assert str(made.pk) in str(move["note"])
    with pytest.raises(Refused, match="已经确认过"):
        printing.hand_out(printing_id=made.pk, by=clerk())
    letters = printed(ordered(campaign, "letter", which="open"))
    with pytest.raises(Refused, match="只有已经打印好的登记表"):
        printing.hand_out(printing_id=letters.pk, by=clerk())


def test_a_city_words_its_papers_and_no_one_else(campaign):
    from canbao.survey.actions.wordings import reword, set_issuer

    for by in (county_officer(), clerk(), who("provincial_officer", "44")):
        with pytest.raises(Refused):
            reword(kind="notice", words={}, based_on=0, by=by)
        with pytest.raises(Refused):
            set_issuer(name="某局", seal=None, by=by)
    assert set_issuer(name="某局", seal=None, by=city_officer()).city == "4406"


@pytest.mark.parametrize("kind", ["registration_form", "summary_sheet"])
def test_a_batch_that_no_printer_takes_is_refused(campaign, kind, monkeypatch):
    for module in (printing, chosen_tasks, summary_sheets):
        monkeypatch.setattr(module, "MOST", 7)
    with pytest.raises(Refused, match="最多 7 份"):
        ordered(campaign, kind, which="open")


def test_places_are_offered_with_their_tasks(campaign):
    assert places_with_tasks(campaign, clerk()) == [(TOWN, 8), (f"{TOWN}001", 4), (f"{TOWN}003", 4)]
    assert places_with_tasks(campaign, city_officer()) == [("4406", 12), ("440604", 12), (TOWN, 8), (OTHER_TOWN, 4)]
