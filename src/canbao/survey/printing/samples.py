"""A made record of each kind, by which a city sees how its words will look: nobody in it exists."""

from __future__ import annotations

from datetime import date
from typing import Any

from canbao.core.survey_form import Form, Overlay, laid_over
from canbao.law.survey import read_survey
from canbao.paper.documents.announcement import Announcement, Contact
from canbao.paper.documents.archive_catalogue import ArchiveCatalogue, CatalogueEntry
from canbao.paper.documents.box_label import BoxLabel
from canbao.paper.documents.card import Card
from canbao.paper.documents.hand_over_sheet import HandOverLine, HandOverSheet
from canbao.paper.documents.letter import Letter
from canbao.paper.documents.notice import Notice
from canbao.paper.documents.proof import Proof, ProofCover
from canbao.paper.documents.registration_form import RegistrationForm
from canbao.paper.documents.summary_sheet import SummaryRow, SummarySheet
from canbao.paper.documents.weekly_report import ReportSection, WeeklyReport
from canbao.survey.printing.forms import sections
from canbao.survey.printing.places import name_of

BEGINS, ENDS = date(2026, 6, 1), date(2026, 8, 31)
PHONE, NUMBER = "12333", "000000-0"
PLACES = ("样例县", "样例街道", "样例社区")


def _form() -> Form:
    return laid_over(read_survey(), Overlay())


def sample(kind: str, city: str, issuer: str, seal: bytes | None) -> Any:
    """A record of a kind as the city's paper would be; KeyError for an unknown kind."""
    shared = {"issuer": issuer, "seal": seal}
    called = {"city": name_of(city), "begins": BEGINS, "ends": ENDS, "phone": PHONE, "day": BEGINS, **shared}
    return {
        "card": lambda: Card("样例0001", "样例甲", "样例街道", BEGINS, ENDS, PHONE, **shared),
        "letter": lambda: Letter(**called),
        "notice": lambda: Notice(
            "样例乙", *PLACES[1:], "样例甲", PHONE, "样例社区服务点", "周一至周五 9:00—17:00", BEGINS, ENDS, ENDS,
            BEGINS, **shared,
        ),
        "announcement": lambda: Announcement(contacts=(Contact(*PLACES[1:], "样例甲", PHONE, "样例路1号"),), **called),
        "summary_sheet": lambda: SummarySheet(*PLACES, (SummaryRow("样例乙", "", residence="样例路1号"),)),
        "registration_form": lambda: RegistrationForm(NUMBER, "", *PLACES, sections(_form())),
        "archive_catalogue": lambda: ArchiveCatalogue(
            *PLACES, (CatalogueEntry(NUMBER, "全民参保登记表", "样例乙", box="1"),), issuer, "样例甲", BEGINS
        ),
        "box_label": lambda: BoxLabel(issuer, *PLACES, "2026", "1", NUMBER, NUMBER, 1, "10年"),
        "hand_over_sheet": lambda: HandOverSheet("YJ-1", *PLACES[1::-1], (HandOverLine(PLACES[2], 1, 1, 9, 10),)),
        "proof": lambda: Proof(
            NUMBER, "样例乙", "440***********0014",
            (ProofCover("职工基本养老保险", "参保缴费", "", PLACES[0], "2015年1月"),), "样例业务系统", "样例甲",
            "窗口办理", "2026年6月1日 9:00", BEGINS, ENDS, "https://canbao.example/proof/", "https://canbao.example/proof/#",
            "20170520" * 40,
        ),
        "weekly_report": lambda: WeeklyReport(
            PLACES[0], BEGINS, BEGINS, issuer, BEGINS, (ReportSection("一、进度", ("样例。",)),)
        ),
    }[kind]()  # fmt: skip
