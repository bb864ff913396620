"""A resident's form: handed in once with the code on the letter, and reviewed like any other."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from canbao.registry.access import Refused, working
from canbao.survey.actions import campaigns, entries, reviews
from canbao.survey.actions.entries import Unfinished
from canbao.survey.actions.self_filling import UNKNOWN, Unusable, make_codes, open_code, turn_in
from canbao.survey.models import Campaign, Entry, SelfCode, Task
from canbao.survey.moving import Stale
from canbao.survey.reviewing import queue
from canbao.survey.self_codes import LENGTH, LETTERS
from filling_desk import code_for, code_id, filled, open_campaign
from register_desk import asked
from survey_desk import (
    OTHER_TOWN,
    answers,
    city_officer,
    clerk,
    county_officer,
    entered,
    fresh,
    plan,
    running,
    seen,
    tasks,
    who,
)  # fmt: skip


@pytest.fixture
def task(people) -> Task:
    return open_campaign()[1][0]


def log(action: str) -> list[dict]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT account, area, decision, objects, details FROM audit_log WHERE action = %s ORDER BY number",
            [action],
        )
        return [dict(zip(("account", "area", "decision", "objects", "details"), one, strict=True)) for one in cursor]


def forms(task: Task) -> list[Entry]:
    with working():
        return list(Entry.objects.filter(task=task))


def test_a_form_that_a_resident_hands_in_waits_for_review_and_comes_to_the_register(task):
    entry = turn_in(code_id=code_id(code_for(task)), written=filled(), reasons={}, seconds=90)
    now = seen(task)
    assert (now.state, now.is_clean, entry.by, entry.surveyor, entry.method) == ("submitted", True, None, None, "4")
    assert (entry.answers["survey_outcome"], entry.answers["survey_way"], entry.seconds) == ("1", "4", 90)
    reviews.approve(task_id=task.pk, version=now.version, by=county_officer())
    (person,) = asked("SELECT * FROM person WHERE id = %s", task.person_id)
    assert (person["mobile"], person["operator_name"]) == ("13800138009", "本人自填")
    (line,) = log("task.turn_in")
    assert (line["account"], line["area"], line["decision"]) == ("居民自填", task.place, "allowed")
    assert line["objects"] == [f"task:{task.pk}", f"person:{task.person_id}"]


def test_a_code_opens_nothing_but_a_masked_name_and_a_community(task):
    found = open_code(code_for(task))
    (person,) = asked("SELECT name, ssn, hukou_address FROM person WHERE id = %s", task.person_id)
    assert found.name == person["name"][0] + "*" * (len(person["name"]) - 1) and "石湾" not in found.name
    assert person["ssn"] not in repr(found) and person["hukou_address"] not in repr(found)
    assert [line["decision"] for line in log("task.open_by_code")] == ["allowed"]


def test_a_code_is_kept_as_a_digest_alone_and_is_read_in_any_writing(task, settings_changed):
    code = code_for(task)
    bare = code.replace("-", "")
    assert len(bare) == LENGTH and set(bare) <= set(LETTERS)
    (kept,) = asked("SELECT survey_selfcode::text AS row FROM survey_selfcode")
    assert bare not in kept["row"] and code not in kept["row"]
    wide = "".join(chr(ord(one) + 0xFEE0) for one in bare)
    assert len({code_id(written) for written in (code, bare.lower(), f" {code.replace('-', ' ')} ", wide)}) == 1
    settings_changed(SECRET_KEY="another secret, and long enough", SECRET_KEY_FALLBACKS=["not this one"])
    with pytest.raises(Unusable):
        open_code(code)
    settings_changed(SECRET_KEY_FALLBACKS=["made for tests, and long enough for that"])
    assert open_code(code)


def test_what_hinders_a_code_is_the_same_at_the_door_and_is_told_to_whoever_had_opened_the_form(task):
    first = code_for(task)
    opened = code_id(first)
    second = code_for(task)
    used = code_id(second)
    with pytest.raises(Unusable, match=r"换成新的.*0757-12345678"):
        turn_in(code_id=opened, written=filled(), reasons={})
    turn_in(code_id=used, written=filled(), reasons={})
    with pytest.raises(Unusable, match=r"已经用过.*0757-12345678"):
        turn_in(code_id=used, written=filled(mobile="13800138000"), reasons={})
    for code in (first, second, "AAAA-AAAA-AAAA", "not a code", ""):
        with pytest.raises(Unusable, match="这个登记码现在不能用") as refusal:
            open_code(code)
        assert str(refusal.value) == UNKNOWN
    assert len(forms(task)) == 1
    assert [line["decision"] for line in log("task.turn_in")] == ["refused", "allowed", "refused"]


def close_early(task: Task) -> None:
    campaigns.change(plan(self_filling=False), campaign=task.campaign, by=city_officer())


def expire(task: Task) -> None:
    with working():
        SelfCode.objects.update(valid_to=timezone.localdate() - timedelta(days=1))


def end(task: Task) -> None:
    Campaign.objects.update(ends_on=timezone.localdate() - timedelta(days=1))


def shut(task: Task) -> None:
    Campaign.objects.update(state="closed")


def by_clerk(task: Task) -> None:
    entered(task)


def settled(task: Task) -> None:
    with working():
        Task.objects.update(state="closed_by_data")


def sent_back(task: Task) -> None:
    now = entered(task)
    reviews.return_(
        task_id=task.pk, version=now.version, reasons=["missing"], words="", comments={}, by=county_officer()
    )


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (close_early, "不接受自己填表"), (shut, "不接受自己填表"), (expire, "过了有效期"), (end, "过了有效期"),
        (by_clerk, "已经有人交上来"), (settled, "不用再填"), (sent_back, "正在核对"),
    ],
)  # fmt: skip
def test_a_code_that_came_to_nothing_meanwhile_is_refused_with_what_to_do(task, what, said):
    code = code_for(task)
    opened = code_id(code)
    what(task)
    before = len(forms(task))
    with pytest.raises(Unusable, match=f"{said}.*请打电话 0757-12345678"):
        turn_in(code_id=opened, written=filled(), reasons={})
    with pytest.raises(Unusable, match="现在不能用"):
        open_code(code)
    assert len(forms(task)) == before
    with working():
        assert SelfCode.objects.get().used_at is None


def test_a_form_that_is_not_right_uses_up_no_code(task):
    opened = code_id(code_for(task))
    with pytest.raises(Unfinished) as unfinished:
        turn_in(code_id=opened, written=filled(mobile="", no_unit_type=""), reasons={})
    assert {(one.question, one.says) for one in unfinished.value.found} == {
        ("mobile", "手机和固定电话至少填一个"), ("no_unit_type", "请选一个"),
    }  # fmt: skip
    assert seen(task).state == "assigned" and turn_in(code_id=opened, written=filled(), reasons={}).number == 1


def test_a_remark_on_one_s_own_words_wants_a_reason(task):
    opened, said = code_id(code_for(task)), filled(covered_elsewhere="1", said_covers="居民医疗", said_place="广州")
    with pytest.raises(Unfinished, match="1 处"):
        turn_in(code_id=opened, written=said, reasons={})
    entry = turn_in(code_id=opened, written=said, reasons={"SF14": "有缴费记录"})
    assert (entry.found, entry.reasons, seen(task).is_clean) == (["SF14"], {"SF14": "有缴费记录"}, False)


def test_what_only_officers_say_is_not_taken_from_a_resident(task):
    said = filled(survey_outcome="6", survey_way="1", surveyed_on="2016-01-01", unit_no="123", nonsense="x")
    entry = turn_in(code_id=code_id(code_for(task)), written=said, reasons={})
    assert (entry.answers["survey_outcome"], entry.answers["survey_way"]) == ("1", "4")
    assert entry.answers["surveyed_on"] == timezone.localdate().isoformat()
    assert not {"unit_no", "nonsense"} & ({*entry.answers} | {*entry.kept})
    with pytest.raises(Unusable):
        turn_in(code_id=0, written=said, reasons={})


def test_two_browsers_with_one_code_at_once_make_one_effect(task):
    opened, barrier, outcomes = code_id(code_for(task)), Barrier(2), []

    def fill() -> None:
        barrier.wait()
        try:
            outcomes.append(turn_in(code_id=opened, written=filled(), reasons={}) and None)
        except Exception as problem:
            outcomes.append(problem)
        connections.close_all()

    threads = [Thread(target=fill) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [type(one) for one in outcomes if one] == [Unusable] and len(outcomes) == 2
    assert len(forms(task)) == 1


def test_a_clerk_who_was_typing_meanwhile_loses_nothing(task):
    opened = code_id(code_for(task))
    turn_in(code_id=opened, written=filled(), reasons={})
    with pytest.raises(Stale, match="留在草稿里"):
        entries.submit(task_id=task.pk, written=answers(), reasons={}, based_on=0, by=clerk())


def test_whoever_made_the_code_does_not_review_the_form(task):
    made_by_reviewer = code_for(task, by=county_officer())
    turn_in(code_id=code_id(made_by_reviewer), written=filled(), reasons={})
    with pytest.raises(Refused, match="您生成的自填代码"):
        reviews.approve(task_id=task.pk, version=seen(task).version, by=county_officer())
    (row,) = queue(task.campaign_id, by=county_officer()).rows
    assert row["is_own"]
    reviews.approve(task_id=task.pk, version=seen(task).version, by=who("county_officer", "440604", "another"))
    assert seen(task).state == "loaded"


def test_codes_are_made_where_the_city_allows_it_by_those_who_print_for_their_own_open_tasks(people):
    campaign, mine = open_campaign()
    theirs = [one.pk for one in tasks(campaign, place__startswith=OTHER_TOWN)]
    entered(mine[0])
    found = make_codes(campaign=campaign, tasks=[one.pk for one in mine] + theirs, by=clerk())
    assert {*found} == {one.pk for one in mine[1:]} and len({*found.values()}) == len(mine) - 1
    with pytest.raises(Refused, match="不能"):
        make_codes(campaign=campaign, tasks=[mine[1].pk], by=who("auditor", "44"))
    with pytest.raises(Refused, match="管辖范围"):
        make_codes(campaign=campaign, tasks=[mine[1].pk], by=who("city_data_officer", "4401"))
    campaigns.change(plan(self_filling=False), campaign=campaign, by=city_officer())
    with pytest.raises(Refused, match="没有开放居民自填"):
        make_codes(campaign=fresh(campaign), tasks=[mine[1].pk], by=clerk())
    Campaign.objects.update(self_filling=True, state="closed")
    with pytest.raises(Refused, match="已经结束"):
        make_codes(campaign=campaign, tasks=[mine[1].pk], by=clerk())
    assert json.loads(log("task.make_codes")[0]["details"])["codes"] == len(mine) - 1


def test_a_code_that_was_printed_early_waits_till_the_list_is_split(people):
    campaign = running(self_filling=True)
    task = tasks(campaign)[0]
    code = code_for(task, by=county_officer())
    with pytest.raises(Unusable):
        open_code(code)
