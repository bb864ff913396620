"""kill -9 in the middle of admissions: what is in the register afterwards equals an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.db import connections

from canbao.registry.actions.admission import package as admission
from canbao.registry.models import AdmissionRange, Package
from cities import made_city
from register_desk import asked, delivery_of, received
from triggers import without_triggers

KILLS = 12
SEED = 20170509
ADMIT = """
import sys, django
django.setup()
from pathlib import Path
from canbao.batch.delivery import open_delivery
from canbao.registry.actions.admission import admit, package as admission
from canbao.registry.models import Package
admission.PIECE = 60
package = Package.objects.get(pk=int(sys.argv[1]))
delivery = open_delivery(Path(sys.argv[2]), Path(sys.argv[3]), trust=None)
print("begin", flush=True)
admit(package=package, delivery=delivery, by=package.received_by)
"""
COMPARED = {
    "person": "SELECT * FROM person ORDER BY ssn",
    "facts": "SELECT * FROM person_fact ORDER BY ssn, division_code",
    "covers": "SELECT * FROM insurance_fact ORDER BY source, row",
    "evidence": "SELECT * FROM evidence ORDER BY kind, source, row, quality",
    "history": "SELECT history.*, ssn FROM history JOIN person ON person.id = person_id ORDER BY ssn, history.version",
}
BESIDES = {"id", "person_id", "operated_at", "reviewed_at", "at", "digest", "written"}
"""What depends on when and in which order a worker came by."""


def contents() -> dict[str, list[dict[str, object]]]:
    return {
        name: [{key: value for key, value in row.items() if key not in BESIDES} for row in asked(query)]
        for name, query in COMPARED.items()
    }


def start(server, package: Package, file: Path, folder: Path) -> subprocess.Popen:
    environment = {
        **os.environ,
        "CANBAO_DATABASE_URL": server.url("canbao_app"),
        "CANBAO_OWNER_DATABASE_URL": server.url("canbao_owner"),
    }
    arguments = [sys.executable, "-c", ADMIT, str(package.pk), str(file), str(folder)]
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, start_new_session=True)
    process.stdout.readline()
    return process


def test_a_killed_admission_goes_on_where_it_stopped(register, tmp_path: Path):
    city = made_city(tmp_path, persons=900)
    delivery = delivery_of(city.out)
    whole = received(delivery)
    admission.admit(package=whole, delivery=delivery, by=whole.received_by)
    undisturbed = contents()
    empty()
    chance = random.Random(SEED)
    package = received(delivery)
    killed = 0
    for attempt in range(200):
        process = start(register, package, delivery.package, tmp_path / f"opened-{attempt}")
        if killed < KILLS:
            time.sleep(chance.uniform(0.05, 0.5))
            os.killpg(process.pid, signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        elif process.wait() == 0:
            break
        assert_whole(package)
    assert killed >= KILLS // 2, "the admission was over before it could be disturbed"
    assert contents() == undisturbed


def assert_whole(package: Package) -> None:
    """What is in is in whole: as many people as the ranges say, each with history."""
    people = sum(AdmissionRange.objects.filter(package=package).values_list("people", flat=True))
    assert asked("SELECT count(*) AS n FROM person") == [{"n": people}]
    assert asked("SELECT count(*) AS n FROM history") == [{"n": people}]


def empty() -> None:
    with connections["owner"].cursor() as cursor, without_triggers(cursor):
        cursor.execute(
            "TRUNCATE person, person_identifier, person_fact, insurance_fact, evidence, history, registry_package "
            "RESTART IDENTITY CASCADE"
        )


@pytest.mark.parametrize("seed", [1])
def test_two_admissions_of_the_same_people_at_once(register, tmp_path: Path, seed: int, monkeypatch):
    """Two cities' packages with the same people in them, admitted by two processes: nobody is lost or doubled."""
    monkeypatch.setattr(admission, "PIECE", 60)
    first = delivery_of(made_city(tmp_path / "a", persons=600, seed=3).out)
    second = delivery_of(made_city(tmp_path / "b", persons=600, seed=3, division="440300").out)
    packages = received(first), received(second)
    running = [
        start(register, package, delivery.package, tmp_path / f"opened-{place}")
        for place, (package, delivery) in enumerate(zip(packages, (first, second), strict=True))
    ]
    assert [process.wait() for process in running] == [0, 0]
    people = {ssn for delivery in (first, second) for ssn in numbers(delivery)}
    assert {row["ssn"] for row in asked("SELECT ssn FROM person")} == people
    assert asked("SELECT count(*) AS n FROM person") == [{"n": len(people)}]


def numbers(delivery) -> set[str]:
    return set(pq.read_table(delivery.files["persons"], columns=["ssn"]).column("ssn").to_pylist())
