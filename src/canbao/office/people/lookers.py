"""谁查询过我的登记: who looked at a record, to be printed for the person at the counter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from canbao.law.duties import read_duties
from canbao.office.audit.forms import Days
from canbao.office.pages import unkept
from canbao.office.shell import area_name
from canbao.registry.actions import evidence

TOLD_DAYS = 2 * 365
WORDS = {
    "person.search": "查询时在结果中列出（部分遮盖）",
    "person.see": "查看登记（部分遮盖）",
    "person.unmask": "查看完整登记",
    "person.why": "查看登记结果的理由",
    "person.export": "导出名单（部分遮盖）",
    "exchange.look_up": "合作部门的窗口查询登记",
    "exchange.proof": "合作部门的窗口出具参保证明",
    "exchange.panel": "合作部门的窗口在嵌入页面中查看登记",
    "exchange.back_fill": "合作部门的业务系统回填资料",
    "proof.revoke": "作废参保证明",
    "conflict.see": "核对有争议的资料",
    "conflict.settle": "对有争议的资料作出决定",
    "merge.ask": "申请合并号码",
    "split.ask": "申请分开登记",
    "correction.ask": "申请更正",
    "objection.ask": "受理异议",
    "request.approve": "同意申请",
    "request.refuse": "不同意申请",
    "request.take_back": "收回申请",
    "request.undo": "申请撤销",
    "paper.see": "查看申请所附的材料",
    "target.list": "列出需调查登记人员（部分遮盖）",
    "task.list": "在调查任务清单中列出（部分遮盖）",
    "task.see": "打开调查任务",
    "task.find": "按号码找调查任务",
    "task.walk_in": "固定点登记",
    "task.sheet": "下载预填的录入表格",
    "task.assignment_sheet": "下载分派表格",
    "task.visit": "登记走访",
    "task.collect": "登记收到纸表",
    "task.submit": "录入登记表",
    "task.withdraw": "撤回登记表",
    "task.approve": "审核通过登记表",
    "task.return": "退回登记表",
    "task.reopen": "抽查后退回登记表",
    "review.list": "在待审核清单中列出（部分遮盖）",
    "sample.see": "抽查时列出",
    "sample.record": "登记抽查结果",
    "paper.print": "打印调查文书",
    "paper.preview": "预览调查文书",
    "paper.fetch": "下载打印好的调查文书",
    "volume.see": "查看归档目录（部分遮盖）",
    "task.make_codes": "在通知上印自填的登记码",
    "task.open_by_code": "凭登记码打开自填表（只显示部分姓名和社区）",
    "task.turn_in": "凭登记码提交自填表",
    "phone.tasks": "下载到调查员手机（加密存放）",
    "dispute.see": "核对手机送来的内容",
    "dispute.decide": "处理手机送来的内容",
    "picture.see": "查看签名或材料照片",
    "evidence.take": "出具证明材料",
    "person.lookers": "打印本查询记录",
}
"""What an officer did, as one would say it at the counter."""


@unkept
@require_GET
def lookers(request: HttpRequest, person_id: int) -> HttpResponse:
    """The page; each time it is asked for it counts and is on the log."""
    today = timezone.localdate()
    days = Days({"since": str(today - timedelta(days=TOLD_DAYS)), "until": str(today), **request.GET.dict()})
    shown: dict[str, Any] = {"person_id": person_id, "days": days}
    if days.is_valid():
        said = days.cleaned_data
        found = evidence.lookers(person_id=person_id, since=said["since"], until=said["until"], by=request.user)
        if found is None:
            raise Http404
        rows = [_told(look) for look in found.looks]
        shown |= {"found": found, "rows": rows, "office": area_name(request.user.area), "now": timezone.localtime()}
    return render(request, "office/people/lookers.html", shown)


def _told(look: dict[str, Any]) -> dict[str, Any]:
    """A look in words: where and in which duty, not who."""
    duties = read_duties()
    duty, purpose = duties.duties.get(look["duty"]), duties.purposes.get(look["purpose"])
    return {
        "number": look["number"],
        "at": timezone.localtime(look["at"]),
        "office": area_name(look["area"]),
        "duty": duty.label if duty else look["duty"],
        "did": WORDS.get(look["action"], look["action"]),
        "purpose": purpose.label if purpose else "—",
    }
