"""Asking that an agreement with a partner be put in force, or end before its last day; another officer decides.

What is asked for stands in `registry_agreement` from the first moment, without `since`: asking lets nobody do anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from django.utils import timezone

from canbao.core.covers import SLUGS
from canbao.core.dates import anniversary
from canbao.law.exchange import read_exchange
from canbao.registry.access import Refused, covers
from canbao.registry.actions.officers import require_place
from canbao.registry.actions.papers import File
from canbao.registry.actions.partners import locked
from canbao.registry.actions.requests import Asked, put
from canbao.registry.deeds import deed, refuse_identity_numbers, require_words
from canbao.registry.models import Agreement, Officer, Partner, Request
from canbao.registry.streams.panels import checked_origins

MOST_A_DAY = 100_000_000
"""Rows or people a day that an agreement may name."""
MOST_A_MINUTE = 10_000
PUSHING, ASKING = ("push", "compare"), ("look_up", "back_fill", "feed", "proof", "panel")
PANEL = "panel"
"""The services of which rows, or people, are counted by the day."""


@dataclass(frozen=True)
class Terms:
    """What an agreement names, by law's names (exchange.yaml); `area` is leading digits, both days are included.

    `panel_origins` are those of the partner's pages that may frame a panel: https://host, with a port if any.
    """

    number: str
    purpose: str
    confidentiality: str
    contact: str
    area: str
    services: list[str]
    rows: list[str]
    insurance_types: list[str]
    items_in: list[str]
    shown: list[str]
    valid_from: date
    valid_to: date
    rows_a_day: int
    people_a_day: int
    requests_a_minute: int
    panel_origins: list[str] = field(default_factory=list)


def ask_agreement(*, partner: Partner, terms: Terms, reason: str, papers: Sequence[File], by: Officer) -> Request:
    """Ask that an agreement count; `papers` has its scan.

    Raises Refused for a partner outside the officer's area, names that law doesn't let such a partner have, days that
    are over, out of order or too far apart, and limits that are none.
    """
    with deed(by=by, action="agreement.ask", permission="agreement.ask") as note:
        found = locked(partner, by, note)
        _require_words(terms, found)
        _require_names(terms, found)
        _require_place(terms.area, found)
        _require_days(terms)
        _require_limits(terms)
        origins = _origins(terms)
        asked = Asked("agreement", found.area, {"partner": found.pk, "agreement": terms.number.strip()})
        request = put(asked, reason=reason, papers=papers, by=by, note=note)
        made = Agreement.objects.create(partner=found, request=request, **{**asdict(terms), "panel_origins": origins})
        note.objects.append(f"agreement:{made.pk}")
        return request


def ask_end_of_agreement(*, agreement: Agreement, reason: str, papers: Sequence[File] = (), by: Officer) -> Request:
    """Ask that an agreement count no longer; raises Refused if it doesn't anyway."""
    with deed(by=by, action="agreement.ask_end", permission="agreement.ask") as note:
        partner = locked(agreement.partner, by, note)
        note.objects.append(f"agreement:{agreement.pk}")
        found = Agreement.objects.filter(pk=agreement.pk, revoked_by=None, valid_to__gte=timezone.localdate())
        standing = found.exclude(since=None).select_related("request").first()
        if standing is None:
            raise Refused("这份协议没有生效，或已经终止、到期；请刷新页面")
        asked = Asked("unagreement", partner.area, {}, undoes=standing.request)
        return put(asked, reason=reason, papers=papers, by=by, note=note)


def _require_words(terms: Terms, partner: Partner) -> None:
    number = terms.number.strip()
    if not 1 <= len(number) <= 100:
        raise Refused("请写明协议编号（最多 100 个字）")
    refuse_identity_numbers(number, "协议编号")
    same = Agreement.objects.filter(partner=partner, number=number, revoked_by=None)
    if same.exclude(since=None).exists():
        raise Refused(f"编号 {number} 的协议已经登记；续签请用新的编号")
    for words, what in ((terms.purpose, "用途"), (terms.confidentiality, "保密义务"), (terms.contact, "联系人和电话")):
        require_words(words, what)


def _require_names(terms: Terms, partner: Partner) -> None:
    law = read_exchange()
    system = law.system(partner.kind)
    if system is None:
        raise Refused("规则里已经没有这种合作系统；请先改正登记")
    kind = system.label
    _require_among(terms.services, [one.id for one in law.services], "没有这种服务")
    _require_among(terms.rows, system.rows, f"{kind}的系统不能报这些来源")
    _require_among(terms.items_in, system.items, f"{kind}的系统不能报这些项目")
    _require_among(terms.insurance_types, SLUGS, "没有这种险种")
    _require_among(terms.shown, [one.id for one in law.shown], "没有这种可以告知的内容")
    _require_sense(terms)


def _require_among(named: Iterable[str], allowed: Iterable[str], why: str) -> None:
    strange = sorted(set(named) - set(allowed))
    if strange:
        raise Refused(f"{why}：{'、'.join(strange)}")


def _require_sense(terms: Terms) -> None:
    if not terms.services:
        raise Refused("请至少选一项服务")
    if "push" in terms.services and not (terms.rows or terms.items_in):
        raise Refused("写明了推送变更，请选可以报的来源或项目")
    if "insurance" in terms.rows and not terms.insurance_types:
        raise Refused("写明了参保的行，请选险种")
    if set(terms.services) & set(ASKING) and not terms.shown:
        raise Refused("写明了查询、回填或订阅，请选可以告知的内容")


def _origins(terms: Terms) -> list[str]:
    origins = checked_origins(terms.panel_origins)
    if PANEL in terms.services and not origins:
        raise Refused("写明了嵌入页面，请填可以嵌入的来源，如 https://ywxt.example.gov.cn")
    return origins


def _require_place(area: str, partner: Partner) -> None:
    require_place(area)
    if not covers(partner.area, area):
        raise Refused("协议的范围要在合作系统的范围内")


def _require_days(terms: Terms) -> None:
    years = read_exchange().agreement_years
    if terms.valid_from > terms.valid_to:
        raise Refused("协议的最后一天不能早于第一天")
    if terms.valid_to < timezone.localdate():
        raise Refused("协议的最后一天不能在今天以前")
    if terms.valid_to > anniversary(terms.valid_from, years):
        raise Refused(f"协议最长 {years} 年；请到期后续签")


def _require_limits(terms: Terms) -> None:
    services = set(terms.services)
    least_rows, least_people = (int(bool(services & set(which))) for which in (PUSHING, ASKING))
    if not least_rows <= terms.rows_a_day <= MOST_A_DAY:
        raise Refused(f"一天的行数应为 1 至 {MOST_A_DAY:,}；不报行的填 0")
    if not least_people <= terms.people_a_day <= MOST_A_DAY:
        raise Refused(f"一天的人数应为 1 至 {MOST_A_DAY:,}；不问人的填 0")
    if not 1 <= terms.requests_a_minute <= MOST_A_MINUTE:
        raise Refused(f"一分钟的请求数应为 1 至 {MOST_A_MINUTE:,}")
