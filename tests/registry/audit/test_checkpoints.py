"""Checkpoints: each binds the one before, nothing signs an edit away, and one bad line does not end the watch."""

from __future__ import annotations

import json
import shutil

import pytest
from audit_made import tamper, write
from django.db import DatabaseError, OperationalError, connection, connections, transaction

from canbao.registry.access import PROVINCE, working
from canbao.registry.audit import Entry, append, chain, checkpoints
from canbao.registry.audit.checkpoints import windows
from canbao.registry.audit.verifier import main
from canbao.registry.audit.watching import export, make_checkpoint, renew_key, state, verify
from triggers import without_triggers


@pytest.fixture(autouse=True)
def settled_at_once(monkeypatch) -> None:
    monkeypatch.setattr(checkpoints, "MARGIN", "0 seconds")


def faults() -> str:
    return "\n".join(verify().faults)


def told() -> list[str]:
    with connection.cursor() as cursor:
        standing = state(cursor)
    return standing["faults"] if standing else []


def made_history(count: int, at: str = "clock_timestamp()") -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO history SELECT (SELECT count(*) FROM history) + one, 1, " + at + ", 'registered', 1, NULL, "
            "'{}', sha256('x') FROM generate_series(1, %s) AS one",
            [count],
        )


def test_each_checkpoint_names_the_one_before(register, watched):
    for _ in range(3):
        write(4)
        made_history(5)
        assert make_checkpoint()["faults"] == []
    points = [json.loads(json.loads(file.read_text())["signed"]) for file in sorted(watched.glob("anchors/*.json"))]
    assert [(one["sequence"], one["size"], one["history"]["rows"]) for one in points] == [
        (1, 4, 5),
        (2, 8, 5),
        (3, 12, 5),
    ]
    assert (verify().faults, verify().checkpoints, told()) == ([], 3, [])


def test_without_anything_new_nothing_is_signed(register, watched):
    assert make_checkpoint() is None
    write(2)
    assert make_checkpoint()["sequence"] == 1
    assert make_checkpoint() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET purpose = 'other' WHERE number = 3",
        "DELETE FROM audit_log WHERE number >= 3",
        "DELETE FROM audit_log",
    ],
)
def test_an_edit_is_not_signed_away_by_later_checkpoints(register, watched, statement: str):
    write(5)
    make_checkpoint()
    tamper(statement)
    write(7)
    make_checkpoint()
    write(2)
    make_checkpoint()
    assert "第 3 条" in faults() or "第 5 条" in faults()


def test_an_edit_of_history_is_found_window_by_window(register, watched):
    for _ in range(3):
        write(1)
        made_history(6)
        make_checkpoint()
    tamper("UPDATE history SET kind = 'changed' WHERE person_id = 2")
    assert "第 1 号检查点" in faults() and "第 2 号检查点" not in faults()
    tamper("DELETE FROM history WHERE person_id = 9")
    assert "第 2 号检查点" in faults() and "第 3 号检查点" not in faults()


def test_a_row_slipped_into_old_history_is_found(register, watched):
    write(1)
    made_history(3)
    make_checkpoint()
    made_history(1, "now() - interval '1 day'")
    assert "补写" in faults()


def test_history_reads_the_same_in_another_time_zone(register):
    made_history(4)
    with working(PROVINCE), connection.cursor() as cursor:
        bounds = ["-infinity", "2100-01-01T00:00:00+00:00"]
        first = windows(cursor, bounds)
        cursor.execute("SET LOCAL timezone = 'Asia/Shanghai'; SET LOCAL bytea_output = 'escape'")
        assert windows(cursor, bounds) == first
        assert first[1][0] == 4


def test_one_bad_line_does_not_end_the_watch(register, watched):
    write(5)
    tamper("UPDATE audit_log SET purpose = 'other' WHERE number = 3")
    assert "第 3 条" in make_checkpoint()["faults"][0]
    write(5)
    later = make_checkpoint()
    assert (later["faults"], later["faulty"]) == ([], [1])
    tamper("UPDATE audit_log SET purpose = 'other' WHERE number = 8")
    assert "第 3 条" in faults() and "第 8 条" in faults()
    assert "第 1 号检查点签署时已有问题" in told()[0]


def test_an_emptied_log_is_told_once(register, watched):
    write(3)
    make_checkpoint()
    tamper("DELETE FROM audit_log")
    assert make_checkpoint()["faults"]
    assert make_checkpoint() is None
    assert told()


def test_a_checkpoint_left_out_or_replaced_shows(register, watched):
    for _ in range(3):
        write(2)
        make_checkpoint()
    middle = watched / "anchors" / "000000000002.json"
    elsewhere = watched / "elsewhere" / middle.name
    middle.unlink()
    assert faults() == ""  # its copy elsewhere speaks for it
    kept = elsewhere.read_text()
    elsewhere.unlink()
    assert "第 2 号检查点：没有" in faults()
    elsewhere.write_text(kept.replace("faults", "faultz"))
    assert "签名不对" in faults()


def test_two_branches_of_one_log_show(register, watched):
    write(3)
    make_checkpoint()
    write(1)
    aside = watched / "aside"
    shutil.copytree(watched / "anchors", aside)
    make_checkpoint()
    shutil.rmtree(watched / "elsewhere")
    shutil.move(watched / "anchors", watched / "elsewhere")
    shutil.move(aside, watched / "anchors")
    (watched / "elsewhere").rename(watched / "kept")
    write(1)
    make_checkpoint()
    (watched / "elsewhere" / "000000000002.json").unlink()
    shutil.copy(watched / "kept" / "000000000002.json", watched / "elsewhere")
    assert "第 2 号检查点有两个不同的版本" in faults()


def test_a_place_that_was_away_catches_up_and_is_told_of(register, watched):
    away = watched / "elsewhere"
    away.write_text("not a folder")
    write(2)
    with pytest.raises(OSError, match="elsewhere"):
        make_checkpoint()
    away.unlink()
    write(2)
    make_checkpoint()
    assert sorted(file.name for file in away.iterdir()) == ["000000000001.json", "000000000002.json"]
    assert verify().faults == []


def test_two_registers_cannot_share_a_place(register, watched):
    write(2)
    make_checkpoint()
    shutil.rmtree(watched / "anchors")
    (watched / "elsewhere" / "000000000001.json").rename(watched / "elsewhere" / "000000000002.json")
    write(2)
    with pytest.raises(OSError, match="两个登记库"):
        make_checkpoint()


def test_a_new_key_signs_on_and_the_old_signatures_stay_good(register, watched):
    write(2)
    make_checkpoint()
    old = (watched / "audit.key").read_bytes()
    renew_key()
    write(2)
    make_checkpoint()
    assert (watched / "audit.key").read_bytes() != old
    assert (verify().faults, verify().checkpoints) == ([], 2)
    (watched / "audit.pub").write_bytes((watched / "audit.pub").read_bytes()[-113:])
    assert "签名不对" in faults()


def test_every_flipped_bit_of_an_exported_file_is_a_fault_and_never_a_crash(register, watched, tmp_path, capsys):
    write(3)
    make_checkpoint()
    file = tmp_path / "log.jsonl"
    export(file)
    places = str(watched / "anchors"), str(watched / "audit.pub")
    assert main(str(file), *places) == 0
    whole = file.read_bytes()
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        file.write_bytes(changed)
        assert main(str(file), *places) == 1, (bit, bytes(changed[bit // 8 - 20 : bit // 8 + 20]))
    capsys.readouterr()


INSERTED = (
    "INSERT INTO audit_log SELECT {number}, {at}, officer_id, account, person_name, duty, area, origin, action, "
    "purpose, decision, objects, details, algorithm, {previous}, hash FROM audit_log WHERE number = 3"
)


@pytest.mark.parametrize(
    ("number", "at", "previous"),
    [
        ("9", "clock_timestamp()", "hash"),
        ("4", "clock_timestamp()", "previous"),
        ("4", "clock_timestamp() - interval '1 hour'", "hash"),
        ("4", "clock_timestamp() + interval '1 hour'", "hash"),
    ],
)
def test_a_line_by_hand_can_leave_no_gap_no_branch_and_no_old_date(register, number, at, previous):
    write(3)
    with pytest.raises(DatabaseError, match=r"does not follow|is dated"), transaction.atomic():
        connection.cursor().execute(INSERTED.format(number=number, at=at, previous=previous))


def test_the_triggers_stay_awake_for_a_session_that_plays_a_replica(register):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text ~ "
            "'^(audit_log|history)'"
        )
        enabled = cursor.fetchall()
    assert {one for _, one in enabled} == {"A"}
    assert {"audit_log_follows_on", "history_only_grows", "history_is_not_emptied"} <= {name for name, _ in enabled}


def test_who_waits_too_long_for_the_log_gets_an_error(register, monkeypatch):
    monkeypatch.setattr(chain, "PATIENCE", "100ms")
    with connections["owner"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [chain.LOCK])
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            append(connection.cursor(), Entry(action="person.see"))
        cursor.execute("ROLLBACK")


def test_a_clock_that_was_turned_back_shows(register, watched):
    write(1)
    with connections["owner"].cursor() as cursor, without_triggers(cursor):
        backwards()
    assert "时钟被拨回" in faults()


def backwards() -> None:
    """A line as `append` writes it where the clock stands an hour earlier."""

    class Earlier:
        def __init__(self, cursor):
            self.cursor = cursor

        def __getattr__(self, name):
            return getattr(self.cursor, name)

        def execute(self, query, parameters=None):
            return self.cursor.execute(query.replace("clock_timestamp()", "now() - interval '1 hour'"), parameters)

    with transaction.atomic(), connection.cursor() as cursor:
        append(Earlier(cursor), Entry(action="person.see"))
