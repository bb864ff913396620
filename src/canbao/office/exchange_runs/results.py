"""What is downloaded: an empty template for a list, and a run's result for its department."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from canbao.core.pushed import IDENTITY, ITEMS
from canbao.law.exchange import read_exchange
from canbao.law.models import Column
from canbao.law.reader import read_law
from canbao.office.exchange_runs.showing import templates
from canbao.office.exchange_runs.views import found
from canbao.office.pages import unkept
from canbao.office.spreadsheets import csv_answer
from canbao.registry.actions.run_results import take_result
from canbao.registry.streams.listing import headers_of

HEADERS = ("行号", "结果代码")


@require_GET
def template(request: HttpRequest, source: str) -> HttpResponse:
    """A table with a list's headers and nothing else."""
    if source not in dict(templates()):
        raise Http404
    return csv_answer(f"{source}.csv", [_header(one) for one in _columns(source)], [])


def _columns(source: str) -> list[Column]:
    columns = read_law().sources[headers_of(source)].columns
    if source != ITEMS:
        return list(columns)
    said = {item for system in read_exchange().systems for item in system.items}
    return [one for one in columns if one.name in said or one.name in IDENTITY[:2]]


def _header(column: Column) -> str:
    field = read_law().fields.get(column.name)
    return column.label or (field.label if field else column.name)


@unkept
@require_GET
def result(request: HttpRequest, run_id: int) -> HttpResponse:
    """The result for the department: row and code."""
    run = found(request, run_id)
    return csv_answer(f"run-{run.pk}-result.csv", HEADERS, take_result(run=run, by=request.user))
