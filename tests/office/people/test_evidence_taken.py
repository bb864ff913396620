"""Evidence containers: what is in them, that the log has them, who may take them, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.utils import timezone
from evidence_made import ASKED, auditor, county, inside, log_of, log_rows, record_of, said_in, verified
from people_made import AREAS, ELSEWHERE, Desk, officer, person_id

from canbao.law.duties import read_duties
from canbao.registry.access import Refused, working
from canbao.registry.actions import canaries, evidence
from canbao.registry.audit import watching
from canbao.registry.evidence import container, log_lines, verifier
from canbao.registry.evidence.container import Asked
from canbao.registry.models import Correction, Request
from canbao.registry.quotas import seen_today

DUTIES = read_duties().duties
TODAY = timezone.localdate()


def test_a_record_verifies_alone_on_another_machine(cities, state, tmp_path):
    watching.make_checkpoint()
    taken, program = record_of(cities.own_id), tmp_path / "elsewhere.py"
    (tmp_path / taken.name).write_bytes(taken.content)
    program.write_bytes(Path(verifier.__file__).read_bytes())
    command = [sys.executable, "-I", str(program), str(tmp_path / taken.name), str(state / "audit.pub")]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0 and found.stderr == "", found
    for words in (
        "结论：合格",
        "个人登记证明",
        "佛山市禅城区（县级经办）",
        "接收：佛山市禅城区人民法院",
        "没有第三方时间戳",
    ):
        assert words in found.stdout, words


def test_a_record_has_items_with_reasons_facts_by_source_history_and_numbers(cities, state):
    taken = record_of(cities.own_id)
    assert [*inside(taken)] == ["record.json", "内容.html", "manifest.json", "manifest.sig", "seal.sig"]
    said = said_in(taken, "record.json")
    items = {item["field"]: item for item in said["items"]}
    assert items["ssn"]["value"] == cities.own.ssn and items["mobile"]["value"] == cities.own.items["mobile"]
    assert items["employment_status"]["rule"] == "EM1" and "二（三）1" in items["employment_status"]["citation"]
    assert items["hukou_division_code"]["words"] == "禅城区（440604）" and "rule" not in items["name"]
    assert [one["division"] for one in said["statements"]] == ["440600", "440300"]
    assert {one["division"] for one in said["covers"]} == {"440600", "440300"}
    assert said["supports"][1] == {
        "division": "440600", "division_name": "佛山市", "kind": "劳动就业登记", "shows": "劳动就业登记为单位就业",
        "file": "labour.csv", "row": 7,
    }  # fmt: skip
    assert said["identifiers"] == [{"number": cities.own.ssn, "is_current": True}]
    assert said["history"][-1]["kind"] == "首次登记" and len(said["history"][-1]["digest"]) == 64
    page = inside(taken)["内容.html"].decode()
    for words in (cities.own.ssn, "欧阳明月", "首次登记", "深圳市报送", "劳动就业登记为单位就业", ASKED.receiver):
        assert words in page, words


def test_a_statement_that_is_held_out_is_not_in_it(cities, conflict, state):
    taken = record_of(person_id(cities.others[0].ssn))
    for content in inside(taken).values():
        assert (
            "上官飞燕".encode() not in content
            and b"13566667777" not in content
            and "南山电子厂".encode() not in content
        )


def test_what_others_wrote_stays_text_on_the_page(cities, state):
    taken = record_of(cities.own_id, asked=Asked("counter", "<script>alert(1)</script>"))
    assert b"<script" not in inside(taken)["内容.html"] and b"&lt;script" in inside(taken)["内容.html"]


def test_the_manifest_names_office_and_duty_and_no_officer(cities, state):
    by = county()
    taken = record_of(cities.own_id, by)
    said = said_in(taken)["statement"]
    assert (said["office"], said["duty"], said["purpose"]) == ("佛山市禅城区", "县级经办", "窗口办理")
    assert said["time"] == "server" and said["subject"] == f"person:{cities.own_id}"
    for content in inside(taken).values():
        assert by.username.encode() not in content and by.display_name.encode() not in content


def test_the_log_announces_it_by_a_digest_and_not_who_gets_it(cities, state):
    watching.make_checkpoint()
    taken = record_of(cities.own_id)
    manifest = said_in(taken)
    (line,) = log_rows("action = 'evidence.take'")
    assert line["objects"] == [f"person:{cities.own_id}", f"evidence:{manifest['statement']['id']}"]
    assert line["purpose"] == "counter" and (line["number"], line["hash"]) == (
        manifest["audit"]["line"], manifest["audit"]["hash"],
    )  # fmt: skip
    statement = json.dumps(manifest["statement"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert json.loads(line["details"])["statement"] == sha256(statement.encode()).hexdigest()
    assert "法院" not in line["details"] and manifest["audit"]["checkpoint"]["size"] < line["number"]
    assert watching.verify().faults == []


def test_it_counts_as_seen_and_a_canary_raises_an_alarm(cities, state):
    canaries.mark(person_id=cities.own_id, by=auditor())
    record_of(cities.own_id)
    assert seen_today(county()) == 1
    assert [line["action"] for line in log_rows("action LIKE 'alarm.%%' OR action = 'evidence.take'")] == [
        "evidence.take",
        "alarm.canary",
    ]


def test_whoever_may_takes_it_of_the_own_area_and_nobody_else(cities, state):
    person = person_id(cities.others[0].ssn)
    for duty, level in [(one.id, level) for one in DUTIES.values() for level in one.levels]:
        for area in filter(None, (AREAS[level], ELSEWHERE.get(level))):
            by, is_own = officer(duty, area), area == AREAS[level]
            for permission, verb in (("evidence.take", _record), ("person.lookers", _lookers), ("audit.read", _log)):
                refused = not by.may(permission) or (verb is _log and not is_own)
                right = "refused" if refused else "given" if is_own else "nobody"
                assert _outcome(verb, person, by) == right, (duty, permission, area)


def _record(person: int, by, asked: Asked = ASKED):
    return evidence.take_record(person_id=person, asked=asked, by=by)


def _log(person: int, by, asked: Asked = ASKED):
    return evidence.take_log(person_id=person, since=TODAY, until=TODAY, asked=asked, by=by)


def _lookers(person: int, by):
    return evidence.lookers(person_id=person, since=TODAY, until=TODAY, by=by)


def _outcome(verb, person: int, by) -> str:
    before = len(log_rows())
    try:
        outcome = "nobody" if verb(person, by) is None else "given"
    except Refused:
        outcome = "refused"
    assert len(log_rows()) == before + 1
    assert log_rows()[-1]["decision"] == ("refused" if outcome == "refused" else "allowed")
    return outcome


WRONG = [
    (Asked("", "法院"), "用途"),
    (Asked("curiosity", "法院"), "用途"),
    (Asked("counter", "  "), "接收"),
    (Asked("counter", "法" * 61), "60"),
    (Asked("counter", "法\x1b院"), "接收"),
    (Asked("counter", "440604 19900307 0011"), "身份号码"),
]


def test_without_purpose_or_receiver_nothing_is_made(cities, state):
    for verb, by in ((_record, county()), (_log, auditor())):
        for asked, words in WRONG:
            with pytest.raises(Refused, match=words):
                verb(cities.own_id, by, asked)
    assert {line["decision"] for line in log_rows("action IN ('evidence.take', 'audit.evidence')")} == {"refused"}


def test_without_a_key_or_with_too_much_nothing_is_made(cities, state, monkeypatch):
    monkeypatch.setattr(container, "LARGEST", 100)
    with pytest.raises(Refused, match="内容太多"):
        record_of(cities.own_id)
    (state / "audit.key").unlink()
    with pytest.raises(Refused, match="audit checkpoint"):
        record_of(cities.own_id)
    assert {line["decision"] for line in log_rows("action = 'evidence.take'")} == {"refused"}


def test_an_extract_has_every_line_about_the_person_as_the_log_has_it(cities, state, tmp_path):
    desk = Desk(county()).state()
    for _ in range(3):
        desk.get(f"/people/{cities.own_id}/")
    desk.get(f"/people/{person_id(cities.others[1].ssn)}/")
    record_of(cities.own_id)
    taken = log_of(cities.own_id)
    said = said_in(taken, "log.json")
    watching.export(tmp_path / "whole.jsonl")
    whole = {line[0]: line for line in map(json.loads, (tmp_path / "whole.jsonl").read_text("utf-8").splitlines())}
    assert [line[8] for line in said["lines"]] == [*["person.see"] * 3, "evidence.take"]
    for line in said["lines"]:
        assert line[15] == whole[line[0]][15] and line[2:] == whole[line[0]][2:]
    verdict = verified(taken.content, state)
    assert verdict.faults == [] and any("日志摘录 4 条" in words for words in verdict.told)
    assert "person.see" in inside(taken)["内容.html"].decode()


def test_a_line_that_was_changed_before_it_was_signed_is_found(cities, state, monkeypatch):
    record_of(cities.own_id)
    found = evidence.lines_about
    monkeypatch.setattr(evidence, "lines_about", lambda *asked: [{**row, "account": "别人"} for row in found(*asked)])
    with pytest.raises(RuntimeError, match="日志摘录"):
        log_of(cities.own_id)


DAYS = {
    "the wrong way round": (TODAY, TODAY - timedelta(days=1)),
    "to come": (TODAY, TODAY + timedelta(days=1)),
    "too many": (TODAY - timedelta(days=5 * 366 + 1), TODAY),
    "before all": (date(1, 1, 1), date(1, 1, 2)),
    "after all": (date(9999, 1, 1), date(9999, 12, 31)),
}


def test_days_out_of_bounds_are_refused_and_nobody_has_none(cities, state):
    for verb, more in ((evidence.take_log, {"asked": ASKED, "by": auditor()}), (evidence.lookers, {"by": county()})):
        for since, until in DAYS.values():
            with pytest.raises(Refused, match="起止日期"):
                verb(person_id=cities.own_id, since=since, until=until, **more)
    assert evidence.take_record(person_id=2**70, asked=ASKED, by=county()) is None
    assert evidence.lookers(person_id=999_999, since=TODAY, until=TODAY, by=county()) is None
    with pytest.raises(Refused, match="本范围内没有这个人"):
        log_of(999_999)


def test_too_many_lines_are_refused_and_never_cut_off(cities, state, monkeypatch):
    monkeypatch.setattr(log_lines, "MOST", 1)
    record_of(cities.own_id)
    record_of(cities.own_id)
    for verb in (_log, _lookers):
        with pytest.raises(Refused, match="超过 1 条"):
            verb(cities.own_id, auditor() if verb is _log else county())


def test_the_index_on_objects_answers(register):
    """With the indexes on times away, and the table too small to matter: the words fit the index on objects."""
    asked = f"EXPLAIN SELECT number {log_lines._ABOUT}"
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; DROP INDEX audit_log_at, audit_log_officer")
        cursor.execute(asked, log_lines._bounds([1, 2], TODAY, TODAY))
        plan = "\n".join(line for (line,) in cursor.fetchall())
        transaction.set_rollback(True, using="owner")
    assert "audit_log_objects" in plan


def test_what_was_looked_at_under_another_number_of_the_person_is_told_too(cities, state):
    own, other = cities.own_id, person_id(cities.others[0].ssn)
    record_of(own)
    record_of(other)
    assert len(_lookers(own, county()).looks) == 1
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO merged VALUES (%s, %s)", [other, own])
    for key in (own, other):
        told = _lookers(key, county())
        assert told.number.endswith(cities.own.ssn[-4:])
        assert [look["action"] for look in told.looks if look["action"] == "evidence.take"] == ["evidence.take"] * 2
        numbers = [look["number"] for look in told.looks]
        assert numbers == sorted(set(numbers), reverse=True)
    extract = log_of(other)
    assert said_in(extract, "log.json")["subject"] == f"person:{own}、person:{other}"
    assert {key for line in said_in(extract, "log.json")["lines"] for key in line[11]} >= {
        f"person:{own}",
        f"person:{other}",
    }


def test_a_record_has_all_numbers_of_the_person_and_what_was_set_right(cities, state):
    own, other = cities.own_id, person_id(cities.others[0].ssn)
    with working():
        said = {"kind": "correction", "state": "approved", "area": "440604", "asked_area": "440604", "reason": "x"}
        asked = Request.objects.create(**said, asked_by=county(), due_on=TODAY, person_id=own)
        Correction.objects.create(request=asked, person_id=own, item="sex", value="2", was="1")
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO merged VALUES (%s, %s)", [other, own])
    said = said_in(record_of(other), "record.json")
    numbers = {one["number"]: one["is_current"] for one in said["identifiers"]}
    assert numbers == {cities.own.ssn: True, cities.others[0].ssn: False} and said["subject"] == f"person:{own}"
    assert {item["value"] for one in said["statements"] for item in one["items"] if item["field"] == "ssn"} == set(
        numbers
    )
    assert {one["subject"] for one in said["history"]} == {f"person:{own}", f"person:{other}"}
    (put_right,) = said["corrections"]
    assert (put_right["label"], put_right["words"], put_right["instead_of"]) == ("性别", "2 女性", "1 男性")
