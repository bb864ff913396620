"""Marked people go through the main journeys; nothing of them is on a log, in an address, a job or a session."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, connections
from django.test import Client
from test_office_matrix import HEADS

from canbao.core.masks import HIDDEN, has_identity_number, hide_identity_numbers
from canbao.office.packages import checking
from canbao.office.server_log import WithoutPersons, told
from canbao.registry.access import working
from canbao.registry.models import Conflict, Officer, Package, Work
from cities import PackedCity, written_city
from cleaning_desk import number
from people_of_office import trust

NUMBERS = [number(order) for order in (501, 502, 503)]
NAMES = ["龘靐龗", "麤灪爨", "齉齾龖"]
ADDRESS, MOBILE = "饕餮巷77号", "13877665544"
MARKS = [*NUMBERS, *(one[:6] + one[8:17] for one in NUMBERS), *NAMES, "龘靐", "某某别名", ADDRESS, MOBILE]
OF_PEOPLE = re.compile(
    r"(person|person_identifier|person_fact|insurance_fact|evidence|history|finding)(_\d\d)?|registry_conflict|registry_admissionrange|registry_(request|correction|assignment)"
)
"""Tables about people, or about where among their numbers an admission stands; all others have none of them."""


@pytest.fixture(scope="session")
def marked(tmp_path_factory) -> list[PackedCity]:
    """佛山 and the province have three marked people, 深圳 has one of them under another name."""
    folder = tmp_path_factory.mktemp("marked")
    rows = "".join(
        f"{ssn},{name},{ADDRESS},{ADDRESS},440604,某街道,440604010,某社区,440604010001,1,{MOBILE}\n"
        for ssn, name in zip(NUMBERS, NAMES, strict=True)
    )
    covers = "ssn,name,insurance_type,contrib_status,payer_category,region_code\n"
    return [
        written_city(folder / "gd", "440000", household=HEADS + rows),
        written_city(folder / "fs", "440600", household=HEADS + rows),
        written_city(folder / "sz", "440300", insurance=f"{covers}{NUMBERS[0]},某某别名,emp_pension,1,U,440304\n"),
    ]


@pytest.fixture
def addresses(monkeypatch) -> Iterator[list[str]]:
    """Every address that was asked for or sent to, and every page that says no."""
    kept: list[str] = []
    ask = Client.request

    def noted(self, **asked):
        answer = ask(self, **asked)
        kept.append(f"{asked['PATH_INFO']}?{unquote(asked.get('QUERY_STRING', ''))}")
        kept.append(unquote(answer.headers.get("Location", "")) + unquote(answer.headers.get("HX-Redirect", "")))
        kept.append(unquote(answer.headers.get("Content-Disposition", "")))
        if answer.status_code >= 400:
            kept.append(answer.content.decode())
        return answer

    monkeypatch.setattr(Client, "request", noted)
    yield kept


@pytest.fixture
def server_log() -> Iterator[io.StringIO]:
    """What the server prints, more of it than it does."""
    (printing,) = [one for one in logging.getLogger().handlers if isinstance(one.formatter, WithoutPersons)]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(printing.formatter)
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request", "procrastinate")]
    levels = [one.level for one in loggers]
    loggers[0].addHandler(handler)
    for one in loggers:
        one.setLevel(logging.INFO)
    yield written
    loggers[0].removeHandler(handler)
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)


def work_off() -> None:
    call_command("procrastinate", "worker", "--one-shot")


def let_in(opened, city: PackedCity, area: str, province) -> None:
    trust(city)
    sender = province if area == "44" else opened("city_data_officer", area, f"sender-{area}")
    file = SimpleUploadedFile(f"{NUMBERS[0]}.canbao", city.package.read_bytes())
    assert sender.post("/packages/upload/", {"package": file}).status_code == 302
    work_off()
    package = Package.objects.latest("id")
    assert province.post(f"/packages/{package.pk}/admit/").status_code == 302
    work_off()
    package.refresh_from_db()
    assert package.state == "admitted", package.faults


def tables_about_work() -> Iterator[tuple[str, str]]:
    """Every row, as text, of every table that is not about people."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        for (table,) in cursor.fetchall():
            if not OF_PEOPLE.fullmatch(table):
                cursor.execute(f'SELECT "{table}"::text FROM "{table}"')
                yield from ((table, row) for (row,) in cursor.fetchall())


def hits(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text]


def look(browser, person: int) -> None:
    """Every way of looking at somebody, and every wrong way that people take."""
    for asked in (
        {"number": NUMBERS[0]},
        {"number": NUMBERS[0][:6] + NUMBERS[0][8:17]},
        {"name": NAMES[0]},
        {"name": "龘靐*"},
    ):
        page = browser.post("/people/", {"purpose": "counter", **asked}, follow=True).content.decode()
        assert NAMES[0] in page.split("查询结果")[1]
    for wrong in ({"number": NUMBERS[0] + "9"}, {"purpose": NUMBERS[0]}, {"name": NAMES[0], "county": NUMBERS[0]}):
        browser.post("/people/", {"purpose": "counter", **wrong}, follow=True)
    assert NAMES[0] in browser.get(f"/people/{person}/").content.decode()
    assert NUMBERS[0] in browser.post(f"/people/{person}/whole/", {"purpose": "counter"}).content.decode()
    assert browser.post(f"/people/{person}/whole/", {"purpose": NUMBERS[0]}).status_code == 403
    assert browser.get(f"/people/{person}/why/disposition/").status_code == 200
    browser.post("/people/", {"purpose": "counter", "county": "440604"}, follow=True)
    assert browser.post("/people/export/").status_code == 200
    browser.post("/people/", {"purpose": "counter", "number": NUMBERS[0]}, follow=True)


def correct(browser, person: int) -> None:
    """Ask for a correction, first with a number where none may be."""
    for reason in (f"核对了{NUMBERS[0]}的户口本", "核对了户口本原件"):
        scan = SimpleUploadedFile(f"{NUMBERS[0]}.pdf", b"%PDF-1.7 made for tests")
        said = {"reason": reason, "papers": [scan], "mobile": "13877665545", "hukou_address": f"{ADDRESS}后座"}
        answer = browser.post(f"/people/{person}/correction/", said)
    request = re.fullmatch(r"/requests/(\d+)/", answer.headers["Location"])[1]
    assert ADDRESS in browser.read(f"/requests/{request}/")
    assert not hits(browser.read("/requests/?whose=asked"))


@pytest.fixture
def journeys(opened, settings_changed, tmp_path, marked, addresses, server_log) -> None:
    """Upload, admission, search, page, unmasking, export, conflict, household list, and what goes wrong in each."""
    settings_changed(SPOOL=tmp_path / "spool", STATE=tmp_path)
    province = opened("provincial_officer", "44")
    for city, area in zip(marked, ("44", "4406", "4403"), strict=True):
        let_in(opened, city, area, province)
    with working("44"), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM person WHERE ssn = %s", [NUMBERS[0]])
        person = cursor.fetchone()[0]
    foshan, shenzhen = opened("city_data_officer", "4406"), opened("city_data_officer", "4403", "sz")
    look(foshan, person)
    correct(foshan, person)
    answer = foshan.post("/household-lists/", {"city": "440600", "encoding": "gb18030"})
    assert NUMBERS[1] in b"".join(answer.streaming_content).decode("gb18030")
    conflict = Conflict.objects.get()
    assert "某某别名" in shenzhen.get(f"/conflicts/{conflict.pk}/").content.decode()
    for reason in (f"核对了{NUMBERS[0]}的户口本", f"就是 {NUMBERS[0][:6]} {NUMBERS[0][6:14]} {NUMBERS[0][14:]} 本人"):
        page = shenzhen.say(f"/conflicts/{conflict.pk}/settle/", decision="same", reason=reason)
        assert "理由里不能写身份号码" in page
    shenzhen.say(f"/conflicts/{conflict.pk}/settle/", decision="same", reason="核对了户口本原件")
    auditor = opened("auditor", "44")
    assert auditor.post("/audit/person/", {"person": NUMBERS[0]}).headers["Location"] == f"/audit/people/{person}/"
    auditor.post("/canaries/", {"person": NUMBERS[2]}, follow=True)
    system = opened("system_administrator", "44")
    for said in (
        {"username": NUMBERS[0], "display_name": "某人", "staff_number": "gd-1"},
        {"username": "some.one", "display_name": NUMBERS[0], "staff_number": "gd-1"},
    ):
        system.say("/officers/open/", area="440600", **said)
    assert not Officer.objects.filter(area="4406", duty="none").exists()
    Client(SERVER_NAME="localhost").post("/sign-in/", {"username": NUMBERS[0], "password": NUMBERS[1]})


def test_nothing_of_them_is_anywhere_but_in_the_records(journeys, addresses, server_log):
    assert [one for one in addresses if hits(one)] == []
    assert hits(server_log.getvalue()) == []
    scanned: dict[str, int] = {}
    for table, row in tables_about_work():
        scanned[table] = scanned.get(table, 0) + 1
        assert hits(row) == [], table
    wanted = {
        "audit_log",
        "procrastinate_jobs",
        "registry_work",
        "registry_package",
        "django_session",
        "registry_guesses",
    }
    assert wanted <= scanned.keys() and scanned["audit_log"] > 30
    for session in Session.objects.all():
        assert hits(repr(session.get_decoded())) == []
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_conflict WHERE reason ~ '[0-9]{6}'")
        assert cursor.fetchone() == (0,)


def test_a_number_typed_into_an_address_does_not_come_to_the_log(opened, register, server_log):
    browser = opened("auditor", "44")
    for address in ("/audit/people/{}/", "/people/{}/", "/conflicts/{}/", "/nowhere/{}/"):
        browser.get(address.format(NUMBERS[0][:17] + "1"))
        opened("city_data_officer", "4406", f"c{len(address)}").get(address.format(NUMBERS[0][:17] + "1"))
    assert NUMBERS[0][:17] not in server_log.getvalue()
    assert [row for _, row in tables_about_work() if NUMBERS[0][:17] in row] == []
    assert [row for table, row in tables_about_work() if table == "audit_log" and HIDDEN in row]


def test_a_fault_says_where_and_of_what_kind_and_no_more(
    opened, marked, settings_changed, tmp_path, monkeypatch, server_log
):
    settings_changed(SPOOL=tmp_path / "spool", STATE=tmp_path)

    def collide(package, task) -> None:
        with connections["owner"].cursor() as cursor:
            for _ in range(2):
                cursor.execute("INSERT INTO person_identifier (ssn, person_id) VALUES (%s, 1)", [NUMBERS[0]])

    monkeypatch.setattr(checking, "check", collide)
    browser = opened("city_data_officer", "4406")
    with marked[1].package.open("rb") as file:
        browser.post("/packages/upload/", {"package": file})
    work_off()
    message = Work.objects.get().message
    assert "IntegrityError 23505 person_identifier" in message and hits(message) == []
    written = server_log.getvalue()
    assert "IntegrityError" in written and "test_no_personal_data.py" in written and hits(written) == []
    assert hits(browser.read("/works/")) == []
    assert [table for table, row in tables_about_work() if hits(row)] == []


def test_our_own_words_are_kept_without_numbers_and_others_are_not():
    from canbao.core.trouble import Trouble

    assert told(Trouble("第 3 行", f"{NUMBERS[0]} 重复", "请删去")) == f"第 3 行：{HIDDEN} 重复；请删去"
    assert told(ValueError(NAMES[0])) == "程序出错（ValueError）" and NAMES[0] not in told(IntegrityError(NAMES[0]))


WRITINGS = (
    "440604198503031234", "44060419850303123x", "440604850303123", "440604 19850303 1234",
    "４４０６０４１９８５０３０３１２３４",
)  # fmt: skip
OTHERS = (
    "13800138000", "2026-11-25 10:21:33", "440600-20170630-0001.canbao", f"{'a' * 30}123456789012345678b", "1" * 16,
    "1" * 20,
)  # fmt: skip


@pytest.mark.parametrize("text", WRITINGS)
def test_identity_numbers_are_found_in_any_writing(text):
    for around in ("{}", "本人{}。", "(id={})", "person:{}"):
        said = around.format(text)
        assert has_identity_number(said) and text[:6] not in hide_identity_numbers(said)


@pytest.mark.parametrize("text", OTHERS)
def test_other_figures_stay(text):
    assert not has_identity_number(text) and hide_identity_numbers(text) == text
