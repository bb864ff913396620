"""A package's way through the office: uploaded, checked, admitted; another city sees nothing of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from canbao.registry.access import working
from canbao.registry.models import Package
from cities import PackedCity, made_city
from people_of_office import trust
from register_desk import asked


@pytest.fixture(scope="session")
def foshan(tmp_path_factory) -> PackedCity:
    return made_city(tmp_path_factory.mktemp("foshan"))


@pytest.fixture
def spooling(settings_changed, tmp_path) -> Path:
    settings_changed(SPOOL=tmp_path / "spool")
    return tmp_path / "spool"


def work_off() -> None:
    call_command("procrastinate", "worker", "--one-shot")


def upload(browser, city: PackedCity) -> Package:
    with city.package.open("rb") as file:
        answer = browser.post("/packages/upload/", {"package": file})
    assert answer.status_code == 302, answer.content.decode()
    return Package.objects.latest("id")


def test_a_good_package_ends_in_the_register(opened, spooling, foshan):
    trust(foshan)
    city, province = opened("city_data_officer"), opened("provincial_officer")
    package = upload(city, foshan)
    work_off()
    package.refresh_from_db()
    assert package.state == "checked", package.faults
    assert city.post(f"/packages/{package.id}/admit/").status_code == 403
    assert province.post(f"/packages/{package.id}/admit/").status_code == 302
    work_off()
    package.refresh_from_db()
    assert package.state == "admitted"
    with working("44"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM person")
        assert cursor.fetchone()[0] == package.people > 250
    for address in (f"/packages/{package.id}/", "/packages/", f"/packages/{package.id}/receipt/"):
        assert city.get(address).status_code == 200
    assert [one.kind for one in package.works.order_by("id")] == ["check_package", "admit_package"]


def test_another_city_does_not_find_the_package(opened, spooling, foshan):
    trust(foshan)
    package = upload(opened("city_data_officer"), foshan)
    other = opened("city_data_officer", "4401", "guangzhou")
    assert other.get(f"/packages/{package.id}/").status_code == 404
    assert str(package.sha256) not in other.get("/packages/").content.decode()


def test_a_package_signed_by_nobody_known_is_given_back_whole(opened, spooling, foshan):
    browser = opened("city_data_officer")
    package = upload(browser, foshan)
    work_off()
    package.refresh_from_db()
    assert package.state == "refused"
    assert "公钥" in package.faults[0]
    page = browser.read(f"/packages/{package.id}/progress/")
    assert "已退回" in page and "refused" not in page


def test_an_upload_without_a_file_says_what_to_choose(opened, spooling):
    answer = opened("city_data_officer").post("/packages/upload/", {})
    assert (answer.status_code, "请选择 canbao pack" in answer.content.decode()) == (400, True)
    assert Package.objects.count() == 0


def test_the_list_shows_the_state_asked_for(opened, spooling, foshan):
    browser = opened("city_data_officer")
    package = upload(browser, foshan)
    link = f'href="/packages/{package.id}/"'
    assert link in browser.read("/packages/?state=received") and link in browser.read("/packages/?state=nonsense")
    assert link not in browser.read("/packages/?state=admitted")


def test_a_package_of_another_city_is_given_back(opened, spooling, foshan):
    trust(replace(foshan, division="440100"))
    package = upload(opened("city_data_officer", "4401"), foshan)
    work_off()
    package.refresh_from_db()
    assert package.state == "refused"
    assert "440600" in package.faults[0]


@pytest.mark.parametrize("place", [100, 0.5, 0.9])
def test_a_changed_byte_is_found(opened, spooling, foshan, tmp_path, place):
    raw = bytearray(foshan.package.read_bytes())
    raw[place if isinstance(place, int) else int(place * len(raw))] ^= 1
    changed = tmp_path / foshan.package.name
    changed.write_bytes(raw)
    trust(foshan)
    package = upload(opened("city_data_officer"), replace(foshan, package=changed))
    work_off()
    package.refresh_from_db()
    assert (package.state, package.people) == ("refused", 0)
    assert package.faults


def test_the_same_bytes_come_in_once(opened, spooling, foshan):
    trust(foshan)
    browser = opened("city_data_officer")
    upload(browser, foshan)
    with foshan.package.open("rb") as file:
        again = browser.post("/packages/upload/", {"package": file})
    assert (again.status_code, "已经上传过" in again.content.decode()) == (403, True)
    assert Package.objects.count() == 1
    assert not list(spooling.glob("*.part"))
    assert asked("SELECT decision FROM audit_log WHERE action = 'package.receive' ORDER BY number") == [
        {"decision": "allowed"}, {"decision": "refused"},
    ]  # fmt: skip
