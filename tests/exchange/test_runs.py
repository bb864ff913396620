"""A department's list, from the file to the record: checked, held, compared, and told apart by what came of each row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from push_desk import ONE, TWO, household

from canbao.office.exchange_runs import working as desk
from canbao.registry.actions import runs, work
from canbao.registry.models import ExchangeRun, Officer, Partner
from canbao.registry.server import PrivateServer
from cleaning_desk import number
from partner_desk import agreed, partner
from people_of_office import officer
from register_desk import asked, person
from setting_desk import put_in

THREE, STRANGER = number(5), number(7)
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
    evidence = asked("SELECT DISTINCT kind, source, row FROM evidence WHERE person_id = %s", found["id"])
    assert evidence == [{"kind": "death", "source": "foshan-police", "row": 2**53 + run.pk * 10**7 + 2}]
    assert person(TWO)["death_date"] is None
    assert asked("SELECT count(*) AS n FROM exchange_run_row WHERE said IS NOT NULL OR ssn IS NOT NULL") == [{"n": 0}]
