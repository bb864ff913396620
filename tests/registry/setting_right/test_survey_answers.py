"""What surveyed people have said: it stands over sources where it knows best, is judged, replaced and taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import ProgrammingError, connection, connections

from canbao.registry.access import Refused, acting, working
from canbao.registry.actions.admission import admit_answers, withdraw_answers
from canbao.registry.comparing import verify
from canbao.registry.deeds import deed
from canbao.registry.explaining import reason
from canbao.registry.models import SurveyAnswers
from people_of_office import officer
from protection_desk import asker, protected, reader
from register_desk import asked, person
from setting_desk import answers, corrected, first, key, merged, put_in, split, surveyed, undone, unsurveyed

ONE, OTHER, THIRD = "440106198503030335", "440106198503030319", "440106198503030351"
HOUSEHOLD = "ssn,name,hukou_division_code,hukou_town_code,hukou_address,residence_address,mobile,ethnicity\n"
HOME = f"{HOUSEHOLD}{ONE},样例乙六,440106,,某路1号,某路1号,13800138000,\n"
BOTH = f"{HOME}{OTHER},样例乙七,440106,440106007,某路2号,某路2号,13800138001,02\n"
COVER = f"ssn,name,insurance_type,contrib_status,region_code\n{ONE},样例乙六,res_medical,1,440304\n"
NOBODY = f"ssn,name,insurance_type,contrib_status,region_code\n{THIRD},样例乙八,res_medical,1,440304\n"


@pytest.fixture
def one(register) -> None:
    """Two people of a household list."""
    put_in("440100", household=BOTH)


def shown(ssn: str, *items: str) -> tuple[object, ...]:
    record = person(ssn)
    return tuple(record[item] for item in items)


def kinds(ssn: str) -> list[str]:
    rows = asked("SELECT kind FROM history WHERE person_id = %s ORDER BY version", key(ssn))
    return [row["kind"] for row in rows]


def sound() -> bool:
    return verify(records=True, facts=True).faults == []


def test_answers_are_admitted_replaced_and_taken_back(one):
    before = person(ONE)
    assert shown(ONE, "disposition", "uninsured_reason", "operator_name") == ("survey", "10", "信息比对")
    surveyed(ONE, uninsured_reason="Z1", residence_address="某路9号", mobile="13900139000", no_unit_type="4")
    assert shown(ONE, "uninsured_reason", "no_unit_type_rule", "residence_address") == ("Z1", "NUS4", "某路9号")
    assert shown(ONE, "mobile", "operator_name", "reviewer_name") == ("13900139000", "调查员甲", "审核员乙")
    assert person(ONE)["disposition"] == "verify" and person(ONE)["disposition_rule"] == "D6"
    second = surveyed(ONE, uninsured_reason="20")
    assert shown(ONE, "uninsured_reason", "mobile", "no_unit_type") == ("20", "13800138000", "3")
    assert [(row["task_id"] == second, row["withdrawn_at"] is None) for row in _rows()] == [
        (False, False),
        (True, True),
    ]
    assert sound()
    assert unsurveyed(second) and not unsurveyed(second)
    same = {name: value for name, value in person(ONE).items() if name not in ("version", "operated_at", "reviewed_at")}
    assert same == {name: before[name] for name in same}
    assert kinds(ONE) == ["registered", "surveyed", "surveyed", "unsurveyed"]
    assert sound()


def test_the_same_said_again_changes_who_has_signed(one):
    surveyed(ONE, uninsured_reason="20")
    given = answers(key(ONE), uninsured_reason="20")
    with deed(by=first(), action="survey.approve", permission="person.see", area="44") as note:
        admit_answers(given.__class__(**{**vars(given), "operator_name": "调查员丙"}), by=first(), note=note)
    assert shown(ONE, "operator_name", "version") == ("调查员丙", 3)
    assert sound()


def test_a_later_package_keeps_what_the_survey_found(one):
    surveyed(ONE, mobile="13900139000", residence_address="某路9号")
    put_in("440100", household=BOTH.replace("13800138000", "13700137000").replace("某路1号,某路1号", "某路3号,某路3号"))
    assert shown(ONE, "mobile", "residence_address", "hukou_address") == ("13900139000", "某路9号", "某路3号")
    assert shown(ONE, "operator_name") == ("调查员甲",)
    assert shown(OTHER, "mobile", "operator_name") == ("13800138001", "信息比对")
    assert sound()


def test_whoever_becomes_insured_has_no_reason_till_the_cover_ends(one):
    surveyed(ONE, uninsured_reason="Z1")
    put_in("440300", insurance=COVER)
    assert shown(ONE, "registration_status", "uninsured_reason") == ("1", None)
    put_in("440300", insurance=COVER.replace("res_medical,1", "res_medical,3"))
    assert shown(ONE, "registration_status", "uninsured_reason", "uninsured_reason_rule") == ("2", "Z1", "URSZ1")
    assert sound()


def test_what_the_police_say_is_filled_and_not_overruled(one):
    told = {
        "hukou_address": "某路7号", "ethnicity": "03", "hukou_town_code": "440106009", "hukou_town_name": "某街道",
        "hukou_village_code": "440106009001", "hukou_village_name": "某社区", "unit_name": "某公司", "unit_type": "10",
        "personal_status": "51",
    }  # fmt: skip
    surveyed(ONE, **told)
    filled = (*told.values(),)[1:]
    assert shown(ONE, *(*told,)[1:], "hukou_address", "home") == (*filled, "某路1号", "440106009001")
    assert "|440106009001" in person(ONE)["areas"]
    surveyed(OTHER, **told)
    assert shown(OTHER, "ethnicity", "hukou_town_code", "hukou_town_name") == ("02", "440106007", None)
    assert shown(OTHER, "hukou_village_code", "hukou_village_name") == (None, None)
    assert sound()


def test_a_correction_stands_over_the_survey(one):
    request = corrected(ONE, mobile="13600136000", ethnicity="04")
    surveyed(ONE, mobile="13900139000", ethnicity="03")
    assert shown(ONE, "mobile", "ethnicity") == ("13600136000", "04")
    undone(request)
    assert shown(ONE, "mobile", "ethnicity") == ("13900139000", "03")
    assert sound()


def test_answers_stay_under_the_number_that_they_were_given_for(one):
    put_in("440300", insurance=NOBODY)
    surveyed(OTHER, uninsured_reason="20", mobile="13900139001")
    surveyed(THIRD, uninsured_reason="32", mobile="13900139002")
    request = merged(ONE, OTHER)
    assert shown(ONE, "uninsured_reason", "mobile", "operator_name") == ("20", "13900139001", "调查员甲")
    surveyed(OTHER, uninsured_reason="Z1")
    assert shown(ONE, "uninsured_reason", "mobile") == ("Z1", "13800138000")
    assert asked("SELECT person_id FROM registry_surveyanswers WHERE items ->> 'uninsured_reason' = 'Z1'") == [
        {"person_id": key(ONE)}
    ]
    assert sound()
    undone(request)
    assert shown(ONE, "uninsured_reason") == ("Z1",)
    assert shown(OTHER, "uninsured_reason", "mobile") == ("20", "13900139001")
    assert sound()


def test_a_split_leaves_the_answers_with_the_number(one):
    put_in("440300", insurance=COVER)
    surveyed(ONE, mobile="13900139000")
    split(ONE, ["440300"])
    assert shown(ONE, "mobile") == ("13900139000",)
    apart = asked("SELECT mobile, operator_name FROM person WHERE ssn LIKE 'TMP-%%'")
    assert apart == [{"mobile": None, "operator_name": "信息比对"}]
    assert sound()


def test_refusals_leave_nothing_behind(one):
    for change in ({"name": "样例丙"}, {"insurance_type": "res_medical"}, {"remark": "某事"}):
        with pytest.raises(Refused, match="不收调查答复"):
            surveyed(ONE, **change)
    given = answers(10**9, mobile="13900139000")
    with pytest.raises(Refused, match="没有这个人"), _deed() as note:
        admit_answers(given, by=first(), note=note)
    with pytest.raises(Refused, match="登记方式"), _deed() as note:
        admit_answers(given.__class__(**{**vars(given), "method": "1"}), by=first(), note=note)
    with _deed() as note:
        assert not withdraw_answers(given.task_id, by=first(), note=note)
    assert _rows() == [] and kinds(ONE) == ["registered"]


def test_several_people_in_one_deed_of_a_county(one):
    with _deed("440106") as note:
        for ssn in (ONE, OTHER):
            admit_answers(answers(key(ssn), uninsured_reason="20"), by=first(), note=note)
    assert shown(ONE, "uninsured_reason") == shown(OTHER, "uninsured_reason") == ("20",)
    assert [name for name in note.objects if name.startswith("person:")] == [f"person:{key(s)}" for s in (ONE, OTHER)]
    assert sound()


def test_others_do_not_see_them(one):
    surveyed(ONE, area="440106", mobile="13900139000")
    assert len(asked("SELECT * FROM registry_surveyanswers", area="440106")) == 1
    assert asked("SELECT * FROM registry_surveyanswers", area="440304") == []
    protected(ONE, [reader()])
    with acting("44", asker()):
        assert not SurveyAnswers.objects.exists()
    with acting("44", reader()):
        assert SurveyAnswers.objects.count() == 1
    surveyed(ONE, area="440106", mobile="13900139009")
    assert shown(ONE, "mobile") == ("13900139009",)
    with pytest.raises(ProgrammingError, match="permission denied"), working(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_surveyanswers")


def test_two_at_once_leave_one_in_force(one):
    by, number = first(), key(ONE)

    def admit(reason: str) -> None:
        try:
            with deed(by=by, action="survey.approve", permission="person.see", area="440106") as note:
                admit_answers(answers(number, uninsured_reason=reason), by=by, note=note)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(admit, ("10", "20", "30", "Z1")))
    (last,) = [row for row in _rows() if row["withdrawn_at"] is None]
    assert len(_rows()) == 4
    assert person(ONE)["uninsured_reason"] == last["reason"]
    assert sound()


def test_why_names_the_survey(one):
    surveyed(ONE, uninsured_reason="20")
    by = officer("provincial_officer", "44", "why")
    told = reason(key(ONE), "uninsured_reason", by=by, purpose="counter")
    assert told is not None and told.rule == "URS20" and told.is_current
    (bearing,) = [one for one in told.bearings if one.quality == "surveyed_reason_20"]
    assert [one.operator_name for one in bearing.answers] == ["调查员甲"] and bearing.rows == ()


def _deed(area: str = "44"):
    return deed(by=first(), action="survey.approve", permission="person.see", area=area)


def _rows() -> list[dict]:
    return asked(
        "SELECT task_id, withdrawn_at, items ->> 'uninsured_reason' AS reason FROM registry_surveyanswers ORDER BY id"
    )
