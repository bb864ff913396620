"""A phone in words: how it stands, when it was last heard of, and what of it somebody should look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from canbao.law.phone import read_phone
from canbao.survey.models import Device
from canbao.survey.phones.devices import BOUND, EXPIRED, REPLACED, REVOKED, state_of

STATES = {
    BOUND: ("已绑定", "green"), REPLACED: ("已换机", "secondary"), REVOKED: ("已停用", "red"),
    EXPIRED: ("调查证失效", "orange"),
}  # fmt: skip
SILENT_DAYS = 7
"""After so many days without contact a phone should be asked after: forms are to come in weekly (三（三）5)."""


def described(device: Device) -> dict[str, Any]:
    """What the office shows of a device."""
    label, colour = STATES[state_of(device)]
    return {"device": device, "state": label, "colour": colour, "remarks": remarks(device), "storage": storage(device)}


def remarks(device: Device) -> list[str]:
    """What somebody should look at."""
    found = []
    if device.state == BOUND and (device.contact_at is None or device.contact_at < _silent_since()):
        found.append(f"{SILENT_DAYS} 天没有联络")
    if abs(device.clock_ms) > read_phone().clock_seconds * 1000:
        found.append(f"时钟{'慢' if device.clock_ms > 0 else '快'} {spell(abs(device.clock_ms) // 1000)}")
    if device.storage and not device.storage.get("persisted"):
        found.append("浏览器没有同意长期保存")
    if device.state == REVOKED and device.emptied_at is None:
        found.append("还没有确认清空")
    return found


def spell(seconds: int) -> str:
    """A length of time as people say it."""
    for unit, word in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= unit:
            return f"{round(seconds / unit)} {word}"
    return f"{seconds} 秒"


def storage(device: Device) -> str:
    """How much room the app takes on the phone."""
    used, quota = device.storage.get("used", 0), device.storage.get("quota", 0)
    return f"{used / 1e6:.1f} MB / {quota / 1e6:,.0f} MB" if quota else "—"


def _silent_since() -> Any:
    return timezone.now() - timedelta(days=SILENT_DAYS)
