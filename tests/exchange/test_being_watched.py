"""What machines that watch are told, and the server's own log: figures and codes, nobody's data."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from canbao.api.watching import health, metrics
from canbao.core.masks import has_identity_number
from canbao.office.server_log import WithoutPersonsInJson
from push_desk import ONE, carried, cover, household, row
from setting_desk import put_in

NAME = "龘靐龗"


def web(address: str = "127.0.0.1") -> Client:
    return Client(SERVER_NAME="localhost", REMOTE_ADDR=address)


def figures() -> dict[tuple[str, ...], float]:
    answer = web().get("/metrics")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """What is printed where the log is JSON."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(WithoutPersonsInJson())
    logger = logging.getLogger("canbao.exchange")
    logger.addHandler(handler)
    yield out
    logger.removeHandler(handler)


def test_figures_tell_each_partner_by_its_code_and_nobody_else(owner, system):
    put_in("440600", household=household((ONE, NAME)))
    system.post("stream", {"rows": [row(cover(name=NAME)), row(cover(name="王五"))]})
    assert figures()["canbao_partner_waiting_rows", owner.code] == 2
    carried(owner)
    found = figures()
    assert found["canbao_partner_waiting_rows", owner.code] == 0
    assert found["canbao_partner_rows_last_hour", owner.code, "taken"] == 1
    assert found["canbao_partner_aside_rows", owner.code] == 1
    assert found["canbao_partner_delay_seconds", owner.code, "0.95"] > 0
    assert found["canbao_database_up",] == 1 and ("process_cpu_seconds_total",) in found
    text = web().get("/metrics").content.decode()
    assert ONE not in text and NAME not in text and owner.label not in text


@pytest.mark.parametrize("address", ["10.0.0.7", "::2", ""])
def test_figures_are_for_those_who_are_named(register, address):
    assert web(address).get("/metrics").status_code == 404
    with override_settings(METRICS_FROM=("10.0.0.0/24",)):
        assert web(address).get("/metrics").status_code == (200 if address == "10.0.0.7" else 404)


def test_behind_our_own_proxy_the_address_is_that_which_it_saw(register):
    assert web().get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 404


def test_while_the_database_is_away_figures_say_so(register, monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(metrics, "all_streams", away)
    assert figures()["canbao_database_up",] == 0
    monkeypatch.setattr(health, "unmade_migrations", away)
    answer = web().get("/health/ready")
    assert answer.status_code == 503 and "数据库" in answer.json()["says"][0]
    assert web().get("/health/live").json() == {"state": "live"}


def test_a_server_that_can_work_is_ready(register):
    assert web("10.0.0.7").get("/health/ready").json() == {"state": "ready", "says": []}


def test_tables_of_an_earlier_version_and_a_full_disk_are_told(register, monkeypatch):
    monkeypatch.setattr(health, "unmade_migrations", lambda: {("registry", "9999_later")})
    monkeypatch.setattr(health, "room", lambda folder: 0)
    answer = web().get("/health/ready")
    assert answer.status_code == 503
    assert [("canbao migrate" in one, "磁盘" in one) for one in answer.json()["says"]] == [(True, False), (False, True)]


def test_during_maintenance_the_process_is_alive_and_not_ready(register, tmp_path):
    (tmp_path / "maintenance").touch()
    with override_settings(STATE=tmp_path):
        assert web().get("/health/live").status_code == 200
        answer = web().get("/health/ready")
        assert answer.status_code == 503 and "维护" in answer.json()["says"][0]
        assert web().get("/metrics").status_code == 200 and web().get("/sign-in/").status_code == 503


def test_a_request_is_a_line_of_json_without_anybody(owner, system, printed):
    system.post("stream", {"rows": [row(cover(name=NAME))]})
    system.get("standing")
    web().get(f"/api/v1/persons/{ONE}?name={NAME}")
    pushed, stood, strange = map(json.loads, printed.getvalue().splitlines())
    assert (pushed["partner"], pushed["service"], pushed["status"], pushed["rows"]) == (owner.code, "push", 200, 1)
    assert isinstance(pushed["milliseconds"], int) and pushed["time"] and pushed["level"] == "INFO"
    assert (stood["service"], strange["partner"], strange["status"]) == ("standing", "", 404)
    assert not has_identity_number(printed.getvalue()) and NAME not in printed.getvalue()


def test_json_tells_of_a_fault_where_it_is_and_nothing_that_it_says(register):
    try:
        raise ValueError(f"{NAME} {ONE}")
    except ValueError as problem:
        kept = (type(problem), problem, problem.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, "x.py", 1, f"/people/{ONE}/", None, kept)
    record.request = SimpleNamespace(path=NAME)
    line = WithoutPersonsInJson().format(record)
    said = json.loads(line)
    assert "ValueError" in said["exc_info"] and NAME not in line and not has_identity_number(line)
    assert "request" not in said
