"""The week's report on paper: the same figures as on its page, made by the paper room with the city's own words."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from canbao.paper.documents.printing import preview
from canbao.paper.documents.weekly_report import ReportSection, ReportTable, WeeklyReport
from canbao.survey.models import Campaign
from canbao.survey.supervision.weekly import Weekly
from canbao.survey.wordings import issuer_and_seal, words_of

KIND = "weekly_report"
NUMBERS = (1, 2, 3, 4, 5, 6, 7)


def on_paper(week: Weekly, campaign: Campaign, made_on: date) -> bytes:
    """The report as a PDF; within a transaction that acts for the officer."""
    issuer, _ = issuer_and_seal(campaign.city)
    sections = (_progress(week), _places(week), _days(week), _marks("本周的质量标记", week.marks), _stuck(week))
    record = WeeklyReport(week.area, week.begins, week.ends, issuer, made_on, sections)
    return preview(KIND, words_of(campaign.city, KIND).words, record, settings.PRINT_FONTS)


def _progress(week: Weekly) -> ReportSection:
    whole = week.whole
    pace = "落后于计划" if whole.planned > whole.done else "不落后于计划"
    late = f"，迟 {week.days_late} 天" if week.days_late else ""
    forecast = "最近提交和通过的太少，推算不了完成日期。"
    if week.forecast:
        forecast = f"按最近的速度预计 {week.forecast} 全部通过{late}。"
    return ReportSection(
        "进度",
        (
            f"要走访 {whole.to_visit:,} 人，到 {week.until} 已通过 {whole.done:,} 人（{whole.percent}%），"
            f"按计划应为 {whole.planned:,} 人，{pace}。",
            f"本周提交 {whole.handed_in:,} 份，通过 {whole.approved:,} 份，退回 {whole.returned:,} 份；"
            f"现在待审核 {week.waiting:,} 份。{forecast}",
        ),
    )


def _places(week: Weekly) -> ReportSection:
    rows = tuple(
        (one.name, *(f"{many:,}" for many in (one.to_visit, one.planned, one.done)), f"{one.percent}%",
         *(f"{many:,}" for many in (one.handed_in, one.approved, one.returned)))
        for one in week.places
    )  # fmt: skip
    columns = ("地方", "要走访", "计划", "已通过", "完成", "本周提交", "本周通过", "本周退回")
    return ReportSection("各地", table=ReportTable(columns, rows, NUMBERS, (4, 2, 2, 2, 2, 2, 2, 2)))


def _days(week: Weekly) -> ReportSection:
    rows = tuple(
        (f"{one.day:%m-%d}", f"{one.planned:,}", f"{one.handed_in:,}", f"{one.approved:,}") for one in week.days
    )
    return ReportSection("每天", table=ReportTable(("日期", "计划", "提交", "通过"), rows, (1, 2, 3)))


def _marks(heading: str, counted: tuple[tuple[str, int], ...]) -> ReportSection:
    rows = tuple((label, f"{many:,}") for label, many in counted)
    return ReportSection(heading, table=ReportTable(("项目", "任务"), rows, (1,), (5, 1)))


def _stuck(week: Weekly) -> ReportSection:
    if not week.stuck:
        return ReportSection("现在停滞的任务", ("没有停滞的任务。",))
    return _marks("现在停滞的任务", week.stuck)
