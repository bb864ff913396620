"""Every kind of paper: what it is called, what it is made of, and its template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canbao.law.wording import read_wording
from canbao.paper.documents import (
    announcement,
    archive_catalogue,
    box_label,
    card,
    hand_over_sheet,
    letter,
    notice,
    proof,
    registration_form,
    summary_sheet,
    weekly_report,
)
from canbao.paper.documents.contents import Leaf

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Kind:
    """A kind of paper: the class of its records, and how one becomes the leaves that its template shows."""

    name: str
    record: type
    leaves: Callable[[Any, Mapping[str, str]], Iterator[Leaf]]

    @property
    def title(self) -> str:
        """What people call it, e.g. 入户调查证."""
        return read_wording()[self.name].name


KINDS = {
    kind.name: kind
    for kind in (
        Kind("card", card.Card, card.leaves),
        Kind("letter", letter.Letter, letter.leaves),
        Kind("notice", notice.Notice, notice.leaves),
        Kind("announcement", announcement.Announcement, announcement.leaves),
        Kind("summary_sheet", summary_sheet.SummarySheet, summary_sheet.leaves),
        Kind("registration_form", registration_form.RegistrationForm, registration_form.leaves),
        Kind("archive_catalogue", archive_catalogue.ArchiveCatalogue, archive_catalogue.leaves),
        Kind("box_label", box_label.BoxLabel, box_label.leaves),
        Kind("hand_over_sheet", hand_over_sheet.HandOverSheet, hand_over_sheet.leaves),
        Kind("weekly_report", weekly_report.WeeklyReport, weekly_report.leaves),
        Kind("proof", proof.Proof, proof.leaves),
    )
}


def templates(kind: str) -> dict[str, bytes]:
    """The files that a kind's template needs, by name; `main.typ` is where it begins."""
    files = {"main.typ": f"{kind}.typ", "house_style.typ": "house_style.typ"}
    return {name: (TEMPLATES / file).read_bytes() for name, file in files.items()}
