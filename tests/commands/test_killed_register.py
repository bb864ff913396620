"""kill -9 of web server, worker and database at random moments while packages are admitted: nothing is lost or doubled.

CANBAO_KILLS moments; a failure tells the seed, and CANBAO_SEED runs it again.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from killed_register import KilledRegister, Row, Slow, until
from people_at_work import Province, Reader, Uploader

from canbao.commands import remote
from canbao.office.packages import checking, spool
from canbao.office.packages.queueing import asked
from canbao.registry.actions import packages
from canbao.registry.models import Officer, Package
from canbao.registry.server import PrivateServer
from cities import PackedCity, made_city
from people_of_office import officer, trust

KILLS = int(os.environ.get("CANBAO_KILLS", "6"))
SEED = int(os.environ.get("CANBAO_SEED", "20170509"))
PORT = 9500 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
SHARES = {"worker": 25, "database": 40, "web": 32, "everything": 3}
CITIES = (("440300", 3, 150), ("440600", 3, 2500), ("440300", 5, 200), ("440600", 4, 1500), ("440300", 6, 400))
"""Division, seed and people; a city's second package changes, adds and lets go."""
COPIED = ("registry_officer", "registry_divisionkey")
COMPARED = {
    "person": "SELECT * FROM person ORDER BY ssn",
    "person_identifier": "SELECT ssn FROM person_identifier ORDER BY ssn",
    "facts": "SELECT * FROM person_fact ORDER BY ssn, division_code",
    "covers": "SELECT insurance_fact.*, ssn FROM insurance_fact JOIN person ON person.id = person_id "
    "ORDER BY ssn, division_code, source, row",
    "evidence": "SELECT evidence.*, ssn FROM evidence JOIN person ON person.id = person_id "
    "ORDER BY ssn, division_code, kind, source, row, quality",
    "history": "SELECT history.*, ssn FROM history JOIN person ON person.id = person_id ORDER BY ssn, history.version",
    "findings": "SELECT finding.*, sha256 FROM finding JOIN registry_package ON registry_package.id = package_id "
    "ORDER BY sha256, rule, source, row, field, value, message",
    "conflicts": "SELECT registry_conflict.*, ssn FROM registry_conflict JOIN person ON person.id = person_id "
    "ORDER BY ssn, kind, other_name",
    "packages": "SELECT * FROM registry_package WHERE state = 'admitted' ORDER BY sha256",
    "counts": "SELECT sha256, sum(registry_admissionrange.people) AS people, sum(changed_facts) AS facts, "
    "sum(gone) AS gone, sum(registered) AS registered, sum(changed) AS changed, bool_and(is_done) AS done "
    "FROM registry_admissionrange JOIN registry_package ON registry_package.id = package_id GROUP BY sha256 "
    "ORDER BY sha256",
    "moves": "SELECT DISTINCT sha256, move, registry_packagemove.by_id FROM registry_packagemove "
    "JOIN registry_package ON registry_package.id = package_id WHERE state = 'admitted' ORDER BY sha256, move",
}
BESIDES = {
    "id", "person_id", "package_id", "since", "named_since", "operated_at", "reviewed_at", "at", "digest", "written",
    "received_at", "raised_at", "received_by_id", "by_id", "plausibility",
}  # fmt: skip
"""Surrogate keys, and what depends on when."""
SOUND = {
    "a person whose history is not whole": "SELECT id FROM person WHERE version <> "
    "(SELECT count(*) FROM history WHERE person_id = person.id)",
    "people of whom the ranges know nothing": "SELECT 1 WHERE (SELECT count(*) FROM person) <> "
    "(SELECT coalesce(sum(registered), 0) FROM registry_admissionrange)",
    "changes of which the ranges know nothing": "SELECT 1 WHERE (SELECT count(*) FROM history) <> "
    "(SELECT coalesce(sum(registered + changed), 0) FROM registry_admissionrange)",
    "a piece without a line in the log": "SELECT 1 WHERE (SELECT coalesce(sum((details::jsonb ->> 'people')::int), 0) "
    "FROM audit_log WHERE action = 'admit') <> (SELECT coalesce(sum(people), 0) FROM registry_admissionrange)",
    "two statements of one division": "SELECT ssn FROM person_fact GROUP BY ssn, division_code HAVING count(*) > 1",
    "an insurance row twice": "SELECT source FROM insurance_fact GROUP BY person_id, division_code, source, row, "
    "insurance_type HAVING count(*) > 1",
}
"""What must be empty at any moment."""


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> list[PackedCity]:
    return [
        made_city(tmp_path_factory.mktemp(f"city-{place}"), persons, seed, division)
        for place, (division, seed, persons) in enumerate(CITIES)
    ]


@pytest.fixture
def killed(register: PrivateServer, cities: list[PackedCity]) -> Iterator[KilledRegister]:
    """A running register with the same officers and keys as the undisturbed one."""
    for duty, area in (("provincial_officer", "44"), ("city_data_officer", "4403"), ("city_data_officer", "4406")):
        officer(duty, area)
    officer("city_data_officer", "4401")
    officer("county_officer", "440604")
    for city in cities:
        trust(city)
    running = KilledRegister(PORT)
    try:
        running.start()
        copy_officers(register, running)
        yield running
    finally:
        running.remove()


def copy_officers(register: PrivateServer, killed: KilledRegister) -> None:
    with (
        psycopg.connect(register.url("postgres")) as source,
        psycopg.connect(killed.database.url("postgres")) as target,
    ):
        for table in COPIED:
            with (
                source.cursor().copy(f"COPY {table} TO STDOUT") as reading,
                target.cursor().copy(f"COPY {table} FROM STDIN") as writing,
            ):
                for piece in reading:
                    writing.write(piece)


def admit_undisturbed(city: PackedCity) -> None:
    """What the office's pages and the queue do, done here at once."""
    by = Officer.objects.get(username=f"city_data_officer-{city.division[:4]}")
    province = Officer.objects.get(duty="provincial_officer")
    digest, size = hashlib.sha256(city.package.read_bytes()).hexdigest(), city.package.stat().st_size
    package = packages.receive(
        division_code=city.division, file_name=city.package.name, size=size, sha256=digest, by=by
    )
    shutil.copy(city.package, spool.path(package.id))
    checking.check(package, asked("check_package", package, by))
    packages.order_admission(package=package, by=province)
    checking.put_in(package, asked("admit_package", package, province))
    assert Package.objects.get(pk=package.pk).state == "admitted"


def test_killed_at_random_moments(
    killed: KilledRegister,
    register: PrivateServer,
    cities: list[PackedCity],
    tmp_path: Path,
    monkeypatch,
    settings_changed,
) -> None:
    monkeypatch.setattr(remote, "_Form", Slow)
    chance = random.Random(SEED)
    shared = [what for what, share in SHARES.items() for _ in range(max(1, round(share * KILLS / 100)))]
    chance.shuffle(shared)
    left = list(shared)
    uploader = Uploader(killed, "city_data_officer-4401", tmp_path, random.Random(SEED))
    reader = Reader(killed, "county_officer-440604")
    province = Province(killed, [city.package for city in cities], lambda: bool(left))
    for person in (uploader, reader, province):
        person.start()
    told: list[str] = []
    try:
        disturb(killed, province, left, chance, told)
        province.join(240)
    finally:
        for person in (uploader, reader, province):
            person.end()
    about = f"CANBAO_SEED={SEED}, killed: {', '.join(told)}"
    assert [wrong for person in (uploader, reader, province) for wrong in person.wrong] == [], about
    assert not left and province.admitted, about
    assert_everything_is_there(killed, uploader, about)
    settings_changed(SPOOL=tmp_path / "spool")
    (tmp_path / "spool").mkdir()
    for city in admitted(killed, cities):
        admit_undisturbed(city)
    with psycopg.connect(register.url("postgres"), row_factory=psycopg.rows.dict_row) as connection:
        for name, query in COMPARED.items():
            undisturbed = compared(connection.execute(query).fetchall())  # type: ignore[arg-type]
            assert differing(compared(killed.ask(query)), undisturbed) == [], f"{name}; {about}"
    print(about, uploader.answers, reader.answers, len(uploader.acknowledged))


def disturb(
    killed: KilledRegister, province: Province, left: list[str], chance: random.Random, told: list[str]
) -> None:
    """Kill what is on the list, each at a random moment of an admission, and look at what is there then."""
    furthest = 0
    while left and province.is_alive():
        what = left[-1]
        try:
            until(lambda: is_admitting(killed) or not province.is_alive(), "the admission")
        except AssertionError as fault:
            raise AssertionError(f"{fault}; CANBAO_SEED={SEED}, killed: {told}; {how_it_stands(killed)}") from fault
        time.sleep(chance.uniform(0, 0.6))
        told.append(killed.kill(what, chance))
        left.pop()
        if what == "everything":
            killed.start()
        for fault, query in SOUND.items():
            assert killed.asked(query) == [], f"{fault}; CANBAO_SEED={SEED}, killed: {', '.join(told)}"
        people = int(str(killed.asked("SELECT coalesce(sum(people), 0) AS n FROM registry_admissionrange")[0]["n"]))
        assert people >= furthest, f"a piece has gone; CANBAO_SEED={SEED}, killed: {', '.join(told)}"
        furthest = people


def how_it_stands(killed: KilledRegister) -> str:
    """What there is to see when nothing goes on."""
    jobs = killed.asked(
        "SELECT id, task_name, status::text, worker_id FROM procrastinate_jobs WHERE status IN ('doing', 'todo') "
        "AND queue_name = 'packages'"
    )
    works = killed.asked("SELECT kind, state, done, message FROM registry_work WHERE area <> '4401'")
    states = killed.asked("SELECT id, state, people FROM registry_package WHERE division_code <> '440100'")
    locks = killed.asked("SELECT classid, objid, pid FROM pg_locks WHERE locktype = 'advisory'")
    alive = killed.asked("SELECT id, last_heartbeat FROM procrastinate_workers")
    works += [{"pids": {what: killed.pids(what) for what in ("granian", "worker")}}, *locks, *alive]
    return f"{jobs} {works} {states} {killed.log.read_text()[-1000:]}"


def is_admitting(killed: KilledRegister) -> bool:
    """Whether a worker has a package and the web server is there."""
    held = killed.ask(
        "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted "
        "AND classid::bigint = (hashtext('package')::bigint & 4294967295) "
        "AND EXISTS (SELECT FROM registry_package WHERE id = objid::bigint AND state = 'admitting')"
    )
    return bool(held[0]["n"]) and len(killed.pids("granian")) > 1


def assert_everything_is_there(killed: KilledRegister, uploader: Uploader, about: str) -> None:
    until(
        lambda: (
            not killed.ask(
                "SELECT id FROM procrastinate_jobs WHERE status IN ('doing', 'todo') AND queue_name = 'packages'"
            )
        ),
        "the end of all jobs",
    )
    assert killed.ask("SELECT * FROM procrastinate_jobs WHERE status NOT IN ('succeeded', 'doing', 'todo')") == [], (
        about
    )
    states = killed.ask("SELECT DISTINCT state FROM registry_work")
    assert {row["state"] for row in states} <= {"done", "refused"}, about
    kept = {str(row["id"]): row for row in killed.ask("SELECT id, sha256, state FROM registry_package")}
    for number, digest in uploader.acknowledged.items():
        assert (kept[number]["sha256"], kept[number]["state"]) == (digest, "refused"), about
    folder = killed.state / "spool"
    digests = {number: hashlib.sha256((folder / f"{number}.canbao").read_bytes()).hexdigest() for number in kept}
    assert digests == {number: row["sha256"] for number, row in kept.items()}, about
    verified = killed.run("audit", "verify", "--records")
    assert verified.returncode == 0, f"{verified.stdout}{verified.stderr}; {about}"


def admitted(killed: KilledRegister, cities: list[PackedCity]) -> list[PackedCity]:
    """The cities whose packages are in, in their order: the last may have come in after the last kill."""
    digests = {row["sha256"] for row in killed.ask("SELECT sha256 FROM registry_package WHERE state = 'admitted'")}
    return [city for city in cities if hashlib.sha256(city.package.read_bytes()).hexdigest() in digests]


def differing(found: list[Row], wanted: list[Row]) -> list[object]:
    """What is not as it should be, in short: how many rows, or the first few values."""
    if len(found) != len(wanted):
        return [len(found), len(wanted)]
    both = zip(found, wanted, strict=True)
    return [(name, one[name], other[name]) for one, other in both for name in one if one[name] != other[name]][:5]


def compared(rows: list[Row]) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in BESIDES} for row in rows]
