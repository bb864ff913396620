"""Who sees and decides requests, which papers open, and what happens when two decide at once or things have changed."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone
from office_browsers import Browser
from two_numbers import COVER, NEW, OLD, PNG, REASON, ask_merge, request_of, scan

from canbao.office.requests.approving import AFTER_APPROVAL
from canbao.office.requests.parts import PARTS
from canbao.registry.access import Refused
from canbao.registry.actions.papers import LARGEST
from canbao.registry.deeds import deed
from canbao.registry.models import Link, Officer, Paper, Request
from place_desk import NEW_TOWN, SPLIT, in_force
from register_desk import asked
from setting_desk import key, merged, put_in


@pytest.fixture
def request_id(officers, two) -> int:
    """A merge that the first officer has asked for."""
    return ask_merge(officers[0], *two)


def ask_correction(browser: Browser, person: int, **more: object):
    """Post the correction desk's form."""
    return browser.post(f"/people/{person}/correction/", {"reason": REASON, "papers": [scan()], **more})


def test_the_asker_cannot_decide_through_a_second_account_either(opened, officers, request_id):
    other = opened("provincial_officer", "44", "first-again", staff_number="first")
    page = other.read(f"/requests/{request_id}/")
    assert "同意</button>" not in page
    answer = other.post(f"/requests/{request_id}/approve/", {"answer": "可以，同意"})
    assert answer.status_code == 403 and "换一个账号也不行" in answer.content.decode()
    assert asked("SELECT state FROM registry_request") == [{"state": "asked"}]
    assert "没有这样的申请" in other.read("/requests/?whose=decide")


def test_another_area_finds_no_request_and_no_paper(opened, request_id):
    paper = asked("SELECT id FROM registry_paper")[0]["id"]
    city = opened("city_data_officer", "4406")
    for address in ("", f"papers/{paper}/", "answer/"):
        assert city.get(f"/requests/{request_id}/{address}").status_code == 404
    for move in ("approve", "refuse", "take-back", "undo"):
        assert city.post(f"/requests/{request_id}/{move}/", {"answer": REASON}).status_code == 404
    assert f"/requests/{request_id}/" not in city.read("/requests/")


def test_a_supervisor_sees_that_it_is_overdue_and_nobody_in_it(opened, officers, request_id):
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE registry_request SET due_on = %s", [timezone.localdate() - timedelta(days=1)])
    supervisor = opened("supervisor", "44")
    assert "逾期的申请" in supervisor.read("/") and "待我决定的申请" not in supervisor.read("/")
    listed = supervisor.read("/requests/?overdue=1")
    assert f'href="/requests/{request_id}/"' in listed and "逾期" in listed.split("<tbody>")[1]
    page = supervisor.read(f"/requests/{request_id}/")
    assert "不查看个人登记" in page
    assert not [one for one in (REASON, "户口本", "样例", "440***", "papers/") if one in page]
    paper = asked("SELECT id FROM registry_paper")[0]["id"]
    assert supervisor.get(f"/requests/{request_id}/papers/{paper}/").status_code == 403
    assert "待我决定的申请" in officers[1].read("/")


def test_a_paper_opens_where_nothing_in_it_can_act(officers, two, request_id):
    pdf = ask_merge_of_pdf(officers[0], two)
    papers = asked("SELECT id, request_id FROM registry_paper ORDER BY id")
    for paper, kind, how in zip(papers, ("image/png", "application/pdf"), ("inline", "attachment"), strict=True):
        answer = officers[1].get(f"/requests/{paper['request_id']}/papers/{paper['id']}/")
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"].startswith(f"{how}; filename=")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
    crossed = f"/requests/{pdf}/papers/{papers[0]['id']}/"
    assert officers[1].get(crossed).status_code == 404
    assert logged("paper.see", "allowed") == 3


def logged(action: str, decision: str) -> int:
    """How many such lines the log has."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_log WHERE action = %s AND decision = %s", [action, decision])
        return cursor.fetchone()[0]


def ask_merge_of_pdf(browser: Browser, two) -> int:
    return ask_merge(browser, two[1], two[0], papers=[scan(b"%PDF-1.7 made for tests", "a.pdf")])


@pytest.mark.parametrize(
    ("papers", "said"),
    [
        ([], "请附上材料"),
        ([scan(b"<svg onload=alert(1)>", "a.png")], "第 1 份材料不是 PDF"),
        ([scan(), scan(PNG + b"0" * LARGEST)], "第 2 份材料超过 5 MB"),
        ([scan() for _ in range(11)], "最多 10 份"),
    ],
)
def test_papers_that_cannot_be_kept_are_named_and_the_words_stay(officers, two, papers, said):
    for one in papers:
        one.seek(0)
    answer = (
        officers[0]
        .post(f"/people/{two[0]}/merge/{two[1]}/", {"keep": two[1], "reason": "打过的字还在", "papers": papers})
        .content.decode()
    )
    assert said in answer and "打过的字还在</textarea>" in answer and f'value="{two[1]}" checked' in answer
    assert ("材料须重新选择" in answer) == bool(papers)
    assert Request.objects.using("owner").count() == 0


def test_a_number_in_a_reason_is_refused_at_its_field(officers, two):
    page = (
        officers[0]
        .post(f"/people/{two[0]}/merge/{two[1]}/", {"keep": two[0], "reason": f"就是{OLD}本人", "papers": [scan()]})
        .content.decode()
    )
    assert 'id="id_reason_errors">这里不能写身份号码' in page


def test_more_than_all_papers_together_is_turned_away_unread(officers, two):
    answer = officers[0].post(f"/people/{two[0]}/merge/{two[1]}/", {}, CONTENT_LENGTH=str(80 << 20))
    assert answer.status_code == 413 and "没有收下" in answer.content.decode()


def test_what_was_decided_already_is_told_in_plain_words(officers, request_id):
    _, second = officers
    second.post(f"/requests/{request_id}/refuse/", {"answer": "材料看不清楚"})
    answer = second.post(f"/requests/{request_id}/approve/", {})
    page = answer.content.decode()
    assert answer.status_code == 409 and "先作了决定" in page and "已驳回" in page and "什么也没有改变" in page
    assert Link.objects.count() == 0


def test_a_refusal_needs_its_reason_and_keeps_what_was_typed(officers, request_id):
    answer = officers[1].post(f"/requests/{request_id}/refuse/", {"answer": "不行"})
    assert answer.status_code == 403
    assert "请写明驳回的理由" in answer.content.decode() and ">不行</textarea>" in answer.content.decode()


def test_an_approval_that_others_have_overtaken_says_why_and_changes_nothing(officers, request_id):
    merged(NEW, OLD)
    answer = officers[1].post(f"/requests/{request_id}/approve/", {"answer": "核对过了，可以"})
    page = answer.content.decode()
    assert answer.status_code == 403 and "已经并入别的登记" in page and ">核对过了，可以</textarea>" in page
    assert Link.objects.count() == 1
    assert asked("SELECT state FROM registry_request WHERE id = %s", request_id) == [{"state": "asked"}]
    assert logged("request.approve", "refused") == 1


def test_two_officers_at_once_make_one_effect(opened, officers, request_id):
    """Both wait before the door; one goes through, the other is told."""
    third = opened("provincial_officer", "44", "third")
    gate, statuses = Barrier(2), []

    def decide(browser: Browser) -> None:
        gate.wait()
        statuses.append(browser.post(f"/requests/{request_id}/approve/", {}).status_code)
        connections.close_all()

    threads = [Thread(target=decide, args=(one,)) for one in (officers[1], third)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(statuses) == [302, 409]
    assert Link.objects.count() == 1
    assert asked("SELECT move FROM registry_requestmove ORDER BY id") == [{"move": "ask"}, {"move": "approve"}]
    assert len(asked("SELECT * FROM history WHERE kind = 'merged'")) == 2


def test_taking_back_is_the_askers_alone(officers, request_id):
    first, second = officers
    assert second.post(f"/requests/{request_id}/take-back/", {}).status_code == 403
    assert "已收回" in first.say(f"/requests/{request_id}/take-back/")
    assert second.post(f"/requests/{request_id}/approve/", {}).status_code == 409


def test_what_follows_an_approval_is_there_with_it_or_not_at_all(officers, request_id, monkeypatch):
    done = []
    monkeypatch.setitem(AFTER_APPROVAL, "merge", lambda request, by: done.append((request.pk, request.state)))
    officers[1].post(f"/requests/{request_id}/approve/", {})
    assert done == [(request_id, "approved")]


@pytest.mark.parametrize(("problem", "status"), [(RuntimeError("queue"), 500), (Refused("队列"), 403)])
def test_what_fails_after_an_approval_takes_it_back(officers, request_id, monkeypatch, problem, status):
    def fail(request: Request, by: object) -> None:
        raise problem

    monkeypatch.setitem(AFTER_APPROVAL, "merge", fail)
    officers[1].raise_request_exception = False
    assert officers[1].post(f"/requests/{request_id}/approve/", {}).status_code == status
    assert asked("SELECT state FROM registry_request") == [{"state": "asked"}] and Link.objects.count() == 0


def test_a_deed_that_is_refused_after_an_approval_takes_it_back_and_leaves_its_line(officers, request_id, monkeypatch):
    def fail(request: Request, by: Officer) -> None:
        with deed(by=by, action="package.cancel", permission="package.upload"):
            raise Refused("队列")

    monkeypatch.setitem(AFTER_APPROVAL, "merge", fail)
    assert officers[1].post(f"/requests/{request_id}/approve/", {}).status_code == 403
    assert asked("SELECT state FROM registry_request") == [{"state": "asked"}] and Link.objects.count() == 0
    assert (logged("request.approve", "allowed"), logged("package.cancel", "refused")) == (0, 1)


def test_a_kind_without_a_part_is_told_in_words(officers, request_id, monkeypatch):
    monkeypatch.delitem(PARTS, "merge")
    with connections["owner"].cursor() as cursor:
        cursor.execute("""UPDATE registry_request SET content = '{"name": "样例乙六", "why": "13800138000"}'""")
    page = officers[1].read(f"/requests/{request_id}/")
    assert "申请的内容" in page and "138****8000" in page and REASON in page


def test_a_split_by_pages_and_its_trace_on_the_person(officers, two):
    put_in("440600", insurance=COVER.replace(NEW, OLD).replace("样例乙六", "别的名字"))
    first, second = officers
    desk = f"/people/{two[0]}/split/"
    wrong = first.post(
        desk, {"statements": [f"{two[0]}-440100", f"{two[0]}-440600"], "reason": REASON, "papers": [scan()]}
    ).content.decode()
    assert "至少留下一方" in wrong and wrong.count("checked") >= 2
    wrong = first.post(
        desk, {"statements": [f"{two[0]}-440600"], "number": "123", "reason": REASON, "papers": [scan()]}
    ).content.decode()
    assert "号码不对" in wrong and 'value="123"' in wrong
    request = request_of(first.post(desk, {"statements": [f"{two[0]}-440600"], "reason": REASON, "papers": [scan()]}))
    assert "申请分出的" in second.read(f"/requests/{request}/")
    second.say(f"/requests/{request}/approve/")
    assert "另一个人" in first.read(f"/people/{two[0]}/")
    (apart,) = asked("SELECT id FROM person WHERE ssn LIKE 'TMP-440600%%'")
    assert "本人</td>" in first.read(f"/people/{apart['id']}/")


def test_a_correction_by_pages(officers, two):
    first, second = officers
    wrong = ask_correction(first, two[0], mobile="12", hukou_address="某路9号").content.decode()
    assert 'id="id_mobile_errors"' in wrong and 'value="某路9号"' in wrong
    assert "至少填写一项" in ask_correction(first, two[0]).content.decode()
    assert "与登记的相同" in ask_correction(first, two[0], mobile="13800138000").content.decode()
    assert "户籍地请一直选到" in ask_correction(first, two[0], city="440600", county="440604").content.decode()
    place = {"city": "440600", "county": "440604", "town": "440604010", "village": "440604010001"}
    request = request_of(ask_correction(first, two[0], mobile="13800138001", **place))
    assert "13800138001" in second.read(f"/requests/{request}/")
    second.say(f"/requests/{request}/approve/")
    (record,) = asked("SELECT hukou_village_code, hukou_town_code, mobile FROM person WHERE id = %s", two[0])
    assert (*record.values(),) == ("440604010001", "440604010", "13800138001")
    assert "已更正的项目" in second.read(f"/people/{two[0]}/")


def test_a_household_is_corrected_into_a_town_that_came_since(officers, two):
    first, second = officers
    in_force("split", *SPLIT)
    place = {"city": "440600", "county": "440604", "town": NEW_TOWN, "village": f"{NEW_TOWN}001"}
    request = request_of(ask_correction(first, two[0], **place))
    second.say(f"/requests/{request}/approve/")
    (record,) = asked(
        "SELECT hukou_division_code, hukou_town_code, hukou_town_name, hukou_village_code FROM person WHERE id = %s",
        two[0],
    )
    assert (*record.values(),) == ("440604", NEW_TOWN, "澜石街道办事处", f"{NEW_TOWN}001")


def test_an_objection_is_answered_on_paper(officers, two):
    first, second = officers
    request = request_of(first.post(f"/people/{two[0]}/objection/", {"said": "我已经不住在那里了"}))
    assert second.get(f"/requests/{request}/answer/").status_code == 404
    assert "请写明答复" in second.say(f"/requests/{request}/approve/")
    second.say(f"/requests/{request}/refuse/", answer="与派出所核实，户籍仍在原处")
    sheet = second.read(f"/requests/{request}/answer/")
    assert "告知单" in sheet and "我已经不住在那里了" in sheet and "户籍仍在原处" in sheet and "上一级" in sheet
    assert OLD not in sheet and "440***********0335" in sheet
    assert key(OLD) == two[0] and Paper.objects.using("owner").count() == 0
