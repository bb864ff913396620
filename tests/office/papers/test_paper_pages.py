"""The pages of papers: choosing, looking, having a batch printed, fetching it, handing it out."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from canbao.office import jobs
from canbao.survey.models import Printing
from canbao.survey.printing.files import delete_old, file_of
from canbao.survey.printing.offered import MAKERS
from register_desk import asked
from survey_desk import TOWN, tasks

FORMS = {"kind": "registration_form", "place": TOWN, "which": "assigned"}


def printed() -> Printing:
    """The latest batch, when its worker is through."""
    made = Printing.objects.order_by("-pk").first()
    jobs.print_papers(work_id=made.work_id)
    return Printing.objects.select_related("work").get(pk=made.pk)


def queued() -> list[dict]:
    """The jobs that wait for a worker."""
    return asked("SELECT args::jsonb ->> 'work_id' AS work FROM procrastinate_jobs WHERE task_name = 'print_papers'")


def text_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("kind", list(MAKERS))
def test_each_kind_has_its_page(town, campaign, kind):
    page = town.read(f"/campaigns/{campaign.pk}/papers/?kind={kind}")
    assert f'value="{kind}"' in page and "石湾镇街道" in page and "祖庙" not in page


def test_a_batch_from_choosing_to_handing_out(town, campaign):
    address = f"/campaigns/{campaign.pk}/papers/"
    look = town.post(f"{address}preview/", FORMS)
    assert look["Content-Type"] == "application/pdf" and look["Content-Disposition"].startswith("inline")
    assert "no-store" in look["Cache-Control"] and "样例0" in text_of(look)
    page = town.say(f"{address}order/", **FORMS)
    assert "8 份已排队打印" in page and "/progress/" in page
    assert queued() == [{"work": str(Printing.objects.get().work_id)}]
    made = printed()
    row = town.read(f"/papers/{made.pk}/progress/")
    assert "共 8 份，8 页" in row and "已打印分发" in row and "/progress/" not in row
    answer = town.post(f"/papers/{made.pk}/file/")
    assert answer["Content-Disposition"].startswith("attachment") and "no-store" in answer["Cache-Control"]
    assert len(re.findall("全民参保登记表", text_of(answer))) == 8
    assert {one.state for one in tasks(campaign, place__startswith=TOWN)} == {"assigned"}
    assert "8 个任务转入“调查中”" in town.say(f"/papers/{made.pk}/hand-out/")
    assert {one.state for one in tasks(campaign, place__startswith=TOWN)} == {"in_field"}
    assert "已经确认过分发" in town.say(f"/papers/{made.pk}/hand-out/")


def test_a_batch_is_stopped_on_request(town, campaign):
    town.post(f"/campaigns/{campaign.pk}/papers/order/", FORMS)
    made = Printing.objects.get()
    town.post(f"/papers/{made.pk}/stop/")
    assert printed().work.state == "cancelled"
    assert town.post(f"/papers/{made.pk}/file/").status_code == 403


def test_what_can_t_be_meant_is_said_at_its_place(town, campaign):
    address = f"/campaigns/{campaign.pk}/papers/order/"
    assert town.post(address, {**FORMS, "kind": "nothing"}).status_code == 403
    wrong = town.post(address, {**FORMS, "place": "440604012"})
    assert wrong.status_code == 400 and "有效" in wrong.content.decode()
    nothing = town.post(address, {**FORMS, "kind": "notice", "which": "failed"})
    assert "没有可以打印的内容" in nothing.content.decode()
    assert not Printing.objects.exists() and not queued()


def test_files_are_deleted_after_some_days(town, campaign, settings_changed):
    town.post(f"/campaigns/{campaign.pk}/papers/order/", FORMS)
    made = printed()
    assert delete_old() == 0 and file_of(made).exists()
    settings_changed(PRINTS_KEPT_DAYS=-1)
    assert delete_old() == 1 and not file_of(made).exists()
    assert "已过保存期" in town.read(f"/campaigns/{campaign.pk}/papers/")
    assert "重新打印" in town.post(f"/papers/{made.pk}/file/").content.decode()


def test_a_town_says_whom_its_residents_ring(town, campaign):
    address = f"/campaigns/{campaign.pk}/papers/contacts/"
    said = {"place": TOWN, "name": "李主任", "phone": "0757-22222222", "address": "办事处一楼", "hours": "工作日"}
    assert "李主任" in town.post(address, said, follow=True).content.decode()
    notice = {"kind": "notice", "place": TOWN, "which": "blank"}
    assert "办事处一楼" in text_of(town.post(f"/campaigns/{campaign.pk}/papers/preview/", notice))
    for wrong, words in (
        ({"place": "440604012"}, "管辖范围"), ({"phone": ""}, "必填"), ({"name": "440604198001010013"}, "身份号码"),
    ):  # fmt: skip
        refused = town.post(address, {**said, **wrong})
        assert refused.status_code == 400 and words in refused.content.decode()
    assert "李主任" not in town.say(address, drop=TOWN)
