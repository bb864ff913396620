"""Requests: who may ask, who may decide, within how many days, with which papers; what is decided is decided once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from canbao.core.progress import IllegalMove
from canbao.law.duties import read_duties
from canbao.registry import requests as registered
from canbao.registry.access import Refused, working
from canbao.registry.actions import requests
from canbao.registry.actions.corrections import ask_correction
from canbao.registry.actions.effects import EFFECTS
from canbao.registry.actions.merges import ask_merge, ask_undoing
from canbao.registry.actions.officers import grant, name_person
from canbao.registry.actions.papers import LARGEST, MOST, File, take
from canbao.registry.models import Link, Officer, Request
from canbao.registry.secrets.keys import SecretLost
from canbao.registry.waiting import waiting_for
from people_of_office import officer
from register_desk import asked
from setting_desk import REASON, SCAN, approved, first, key, merged, put_in, second, split

OLD, NEW, THIRD = "440106198503030335", "440106198503030319", "440106198503030351"
HOUSEHOLD = f"ssn,name,hukou_division_code,hukou_address,mobile\n{OLD},样例乙六,440106,某路1号,13800138000\n"
COVERS = "ssn,name,insurance_type,contrib_status,region_code\n"
COVER = f"{COVERS}{NEW},样例乙六,emp_pension,1,440304\n{THIRD},样例乙六,emp_pension,1,440304\n"


@pytest.fixture
def three(register) -> None:
    """One person under three numbers."""
    put_in("440100", household=HOUSEHOLD)
    put_in("440300", insurance=COVER)


def ask(keep: str = OLD, other: str = NEW, by: Officer | None = None, **more: object) -> Request:
    return ask_merge(keep=key(keep), other=key(other), by=by or first(), **{"reason": REASON, "papers": [SCAN], **more})


def correct(by: Officer | None = None, **items: str) -> Request:
    said = items or {"hukou_address": "某路9号"}
    return ask_correction(person_id=key(OLD), items=said, reason=REASON, papers=[SCAN], by=by or first())


def again(of: Officer, **more: object) -> Officer:
    """Another account of the same person."""
    made = officer(of.duty, of.area, f"{of.username}-again")
    Officer.objects.filter(pk=made.pk).update(**{"staff_number": of.staff_number, **more})
    made.refresh_from_db()
    return made


def owner(statement: str, *parameters: object) -> list[tuple]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def test_who_asked_cannot_approve_by_any_account(three):
    request = ask()
    for by in (first(), again(first())):
        with pytest.raises(Refused, match="换一个账号也不行"):
            requests.approve(request=request, by=by)
        with pytest.raises(Refused, match="换一个账号也不行"):
            requests.refuse(request=request, answer=REASON, by=by)
        assert not registered.may_decide(request, by)
    assert Link.objects.count() == 0
    refused = owner("SELECT action FROM audit_log WHERE decision = 'refused' AND action LIKE 'request.%%'")
    assert len(refused) == 4


def test_an_account_of_nobody_known_neither_asks_nor_decides(three):
    nobody = again(first(), staff_number="")
    with pytest.raises(Refused, match="人员编号"):
        ask(by=nobody)
    with pytest.raises(Refused, match="人员编号"):
        requests.approve(request=ask(), by=nobody)
    assert not registered.to_decide(nobody).exists()


@pytest.mark.parametrize("taken_out", ["law", "effect"])
def test_a_kind_that_nobody_has_written_down_is_denied(three, monkeypatch, taken_out):
    request = ask()
    where = read_duties().decisions if taken_out == "law" else EFFECTS
    monkeypatch.delitem(where, "merge")
    for act in (lambda: ask(NEW, OLD), lambda: requests.approve(request=request, by=second())):
        with pytest.raises(Refused, match="没有写明"):
            act()
    assert Link.objects.count() == 0


def test_a_duty_that_may_not_decide_does_not(three):
    request = correct(by=officer("county_officer", "440106", "a"))
    for by in (officer("supervisor", "440106", "watching"), officer("county_officer", "440604", "elsewhere")):
        with pytest.raises(Refused):
            requests.approve(request=request, by=by)
    assert approved_by(request, officer("county_officer", "440106", "b")) == "approved"


def approved_by(request: Request, by: Officer) -> str:
    return requests.approve(request=request, by=by).state


def test_three_numbers_asked_for_at_once_come_together_one_by_one(three):
    """Of three requests among three numbers, those that the first has overtaken say so and change nothing."""
    one, chained, crossed = ask(OLD, NEW), ask(NEW, THIRD), ask(THIRD, OLD)
    approved(one)
    with pytest.raises(Refused, match="已经并入"):
        approved(chained)
    approved(crossed)
    assert {row["into_id"] for row in asked("SELECT into_id FROM merged")} == {key(THIRD)}
    with pytest.raises(Refused, match="已经是一个人"):
        ask(OLD, THIRD)


def test_the_same_is_asked_once_while_it_waits(three):
    ask()
    with pytest.raises(Refused, match="同样的申请已经有了"):
        ask(by=second())
    undoing = merged_and_undoing()
    with pytest.raises(Refused, match="同样的申请已经有了"):
        ask_undoing(request=undoing.undoes, reason=REASON, by=second())


def merged_and_undoing() -> Request:
    request = merged(OLD, THIRD)
    return ask_undoing(request=request, reason=REASON, by=first())


def test_what_was_not_approved_is_not_undone(three):
    with pytest.raises(Refused, match="只有已同意的"):
        ask_undoing(request=ask(), reason=REASON, by=first())
    with pytest.raises(Refused, match="只有已同意的"):
        ask_undoing(request=approved(merged_and_undoing()), reason=REASON, by=first())


def test_the_deadline_is_the_laws_and_what_is_late_is_counted(three):
    request = ask()
    assert request.due_on == timezone.localdate() + timedelta(days=read_duties().decisions["merge"].days)
    assert (waiting_for(second()).to_decide, waiting_for(second()).overdue) == (1, 0)
    owner("UPDATE registry_request SET due_on = %s", timezone.localdate() - timedelta(days=1))
    assert (waiting_for(second()).to_decide, waiting_for(second()).overdue) == (1, 1)
    assert (waiting_for(first()).to_decide, waiting_for(first()).overdue) == (0, 1)
    watching = waiting_for(officer("supervisor", "44", "watching"))
    assert (watching.to_decide, watching.overdue) == (None, 1)
    assert waiting_for(officer("city_data_officer", "4406", "city")).overdue == 0
    assert [one.pk for one in registered.listed(by=second(), is_overdue=True, whose="decide")] == [request.pk]
    assert registered.listed(by=first(), whose="decide") == []
    assert [one.pk for one in registered.listed(by=first(), whose="asked")] == [request.pk]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"papers": []}, "请附上材料"),
        ({"papers": [File("a", b"<svg onload=x>")]}, "只收 PDF"),
        ({"papers": [File("a", b"%PDF-" + b"0" * LARGEST)]}, "最大 5 MB"),
        ({"papers": [SCAN] * (MOST + 1)}, f"最多 {MOST} 份"),
        ({"papers": [File(OLD, SCAN.content)]}, "材料名称里不能写"),
        ({"reason": "短"}, "请写明理由"),
        ({"reason": f"就是{NEW}本人"}, "理由里不能写"),
        ({"reason": "核对了\0原件"}, "请写明理由"),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(three, more, said):
    with pytest.raises(Refused, match=said):
        ask(**more)
    assert owner("SELECT count(*) FROM registry_request") == [(0,)]
    assert owner("SELECT count(*) FROM registry_paper") == [(0,)]


def test_papers_are_sealed_for_their_row_and_open_nowhere_else(three):
    request = ask(papers=[SCAN, File("照片", b"\xff\xd8\xff another one")])
    with working():
        one, other = request.papers.order_by("pk")
    assert take(paper_id=one.pk, request_id=request.pk, by=second())[1] == SCAN.content
    assert b"made for tests" not in one.sealed.encode() and "户口本" not in one.sealed
    owner("UPDATE registry_paper SET sealed = %s WHERE id = %s", other.sealed, one.pk)
    with pytest.raises(SecretLost):
        take(paper_id=one.pk, request_id=request.pk, by=second())


def test_papers_open_for_those_who_see_records_alone(three):
    request = ask()
    with working():
        (paper,) = request.papers.all()
    with pytest.raises(Refused):
        take(paper_id=paper.pk, request_id=request.pk, by=officer("supervisor", "44", "watching"))
    assert take(paper_id=paper.pk, request_id=request.pk, by=officer("city_data_officer", "4406", "city")) is None
    assert take(paper_id=paper.pk, request_id=request.pk + 1, by=second()) is None


@pytest.fixture
def deciding(three) -> Iterator[list[Exception | None]]:
    """Two officers decide a merge at the same moment: what became of each."""
    request, barrier, outcomes = ask(), Barrier(2), []
    deciders = [second(), officer("provincial_officer", "44", "third")]

    def decide(by: Officer) -> None:
        barrier.wait()
        try:
            outcomes.append(requests.approve(request=request, by=by) and None)
        except Exception as problem:
            outcomes.append(problem)
        connections.close_all()

    threads = [Thread(target=decide, args=(by,)) for by in deciders]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    yield outcomes


def test_two_at_once_make_exactly_one_effect(deciding):
    assert sorted(type(one) for one in deciding if one) == [IllegalMove] and len(deciding) == 2
    assert Link.objects.count() == 1
    assert len(asked("SELECT * FROM history WHERE kind = 'merged'")) == 2
    assert len(asked("SELECT * FROM registry_requestmove WHERE move = 'approve'")) == 1


def test_nobody_holds_duties_that_exclude_each_other_by_two_accounts(register):
    security = officer("security_administrator", "44", "security")
    holder = officer("county_officer", "440604", "holder")
    other = again(holder, duty="none")
    for duty in ("system_administrator", "security_administrator", "auditor"):
        with pytest.raises(Refused, match="互斥"):
            grant(officer=other, duty=duty, area="4406", by=security)
    grant(officer=other, duty="town_clerk", area="440604010", by=security)
    auditor = officer("auditor", "44", "auditing")
    with pytest.raises(Refused, match="互斥"):
        name_person(officer=auditor, staff_number="holder", by=officer("system_administrator", "44", "system"))


def test_nothing_of_people_is_on_the_log(three):
    requests.refuse(request=ask(), answer="材料看不清楚", by=second())
    approved(correct())
    put_in("440600", insurance=f"{COVERS}{OLD},别的名字,emp_pension,1,440604\n")
    split(OLD, ["440600"], THIRD)
    lines = " ".join(str(row) for row in owner("SELECT objects, details FROM audit_log"))
    assert "request:" in lines and "person:" in lines
    assert [one for one in (OLD, NEW, THIRD, "样例", "别的", "某路", "1380013", "户口本") if one in lines] == []
