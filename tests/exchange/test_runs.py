"""A department's list, from the file to the record: checked, held, compared, told apart by what came of each row."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.utils import timezone

from canbao.core.progress import IllegalMove
from canbao.office.exchange_runs import working as desk
from canbao.registry.access import Refused, working
from canbao.registry.actions import runs, work
from canbao.registry.actions.run_results import take_result
from canbao.registry.given import forget_old_given
from canbao.registry.models import ExchangeRun, Given, Officer, Partner
from canbao.registry.partners import PartnerRefused
from canbao.registry.server import PrivateServer
from canbao.registry.streams.keeping import standing
from canbao.registry.streams.outcomes import outcomes
from cleaning_desk import number
from partner_desk import agreed, partner
from people_of_office import officer
from protection_desk import protected
from push_desk import ONE, TWO, household
from register_desk import asked, person
from setting_desk import key, put_in

THREE, STRANGER, FAR = number(5), number(7), number(101)
DAY = date(2026, 11, 20)


@pytest.fixture
def clerk(register: PrivateServer) -> Officer:
    """Who uploads."""
    return officer("provincial_officer", "44", "clerk")


@pytest.fixture
def police(register: PrivateServer, clerk: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Partner:
    """Foshan's list has three people; its police may have lists compared."""
    monkeypatch.setattr(settings, "SPOOL", tmp_path)
    put_in("440600", household=household((ONE, "张三"), (TWO, "李四"), (THREE, "王五")))
    made = partner("foshan-police", "police")
    agreed(made)
    return made


def uploaded(whose: Partner, text: str | bytes, by: Officer, *, kind: str = "changes", source: str = "death",
             as_of: date = DAY, name: str = "名单.csv") -> ExchangeRun:  # fmt: skip
    """A list that has come in and been checked."""
    content = text.encode() if isinstance(text, str) else text
    run = runs.receive(partner=whose, source=source, kind=kind, as_of=as_of, file=(name, len(content), "0" * 64), by=by)
    desk.file_of(run).write_bytes(content)
    desk.check(run.pk, work.ask(kind="check_run", label="检查", area="4406", total=0, by=by))
    run.refresh_from_db()
    return run


def compared(run: ExchangeRun, by: Officer) -> ExchangeRun:
    """Have it carried out."""
    runs.order(run=run, by=by)
    desk.carry(run.pk, work.ask(kind="carry_run", label="比对", area="4406", total=run.rows, by=by))
    run.refresh_from_db()
    return run


def test_a_list_of_deaths_changes_the_record(police: Partner, clerk: Officer) -> None:
    text = (
        f"死者身份证号,死者姓名,死亡日期\n{ONE},张三,2026-11-03\n{TWO},李小四,2026-11-04\n{STRANGER},赵六,\n123,孙七,\n"
    )
    run = uploaded(police, text, clerk)
    assert (run.state, run.rows, run.people) == ("checked", 4, 4)
    done = compared(run, clerk)
    assert (done.state, done.counts) == ("done", {"taken": 1, "other_name": 1, "unknown": 1, "refused": 1})
    found = person(ONE)
    assert str(found["death_date"]) == "2026-11-03"
    evidence = asked("SELECT DISTINCT source, row FROM evidence WHERE person_id = %s AND kind = 'death'", found["id"])
    assert evidence == [{"source": "foshan-police", "row": 2**53 + run.pk * 10**7 + 2}]
    assert person(TWO)["death_date"] is None
    assert asked("SELECT count(*) AS n FROM exchange_run_row WHERE said IS NOT NULL OR ssn IS NOT NULL") == [{"n": 0}]


def students(*people: tuple[str, str]) -> str:
    """A list of the school roll."""
    return "学生身份证号,学生姓名,是否全日制,学校名称\n" + "".join(f"{ssn},{name},是,某学校\n" for ssn, name in people)


@pytest.fixture
def school(police: Partner) -> Partner:
    """An education office whose complete lists come."""
    made = partner("foshan-school", "education")
    agreed(made)
    return made


def full(whose: Partner, text: str, by: Officer, as_of: date = DAY) -> ExchangeRun:
    """A complete list of the school roll that has been checked."""
    return uploaded(whose, text, by, kind="full", source="school", as_of=as_of)


def kinds(ssn: str) -> list[str]:
    """Of which departments' lists the register has evidence of somebody."""
    found = asked(
        "SELECT DISTINCT kind FROM evidence WHERE person_id = %s AND kind <> 'household' ORDER BY kind",
        person(ssn)["id"],
    )
    return [one["kind"] for one in found]


def test_whoever_left_the_complete_list_has_ended(school: Partner, clerk: Officer) -> None:
    compared(full(school, students((ONE, "张三"), (TWO, "李四")), clerk), clerk)
    assert kinds(TWO) == ["school"]
    run = full(school, students((ONE, "张三")), clerk, date(2026, 11, 25))
    assert (run.state, run.leaving) == ("checked", 1)
    assert compared(run, clerk).counts == {"taken": 1, "left": 1}
    assert (kinds(ONE), kinds(TWO)) == (["school"], [])
    back = compared(full(school, students((ONE, "张三"), (TWO, "李四")), clerk, date(2026, 11, 26)), clerk)
    assert back.counts == {"taken": 2} and kinds(TWO) == ["school"]


def test_a_row_that_cannot_be_taken_does_not_take_its_person_off_the_list(school: Partner, clerk: Officer) -> None:
    compared(full(school, students((ONE, "张三"), (TWO, "李四")), clerk), clerk)
    wrong = students((ONE, "张三"), (TWO, "李小四")).replace(f"{ONE},张三,是", f"{ONE},张三,也许")
    run = compared(full(school, wrong, clerk, date(2026, 11, 25)), clerk)
    assert run.counts == {"other_name": 1, "refused": 1}
    assert (kinds(ONE), kinds(TWO)) == (["school"], ["school"])


def test_a_much_shorter_complete_list_waits_for_an_officer(school: Partner, clerk: Officer) -> None:
    everybody = [(ONE, "张三"), (TWO, "李四"), (THREE, "王五")]
    compared(full(school, students(*everybody), clerk), clerk)
    run = full(school, students((ONE, "张三")), clerk, date(2026, 11, 25))
    assert run.state == "held" and "不到上一次" in run.faults[0]
    with pytest.raises(IllegalMove):
        runs.order(run=run, by=clerk)
    with pytest.raises(Refused, match="放行的理由"):
        runs.release(run=run, reason="", by=clerk)
    runs.release(run=run, reason="学校撤并，已电话核实", by=clerk)
    assert compared(run, clerk).counts == {"taken": 1, "left": 2}


def test_who_is_unclear_in_a_complete_list_is_looked_at_first(school: Partner, clerk: Officer) -> None:
    compared(full(school, students((ONE, "张三"), (TWO, "李四")), clerk), clerk)
    run = full(school, students((ONE, "张三"), ("44", "李四")), clerk, date(2026, 11, 25))
    assert run.state == "held" and "看不出是谁" in run.faults[0]


def test_an_older_list_and_a_second_one_at_the_same_time_are_refused(school: Partner, clerk: Officer) -> None:
    run = full(school, students((ONE, "张三")), clerk)
    with pytest.raises(Refused, match="没有办完"):
        full(school, students((TWO, "李四")), clerk)
    compared(run, clerk)
    with pytest.raises(Refused, match="更早的名单"):
        full(school, students((TWO, "李四")), clerk, date(2026, 11, 1))
    with pytest.raises(Refused, match="在将来"):
        full(school, students((TWO, "李四")), clerk, date(2099, 1, 1))


def test_no_agreement_no_run(police: Partner, clerk: Officer) -> None:
    with pytest.raises(PartnerRefused, match="名单"):
        uploaded(police, "", clerk, source="court")
    police.agreements.update(services=["push"])
    with pytest.raises(PartnerRefused, match="定期比对"):
        uploaded(police, "", clerk)


def test_an_agreement_that_ends_in_the_middle_stops_the_run(police: Partner, clerk: Officer) -> None:
    run = uploaded(police, f"社会保障号码,姓名\n{ONE},张三\n", clerk)
    runs.order(run=run, by=clerk)
    police.agreements.update(valid_to=date(2020, 1, 1))
    task = work.ask(kind="carry_run", label="比对", area="4406", total=1, by=clerk)
    desk.carry(run.pk, task)
    task.refresh_from_db()
    run.refresh_from_db()
    assert (task.state, run.state) == ("refused", "carrying") and "到期" in task.message
    runs.cancel(run=run, by=clerk)
    assert person(ONE)["death_date"] is None


@pytest.mark.parametrize("dies_at", ["hand_on", "note_outcomes", "finish"])
def test_killed_in_the_middle_it_goes_on_without_loss_or_doubling(
    police: Partner, clerk: Officer, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    people = [(ONE, "张三"), (TWO, "李四"), (THREE, "王五"), (STRANGER, "赵六")]
    text = "社会保障号码,姓名,死亡日期\n" + "".join(f"{ssn},{name},2026-11-03\n" for ssn, name in people)
    run = uploaded(police, text, clerk)
    monkeypatch.setattr(desk, "PIECE", 2)
    runs.order(run=run, by=clerk)
    task = work.ask(kind="carry_run", label="比对", area="4406", total=4, by=clerk)
    real, calls = getattr(runs, dies_at), []

    def dying(*given, **named):
        calls.append(1)
        if len(calls) == (1 if dies_at == "finish" else 2):
            raise KeyboardInterrupt
        return real(*given, **named)

    monkeypatch.setattr(runs, dies_at, dying)
    with pytest.raises(KeyboardInterrupt):
        desk.carry(run.pk, task)
    desk.carry(run.pk, task)
    run.refresh_from_db()
    assert (run.state, run.counts) == ("done", {"taken": 3, "unknown": 1})
    assert len(asked("SELECT * FROM inbox WHERE partner_id = %s", police.pk)) == 4


def test_items_of_people_and_gb18030_and_a_spreadsheet(police: Partner, clerk: Officer, tmp_path: Path) -> None:
    text = f"社会保障号码,姓名,户口所在地,手机号码\n{ONE},张三,某路2号,13800000000\n"
    run = compared(uploaded(police, text.encode("gb18030"), clerk, source="items"), clerk)
    assert run.counts == {"taken": 1} and person(ONE)["hukou_address"] == "某路2号"
    assert person(ONE)["mobile"] is None
    sheet = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(sheet) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["社会保障号码", "姓名", "死亡日期"])
        page.write_row(1, 0, [TWO, "李四", "2026-11-04"])
    run = compared(uploaded(police, sheet.read_bytes(), clerk, name="名单.xlsx"), clerk)
    assert run.counts == {"taken": 1} and str(person(TWO)["death_date"]) == "2026-11-04"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "空文件"),
        ("姓名\n张三\n", "缺少必需的列"),
        ("社会保障号码,姓名\n", "没有一行"),
        ("社会保障号码,姓名\n\0", "NUL"),
    ],
)
def test_a_file_that_cannot_be_read_is_given_back_whole(police: Partner, clerk: Officer, text: str, says: str) -> None:
    run = uploaded(police, text, clerk)
    assert run.state == "refused" and says in run.faults[0] and "city.toml" not in run.faults[0]
    assert not desk.file_of(run).exists()


def test_a_broken_line_costs_itself_alone(police: Partner, clerk: Officer) -> None:
    run = compared(uploaded(police, f"社会保障号码,姓名\n{ONE},张三,多,余\n{TWO},李四\n", clerk), clerk)
    assert run.counts == {"taken": 1, "refused": 1}


def test_a_later_run_of_the_same_day_stands(police: Partner, clerk: Officer) -> None:
    for day in ("2026-11-03", "2026-11-05"):
        compared(uploaded(police, f"社会保障号码,姓名,死亡日期\n{ONE},张三,{day}\n", clerk), clerk)
    assert str(person(ONE)["death_date"]) == "2026-11-05"


def test_the_result_tells_of_whoever_is_elsewhere_or_protected_as_of_nobody(police: Partner, clerk: Officer) -> None:
    put_in("440100", household=household((FAR, "钱八")).replace("440604", "440104"))
    protected(TWO)
    rows = "".join(f"{ssn},{name}\n" for ssn, name in ((ONE, "张三"), (TWO, "李四"), (FAR, "钱八"), (STRANGER, "赵六")))
    run = compared(uploaded(police, f"社会保障号码,姓名\n{rows}", clerk), clerk)
    told = dict(take_result(run=run, by=clerk))
    assert told == {2: "0", 3: "1", 4: "1", 5: "1"}
    take_result(run=run, by=clerk)
    (given,) = asked("SELECT person_id, service, told_to, items FROM registry_given")
    assert (given["person_id"], given["service"], given["told_to"]) == (key(ONE), "compare", f"run:{run.pk}")


def test_what_was_told_is_kept_for_three_years(police: Partner, clerk: Officer) -> None:
    run = compared(uploaded(police, f"社会保障号码,姓名\n{ONE},张三\n", clerk), clerk)
    take_result(run=run, by=clerk)
    with working():
        Given.objects.update(at=timezone.now() - timedelta(days=3 * 365 - 2))
    assert forget_old_given() == 0
    with working():
        Given.objects.update(at=timezone.now() - timedelta(days=3 * 366))
    assert forget_old_given() == 1


def test_rows_of_lists_are_none_of_the_stream(police: Partner, clerk: Officer) -> None:
    compared(uploaded(police, f"社会保障号码,姓名\n{ONE},张三\n", clerk), clerk)
    assert outcomes(police, 0) == [] and standing(police).acknowledged == 0


def test_a_run_that_is_cancelled_while_it_is_read_leaves_nothing_behind(
    police: Partner, clerk: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = runs.check_piece

    def cancelled_before(run: ExchangeRun, rows: Any) -> None:
        real(run, rows)
        if ExchangeRun.objects.get(pk=run.pk).state == "received":
            runs.cancel(run=ExchangeRun.objects.get(pk=run.pk), by=clerk)

    monkeypatch.setattr(runs, "check_piece", cancelled_before)
    run = uploaded(police, f"社会保障号码,姓名\n{ONE},张三\n", clerk)
    assert run.state == "cancelled" and not desk.file_of(run).exists()
    assert asked("SELECT * FROM exchange_run_row WHERE ssn IS NOT NULL") == []


def test_of_several_agreements_any_may_name_the_list(police: Partner, clerk: Officer) -> None:
    agreed(police, rows=["exit_entry"])
    assert uploaded(police, f"社会保障号码,姓名\n{ONE},张三\n", clerk).state == "checked"
