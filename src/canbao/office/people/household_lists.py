"""Downloading a city's part of the province's household list, marked with whoever takes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from canbao.core.cells import inert
from canbao.law.places import Place, read_places
from canbao.office.pages import unkept
from canbao.office.people.exports import mark
from canbao.office.people.showing import as_text, label_of
from canbao.registry.access import Refused
from canbao.registry.households import COLUMNS, LISTS_A_DAY, household_list

ENCODINGS = {"gb18030": "GB18030（WPS、Excel 直接打开）", "utf-8-sig": "UTF-8（带标记）"}


@unkept
@require_http_methods(["GET", "POST"])
def household_lists(request: HttpRequest) -> HttpResponse:
    """The page with the cities of one's area; a post streams the list of one."""
    cities = _cities(request.user.area)
    if request.method == "GET":
        shown = {"cities": cities, "encodings": ENCODINGS.items(), "most": LISTS_A_DAY}
        return render(request, "office/people/household_lists.html", shown)
    city, encoding = request.POST.get("city", ""), request.POST.get("encoding", "")
    if city not in {one.code for one in cities} or encoding not in ENCODINGS:
        raise Refused("只能下载本市的户籍名单；请选择市和编码")
    pieces = household_list(city[:4], by=request.user)
    answer = StreamingHttpResponse(
        _csv(pieces, encoding, mark(request.user)), content_type=f"text/csv; charset={encoding.removesuffix('-sig')}"
    )
    name = f"household-{city}-{request.user.username}-{timezone.localtime():%Y%m%d%H%M}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{_plain(name)}"'
    return answer


def _cities(area: str) -> list[Place]:
    return [city for city in read_places().cities if city.code[:4].startswith(area)]


def _csv(pieces: Iterable[list[tuple[object, ...]]], encoding: str, taken: str) -> Iterator[bytes]:
    """The list as CSV, piece by piece; the first piece has the headers and, for UTF-8, the byte order mark.

    Who took it and when is the header of a last, empty column: `canbao clean` reads no column that it doesn't know.
    """
    yield _lines([[*(label_of(name) for name in COLUMNS), inert(taken)]]).encode(encoding)
    for piece in pieces:
        yield _lines([[*map(_cell, row), ""] for row in piece]).encode(encoding.removesuffix("-sig"))


def _cell(value: object) -> str:
    return "" if value is None else inert(as_text(value))


def _lines(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _plain(name: str) -> str:
    """A file name without what a header or a file system would stumble over."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-.") else "_" for letter in name)
