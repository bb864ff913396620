"""A table as a CSV file that a spreadsheet opens without running any of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from canbao.core.cells import inert


def csv_answer(file_name: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The file to be downloaded; UTF-8 with a mark, as Excel wants it. `file_name` is plain ASCII."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows([inert("" if cell is None else str(cell)) for cell in row] for row in rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer
