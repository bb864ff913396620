"""Lists that leave the office: a page of people for a spreadsheet, and a city's household list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST
from xlsxwriter import Workbook

from canbao.law.places import read_places
from canbao.law.reader import read_law
from canbao.office.people import showing, views
from canbao.office.people.purposes import keep_purpose, purpose_of
from canbao.office.spreadsheets import inert
from canbao.registry import households, lookup
from canbao.registry.access import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = ("name", "ssn", "sex", "birth_date", "home", "registration_status", "employment_status", "disposition")


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The people of a place as a spreadsheet, masked, with a watermark; within the day's quota."""
    if not keep_purpose(request, request.POST.get("purpose", "")):
        raise Refused("请先选择查询用途")
    found = lookup.exported(views.question(request), by=request.user, purpose=purpose_of(request))
    stamp = f"{request.user.display_name} {request.user.username} {timezone.localtime():%Y-%m-%d %H:%M}"
    answer = HttpResponse(_workbook(found, stamp), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="people-{timezone.localdate()}.xlsx"'
    return answer


def _workbook(found: list[dict[str, object]], stamp: str) -> bytes:
    memory = io.BytesIO()
    book = Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("人员")
    sheet.set_header(f"&C{stamp}")
    sheet.write_string(0, 0, f"导出：{stamp}；共 {len(found)} 人；仅限本次工作使用")
    for column, name in enumerate(COLUMNS):
        label = "户籍或管理地" if name == "home" else read_law().fields[name].label
        sheet.write_string(1, column, label)
    for line, row in enumerate(found, 2):
        for column, name in enumerate(COLUMNS):
            value = read_places().name(str(row[name])) if name == "home" else showing.said(name, row[name], whole=False)
            sheet.write_string(line, column, inert(value))
    sheet.set_column(0, len(COLUMNS), 18)
    book.close()
    return memory.getvalue()


def household_lists(request: HttpRequest) -> HttpResponse:
    """The cities whose household list the officer may fetch."""
    area = request.user.area
    cities = [place for place in read_places().cities if place.code.startswith(area[:4])]
    return render(request, "office/people/household_lists.html", {"cities": cities})


@require_POST
def household_list_of(request: HttpRequest, city: str) -> StreamingHttpResponse:
    """A city's household list as CSV with Chinese headers, ready to be a source of `canbao clean`."""
    encoding = "gb18030" if request.POST.get("encoding") == "gb18030" else "utf-8-sig"
    pieces = households.household_list(city, by=request.user)
    answer = StreamingHttpResponse(_csv(pieces, encoding), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="household-{city}.csv"'
    return answer


def _csv(pieces: Iterator[list[tuple[object, ...]]], encoding: str) -> Iterator[bytes]:
    yield _lines([[read_law().fields[name].label for name in households.COLUMNS]]).encode(encoding)
    plain = encoding.removesuffix("-sig")
    for piece in pieces:
        yield _lines([["" if value is None else value for value in row] for row in piece]).encode(plain)


def _lines(rows: list[list[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
