"""Papers ordered and printed as the office and its worker do, and read back."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import zxingcpp
from pypdf import PdfReader

from canbao.office import jobs
from canbao.registry.models import Officer
from canbao.survey.actions import printing
from canbao.survey.models import Campaign, Printing
from canbao.survey.printing.batches import Wish
from survey_desk import TOWN, clerk


def ordered(campaign: Campaign, kind: str, by: Officer | None = None, place: str = TOWN, **more: object) -> Printing:
    """A batch that waits for its worker."""
    by = by or clerk()
    return printing.order(campaign=campaign, wish=Wish(kind=kind, place=place, **more), by=by)


def printed(made: Printing) -> Printing:
    """The batch as it is when its worker is through."""
    jobs.print_papers(work_id=made.work_id)
    return Printing.objects.select_related("work", "by", "campaign").get(pk=made.pk)


def fetched(made: Printing, by: Officer | None = None) -> Path:
    """Its file."""
    return printing.fetch(printing_id=made.pk, by=by or clerk())[1]


def text_of(pdf: Path | bytes) -> str:
    """All that stands in it, without the spaces between."""
    return "".join("".join(page.extract_text().split()) for page in pages_of(pdf))


def pages_of(pdf: Path | bytes) -> list:
    return list(PdfReader(io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf).pages)


def codes_of(pdf: Path) -> list[str]:
    """What the QR code of each page says, read from its picture."""
    pictures = [page.render(scale=200 / 72).to_numpy() for page in pypdfium2.PdfDocument(pdf)]
    return [found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)]
