"""Candidates in the register: found in the background, seen within one's area, decided by people, remembered."""

from __future__ import annotations

import pytest
from made_delivery import Said, admitted

from canbao.office.candidates import finding
from canbao.registry import candidates as registered
from canbao.registry.access import Refused
from canbao.registry.actions import candidates as actions
from canbao.registry.actions import requests
from canbao.registry.actions.merges import ask_merge
from canbao.registry.models import Candidate, Work
from people_of_office import officer
from setting_desk import REASON, SCAN, approved, first, key, put_in, second

ONE, SLIP = "440106198503030335", "440106198503030319"
HEADS = "ssn,name,hukou_division_code,hukou_village_code,hukou_address,residence_address,mobile\n"
ROW = "{},样例乙六,440106,440106001001,某路1号301房,某路1号301房,13800138000\n"


@pytest.fixture
def found(register, settings_changed, tmp_path) -> Candidate:
    """One person who is in the household list under a mistyped number too, found by the machine."""
    settings_changed(SPOOL=tmp_path)
    put_in("440100", household=HEADS + ROW.format(ONE) + ROW.format(SLIP))
    look()
    return Candidate.objects.get()


def look() -> Work:
    task = finding.asked(first())
    finding.find(task)
    task.refresh_from_db()
    assert task.state == "done"
    return task


def test_a_candidate_has_reasons_and_is_seen_by_its_place_alone(found):
    assert {found.left_id, found.right_id} == {key(ONE), key(SLIP)}
    assert "name_same" in found.reasons and "mobile_same" in found.reasons and found.probability > 0.9
    assert found.area == "440106"
    (seen,) = registered.listed(by=officer("county_officer", "440106"))
    assert {seen.left["ssn"], seen.right["ssn"]} == {ONE, SLIP}
    assert registered.listed(by=officer("city_data_officer", "4406")) == []


def test_two_people_are_not_proposed_again_until_their_data_change(found):
    actions.dismiss(candidate=found, reason="是双胞胎，都已核对", by=first())
    look()
    assert Candidate.objects.get().state == "different"
    put_in("440100", household=HEADS + ROW.format(ONE) + ROW.format(SLIP).replace("301房", "302房"))
    look()
    assert Candidate.objects.get().state == "open"


def test_what_becomes_of_a_merge_is_remembered(found):
    request = ask_merge(keep=key(ONE), other=key(SLIP), reason=REASON, papers=[SCAN], by=first())
    assert Candidate.objects.get().state == "asked"
    requests.take_back(request=request, by=first())
    assert Candidate.objects.get().state == "open"
    request = ask_merge(keep=key(ONE), other=key(SLIP), reason=REASON, papers=[SCAN], by=first())
    requests.refuse(request=request, answer="照片不是同一人", by=second())
    assert (Candidate.objects.get().state, Candidate.objects.get().reason) == ("different", "照片不是同一人")


def test_whoever_is_merged_is_compared_no_more(found):
    approved(ask_merge(keep=key(ONE), other=key(SLIP), reason=REASON, papers=[SCAN], by=first()))
    assert "没有可以比对的人" in look().message
    assert Candidate.objects.get().state == "asked"


def test_another_place_s_candidate_is_not_decided(found):
    with pytest.raises(Refused, match="管辖范围"):
        actions.dismiss(candidate=found, reason="不是同一人", by=officer("city_data_officer", "4406"))


def test_an_empty_register_says_so(register, settings_changed, tmp_path):
    settings_changed(SPOOL=tmp_path)
    admitted("440100", "440106", {ONE: Said("样例甲", "440106001001")}, first())
    assert "没有可以比对的人" in look().message
    assert list(tmp_path.iterdir()) == []
