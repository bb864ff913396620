"""The pages of runs: a list is uploaded, checked, compared and its result taken, by those who may and of their area."""

from __future__ import annotations

import gzip
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from canbao.office.exchange_runs import working as desk
from canbao.registry.actions.plans import moved
from canbao.registry.models import ExchangePlan, ExchangeRun, Given
from cleaning_desk import number
from dropping_desk import signed
from partner_desk import agreed, partner, with_key
from register_desk import asked, person
from setting_desk import put_in

ONE, TWO, STRANGER = number(1), number(3), number(7)
HOUSEHOLD = "ssn,name,sex,hukou_address,residence_address,hukou_division_code,vital_status,mobile\n" + "".join(
    f"{ssn},{name},1,某路1号,某路1号,440604,1,\n" for ssn, name in ((ONE, "张三"), (TWO, "李四"))
)
DEATHS = f"社会保障号码,姓名,死亡日期\n{ONE},张三,2026-11-03\n{TWO},李小四,2026-11-04\n{STRANGER},赵六,\n"


@pytest.fixture
def police(register, settings_of, tmp_path):
    """Foshan's police, whose lists may be compared; whatever is spooled lies in a folder of the test's own."""
    with settings_of(SPOOL=tmp_path):
        put_in("440600", household=HOUSEHOLD)
        made = partner("foshan-police", "police")
        agreed(made)
        yield made


def send(browser, whose, content: str = DEATHS, **more: str):
    """Upload a list."""
    told = {"listed": f"{whose.pk}:death", "kind": "changes", "as_of": "2026-11-20", **more}
    file = SimpleUploadedFile("死亡名单.csv", content.encode())
    return browser.post("/exchange/runs/upload/", {**told, "file": file})


def work_off(kind: str) -> ExchangeRun:
    """What the queue would do."""
    run = ExchangeRun.objects.latest("pk")
    {"check": desk.check, "carry": desk.carry}[kind](run.pk, run.work)
    return ExchangeRun.objects.get(pk=run.pk)


def test_a_list_is_uploaded_compared_and_answered(opened, police):
    browser = opened("city_data_officer")
    assert "foshan-police 系统：死亡" in browser.read("/exchange/runs/upload/")
    answer = send(browser, police)
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert 'hx-get="' in browser.read(address)
    assert work_off("check").state == "checked"
    assert "开始比对" in browser.read(address)
    assert "正在后台比对" in browser.say(f"{address}carry/")
    assert work_off("carry").state == "done"
    page = browser.read(address)
    assert "比对上，已采用" in page and "姓名不同" in page and ONE not in page
    assert "姓名与登记的不一致" in browser.read(f"{address}?outcome=other_name")
    result = browser.get(f"{address}result/")
    assert result.content.decode().split() == ["\ufeff行号,结果代码", "2,0", "3,2", "4,1"]
    browser.get(f"{address}result/")
    assert (
        sorted(Given.objects.values_list("service", "told_to"))
        == [("compare", f"run:{ExchangeRun.objects.get().pk}")] * 2
    )
    who = browser.say(f"/people/{person(ONE)['id']}/whole/", purpose="counter")
    assert f"foshan-police 系统，比对批次 {ExchangeRun.objects.get().pk} 第2行" in who


def test_a_list_without_an_agreement_is_not_taken(opened, police):
    police.agreements.update(services=["push"])
    browser = opened("city_data_officer")
    assert "没有写明“定期比对”" in browser.read("/exchange/runs/upload/")
    assert send(browser, police).status_code == 400
    assert not ExchangeRun.objects.exists()


def test_another_citys_runs_are_not_there(opened, police):
    send(opened("city_data_officer"), police)
    other = opened("city_data_officer", "4401", "other")
    run = ExchangeRun.objects.get()
    assert other.get(f"/exchange/runs/{run.pk}/").status_code == 404
    assert other.post(f"/exchange/runs/{run.pk}/cancel/").status_code == 404
    assert "还没有比对批次" in other.read("/exchange/runs/")


def test_a_doubtful_list_is_released_with_a_reason(opened, police):
    browser = opened("city_data_officer")
    full = "".join(f"{number(one)},某{one},\n" for one in range(101, 121))
    send(browser, police, f"社会保障号码,姓名,死亡日期\n{full}", kind="full")
    ExchangeRun.objects.update(state="done", people=20)
    address = send(browser, police, kind="full").headers["Location"]
    assert work_off("check").state == "held"
    page = browser.read(address)
    assert "不到上一次" in page and "开始比对" not in page
    assert "放行的理由" in browser.say(f"{address}release/", reason="好")
    assert "已放行" in browser.say(f"{address}release/", reason="向市公安局电话核实过")
    assert "取消" in browser.read(address) and "批次已取消" in browser.say(f"{address}cancel/")


def test_templates_have_the_headers_of_their_list(opened, police):
    browser = opened("city_data_officer")
    assert browser.read("/exchange/runs/templates/death/") == "\ufeff社会保障号码,姓名,死亡日期\r\n"
    assert "户口所在地" in browser.read("/exchange/runs/templates/items/")
    assert browser.get("/exchange/runs/templates/card/").status_code == 404


def test_a_plan_is_due_until_the_list_has_come(opened, police):
    browser = opened("city_data_officer")
    told = {"listed": f"{police.pk}:death", "steps": "1", "unit": "month", "due_on": str(timezone.localdate())}
    assert "已到期" in browser.say("/exchange/plans/", **told)
    assert "到期的比对名单" in browser.read("/") and "到期的名单" in browser.read("/exchange/runs/")
    address = send(browser, police, as_of=str(timezone.localdate())).headers["Location"]
    work_off("check")
    browser.say(f"{address}carry/")
    work_off("carry")
    assert ExchangePlan.objects.get().due_on == moved(timezone.localdate(), "month", 1)
    assert "到期的名单" not in browser.read("/exchange/runs/")
    assert "计划已结束" in browser.say(f"/exchange/plans/{ExchangePlan.objects.get().pk}/end/")


def test_an_officer_brings_a_dropped_file(opened, police, tmp_path):
    secret, key = with_key(police)
    content = {"ssn": ONE, "name": "张三", "death_date": "2026-11-03"}
    one = {"id": "r1", "seq": 1, "at": "2026-11-20T08:00:00+08:00", "source": "death", "row": content}
    name, content, signature = signed("foshan-police", [one], secret, key.key_id)
    browser = opened("city_data_officer")

    def bring(packed: bytes) -> str:
        files = {"file": SimpleUploadedFile(name, packed), "signature": SimpleUploadedFile(f"{name}.sig", signature)}
        return browser.post("/exchange/files/", files).content.decode()

    assert "收下 1 行" in bring(content)
    assert "以前收过 1 行" in bring(content)
    assert "文件在签名后变过" in bring(gzip.compress(json.dumps(one).encode() + b"\n", mtime=7))
    assert len(asked("SELECT * FROM inbox")) == 1
