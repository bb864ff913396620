"""The audit log: it only grows, and whatever else happens to it shows."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from audit_made import tamper, write
from django.db import DatabaseError, connection, connections, transaction

from canbao.registry.audit import Entry, append, unusual, verifier, what_did, who_saw
from canbao.registry.audit.entry import COLUMNS
from canbao.registry.audit.watching import export, lines, make_checkpoint, verify
from canbao.registry.deeds import Unwritten
from canbao.registry.models import Officer
from people_of_office import officer


def faults() -> str:
    return "\n".join(verify().faults)


def test_a_log_that_nobody_touched_is_whole(register, watched):
    write(30)
    make_checkpoint()
    report = verify()
    assert (report.faults, report.lines, report.checkpoints) == ([], 30, 1)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET account = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
def test_the_application_can_only_add(register, statement):
    write(2)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_even_the_owner_is_stopped_by_the_trigger(register):
    write(2)
    with pytest.raises(DatabaseError, match="only grows"), connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM audit_log")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit_log SET purpose = 'other' WHERE number = 7", "第 7 条"),
        ("UPDATE audit_log SET officer_id = 2 WHERE number = 7", "第 7 条"),
        ("UPDATE audit_log SET objects = ARRAY['person:8'] WHERE number = 7", "第 7 条"),
        ("UPDATE audit_log SET at = at + interval '1 microsecond' WHERE number = 7", "第 7 条"),
        ("UPDATE audit_log SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE number = 7", "第 7 条"),
        ("DELETE FROM audit_log WHERE number = 7", "第 8 条"),
        ("DELETE FROM audit_log WHERE number > 20", "截去"),
        ("DELETE FROM audit_log", "截去"),
        ("UPDATE audit_log SET at = at - interval '1 day' WHERE number = 7", "第 7 条"),
    ],
)
def test_what_is_done_behind_the_application_shows(register, watched, statement: str, said: str):
    write(30)
    make_checkpoint()
    tamper(statement)
    assert said in faults()


def test_a_log_written_wholly_anew_shows_against_a_checkpoint(register, watched):
    write(10)
    make_checkpoint()
    tamper("DELETE FROM audit_log")
    write(10, purpose="counter")
    assert "整体改写" in faults()


def test_a_forged_checkpoint_shows(register, watched):
    write(5)
    make_checkpoint()
    file = next((watched / "elsewhere").glob("*.json"))
    file.write_text(file.read_text().replace('\\"size\\":5', '\\"size\\":4'), encoding="ascii")
    assert "签名不对" in faults()


def test_every_flipped_bit_of_a_log_is_found(register):
    """All bits of 8 lines as they are exported: text, numbers, times, hashes."""
    write(8)
    with transaction.atomic():
        rows = [tuple(bytes(one) if isinstance(one, memoryview) else one for one in line) for line in lines()]
    assert not verifier.verify_rows(rows).faults
    flips = 0
    for place, line in enumerate(rows):
        for column, value in enumerate(line):
            for other in flipped(value):
                flips += 1
                changed = [*rows]
                changed[place] = (*line[:column], other, *line[column + 1 :])
                assert verifier.verify_rows(changed).faults, (place, COLUMNS[column])
    assert flips > 8 * 600


def flipped(value: object) -> list[object]:
    """A value with each of its bits turned, where the result is still a value."""
    if isinstance(value, bytes):
        return [bytes(flip(value, bit)) for bit in range(8 * len(value))]
    if isinstance(value, str):
        turned = (bytes(flip(value.encode(), bit)) for bit in range(8 * len(value.encode())))
        return [text.decode() for text in turned if readable(text)]
    if isinstance(value, int):
        return [value ^ (1 << bit) for bit in range(63)]
    return []


def flip(raw: bytes, bit: int) -> bytearray:
    changed = bytearray(raw)
    changed[bit // 8] ^= 1 << bit % 8
    return changed


def readable(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_many_at_once_make_one_chain(register, watched):
    def lane(name: int) -> None:
        for place in range(40):
            with transaction.atomic(), connection.cursor() as cursor:
                append(cursor, Entry(action="person.see", officer_id=name, objects=(f"person:{place}",)))
        connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lane, range(6)))
    report = verify()
    assert (report.faults, report.lines) == ([], 240)


def test_what_is_rolled_back_leaves_no_gap(register, watched):
    write(2)
    with pytest.raises(ZeroDivisionError), transaction.atomic(), connection.cursor() as cursor:
        append(cursor, Entry(action="person.see"))
        1 / 0  # noqa: B018
    write(2)
    assert (verify().faults, verify().lines) == ([], 4)


def test_the_exported_log_is_verified_elsewhere_without_the_program(register, watched, tmp_path: Path):
    write(12)
    make_checkpoint()
    file = tmp_path / "log.jsonl"
    assert export(file) == 12
    alone = tmp_path / "verifier.py"
    alone.write_text(Path(verifier.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-I", str(alone), str(file), str(watched / "anchors"), str(watched / "audit.pub")]
    good = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (good.returncode, "完好：12 条" in good.stdout) == (0, True), good.stderr
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    random.Random(5).shuffle(told)
    file.write_text("\n".join(json.dumps(line) for line in told), encoding="utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_sm3_by_configuration(register, watched, monkeypatch):
    write(2)
    monkeypatch.setenv("CANBAO_AUDIT_HASH", "sm3")
    write(2)
    assert (verify().faults, verify().lines) == ([], 4)


def test_the_verifier_is_small_and_stands_alone():
    text = Path(verifier.__file__).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert "from canbao" not in text


def test_questions_to_the_log(register):
    write(12)
    with transaction.atomic(), connection.cursor() as cursor:
        append(
            cursor, Entry(action="person.see", officer_id=2, account="乙", objects=("person:3",), decision="refused")
        )
        seen = who_saw(cursor, "person:3")
        assert [(line["account"], line["decision"]) for line in seen] == [("乙", "refused"), ("甲", "allowed")]
        cursor.execute(
            "SELECT min(at), max(at) + interval '1 second', (max(at) AT TIME ZONE 'Asia/Shanghai')::date FROM audit_log"
        )
        since, until, day = cursor.fetchone()
        assert len(what_did(cursor, 1, since, until)) == 12
        found = unusual(cursor, day, {"people": 10, "refusals": 1, "unmasked": 1})
        assert {(one["kind"], one["account"], one["count"]) for one in found} == {
            ("people", "甲", 12),
            ("refusals", "乙", 1),
        }


def test_an_unwritable_log_stops_the_work_it_should_tell_of(register):
    someone: Officer = officer("system_administrator", "44")
    from canbao.registry.actions.officers import open_account

    with connections["owner"].cursor() as cursor:
        cursor.execute("REVOKE INSERT ON audit_log FROM canbao_app")
    try:
        with pytest.raises(Unwritten):
            open_account(username="new", display_name="新人", staff_number="n1", area="44", by=someone)
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("GRANT INSERT ON audit_log TO canbao_app")
    assert not Officer.objects.filter(username="new").exists()
