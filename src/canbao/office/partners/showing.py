"""Partners and agreements in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from canbao.law.exchange import read_exchange
from canbao.law.reader import read_law
from canbao.office.people.showing import label_of
from canbao.office.shell import area_name
from canbao.registry.models import Agreement, Partner
from canbao.registry.own_partners import is_usable, standing

STANDINGS = {
    "asked": ("待决定", "yellow"), "refused": ("已驳回", "secondary"), "taken_back": ("已收回", "secondary"),
    "ahead": ("未到日期", "blue"), "in_force": ("生效", "green"), "ending": ("快到期", "orange"),
    "over": ("已到期", "secondary"), "ended": ("已终止", "secondary"),
}  # fmt: skip
HOLDING = ("in_force", "ending")
NOT_NAMED = "—"
NO_KEY = "没有可用的公钥"


def kind_label(kind: str) -> str:
    """What a kind of partner is called."""
    return getattr(read_exchange().system(kind), "label", kind)


def service_label(service: str) -> str:
    """What a service is called."""
    return getattr(read_exchange().service(service), "label", service)


def item_label(name: str) -> str:
    """What something that was told is called: a part that agreements grant, or an item of the register."""
    shown = next((one.label for one in read_exchange().shown if one.id == name), "")
    return shown or label_of(name)


def row(partner: Partner, today: date) -> dict[str, Any]:
    """What the list shows of a partner: how it stands, up to when something is agreed, what is missing."""
    agreements = [agreement_row(one, today) for one in partner.agreements.all()]
    holding = [one for one in agreements if one["standing"] in HOLDING]
    state = _state(partner, bool(holding), any(is_usable(key, today) for key in partner.keys.all()))
    last = max((one["agreement"].valid_to for one in holding), default=None)
    return {
        "partner": partner,
        "kind": kind_label(partner.kind),
        "state": state,
        "agreements": agreements,
        "last": last,
        "warnings": [one for one in _warnings(partner, holding, today) if one != state[0]],
        "waiting": sum(one["standing"] == "asked" for one in agreements),
    }


def agreement_row(agreement: Agreement, today: date | None = None) -> dict[str, Any]:
    """An agreement, how it stands, and all that it names."""
    stands = standing(agreement, today or timezone.localdate())
    return {
        "agreement": agreement,
        "standing": stands,
        "badge": STANDINGS.get(stands, (stands, "secondary")),
        "can_end": stands in (*HOLDING, "ahead"),
        "facts": facts(agreement),
    }


def facts(agreement: Agreement) -> list[tuple[str, str]]:
    """All that an agreement names, each with its word."""
    law = read_law()
    types = {one.code: one.label for one in law.codes["insurance_type"].codes}
    return [
        ("协议编号", agreement.number),
        ("有效期", f"{agreement.valid_from} 至 {agreement.valid_to}"),
        ("范围", f"{area_name(agreement.area)}（{agreement.area}）"),
        ("用途", agreement.purpose),
        ("保密义务", agreement.confidentiality),
        ("对方联系人", agreement.contact),
        ("服务", _words(map(service_label, agreement.services))),
        ("可以报的来源", _words(law.sources[one].label if one in law.sources else one for one in agreement.rows)),
        ("可以报的险种", _words(types.get(one, one) for one in agreement.insurance_types)),
        ("可以报的项目", _words(map(label_of, agreement.items_in))),
        ("可以告知的内容", _words(map(item_label, agreement.shown))),
        ("可以嵌入页面的来源", _words(agreement.panel_origins)),
        ("一天最多", f"{agreement.rows_a_day:,} 行，{agreement.people_a_day:,} 人"),
        ("一分钟最多", f"{agreement.requests_a_minute:,} 次请求"),
    ]


def _words(named: Any) -> str:
    return "、".join(named) or NOT_NAMED


def _state(partner: Partner, holds: bool, signs: bool) -> tuple[str, str]:
    if partner.cut_off_at is not None:
        return "已停用", "red"
    if not holds:
        return "没有生效的协议", "secondary"
    return ("可以交换", "green") if signs else (NO_KEY, "orange")


def _warnings(partner: Partner, holding: list[dict[str, Any]], today: date) -> list[str]:
    soon = [one["agreement"] for one in holding if one["standing"] == "ending"]
    said = [f"协议 {one.number} 还有 {(one.valid_to - today).days} 天到期" for one in soon]
    usable = [key.valid_to for key in partner.keys.all() if is_usable(key, today)]
    if not usable:
        return [*said, NO_KEY]
    days = (max(usable) - today).days
    return [*said, f"公钥还有 {days} 天到期"] if days <= read_exchange().warning_days else said
