"""Making a batch: what was asked is read again as its officer may see it now, and printed; begun anew, it goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings

from canbao.paper.documents.printing import Printed, print_documents
from canbao.registry.access import Refused, acting
from canbao.survey.models import Printing
from canbao.survey.printing.batches import Batch, Key, Setting
from canbao.survey.printing.files import clear_work, file_of, work_of
from canbao.survey.printing.offered import MAKERS
from canbao.survey.wordings import issuer_and_seal, words_of


def make(printing: Printing, announce: Callable[[int], bool]) -> tuple[Printed, list[Key], list[list[str]]]:
    """Print a batch to its file; returns what became of it, the keys that it is of, and each character that no font
    has with whose it is.

    Raises what `print_documents` does, Refused if nothing is left that its officer may see, and Gone.
    """
    batch = batch_of(printing)
    if not batch.keys:
        raise Refused("这一批里已经没有您可以查看的内容")
    words = words_of(printing.campaign.city, printing.kind, printing.asked["version"]).words
    file, pieces = file_of(printing), work_of(printing)
    printed = print_documents(printing.kind, words, batch, file, pieces, announce, settings.PRINT_FONTS)
    clear_work(printing)
    strange = [
        [name, character] for index, character in printed.missing_glyphs for name in batch.made(index).told(character)
    ]
    return printed, batch.keys, strange


def batch_of(printing: Printing) -> Batch:
    """The batch as its officer may see it now."""
    maker, setting = MAKERS[printing.kind], setting_of(printing)
    with acting(printing.by.area, printing.by):
        keys = maker.seen(setting, printing.asked["keys"])
    return Batch(maker, setting, keys)


def setting_of(printing: Printing) -> Setting:
    """What the batch's papers have in common, as it was on the day they were asked for."""
    with acting(printing.by.area, printing.by):
        issuer, seal = issuer_and_seal(printing.campaign.city)
    day = date.fromisoformat(printing.asked["day"])
    return Setting(printing.campaign, printing.by, printing.place, day, issuer, seal, printing.pk)
