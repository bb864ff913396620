"""Taking a list away: of a county at most, within the day's quota, masked, marked, on the log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from canbao.office.pages import unkept
from canbao.office.people.forms import LISTED, question_of
from canbao.office.people.kept_question import kept_question
from canbao.office.people.purposes import purpose_of
from canbao.office.people.showing import label_of, place_name, show
from canbao.office.people.spreadsheet import workbook
from canbao.registry import lookup
from canbao.registry.access import Refused
from canbao.registry.models import Officer

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@unkept
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The whole list that the session's question asks for, as an XLSX file."""
    kept, purpose = kept_question(request), purpose_of(request)
    if kept is None or not purpose:
        return redirect("people")
    if kept["number"] or kept["name"]:
        raise Refused("只能导出按地方查询的清单")
    people = lookup.exported(question_of(kept), by=request.user, purpose=purpose)
    headers = [*(label_of(name) for name in LISTED), "所在地"]
    rows = ([*(show(name, one[name]) for name in LISTED), place_name(one["home"])] for one in people)
    answer = HttpResponse(workbook("人员清单", mark(request.user), headers, rows), content_type=KIND)
    answer.headers["Content-Disposition"] = f'attachment; filename="people-{timezone.localdate():%Y%m%d}.xlsx"'
    return answer


def mark(by: Officer) -> str:
    """Who takes it, and when."""
    return f"{by.display_name}（{by.username}）{timezone.localtime():%Y-%m-%d %H:%M} 导出，内部资料，不得外传"
