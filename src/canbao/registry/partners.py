"""Partners and what was agreed with them: nothing moves without one in force (粤人社办〔2017〕96号 四（一）)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from canbao.law.exchange import read_exchange
from canbao.registry.access import Refused, covers
from canbao.registry.models import Agreement, Partner


class PartnerRefused(Refused):
    """A partner may not: `status` and `why` are the interface's, the message is for people, `more` goes with it."""

    def __init__(self, status: int, why: str, says: str, **more: int) -> None:
        super().__init__(says)
        self.status, self.why, self.more = status, why, more


def agreements_in_force(partner: Partner) -> QuerySet[Agreement]:
    """What is agreed with a partner today."""
    today = timezone.localdate()
    begun = partner.agreements.filter(revoked_by=None, valid_from__lte=today, valid_to__gte=today)
    return begun.exclude(since=None)


def require_agreed(partner: Partner, service: str) -> Agreement:
    """The agreement that lets a partner have a service today: the latest, if there are several.

    Raises PartnerRefused for a partner that is cut off, and without such an agreement, telling why.
    """
    require_not_cut_off(partner)
    granting = agreements_in_force(partner).filter(services__contains=[service]).order_by("-since").first()
    if granting is not None:
        return granting
    label = getattr(read_exchange().service(service), "label", service)
    raise PartnerRefused(403, "no_agreement", f"没有写明“{label}”、今天有效的共享协议；{_remedy(partner, service)}")


def require_not_cut_off(partner: Partner) -> None:
    """Raise PartnerRefused for a partner that is cut off."""
    if partner.cut_off_at is not None or not partner.officer.is_active:
        raise PartnerRefused(403, "cut_off", "本系统已停用这个合作系统；请联系参保登记的管理单位")


def require_within(asked: Iterable[str], agreed: Iterable[str], what: str) -> None:
    """Raise PartnerRefused, naming them, for names that were not agreed."""
    beyond = sorted(set(asked) - set(agreed))
    if beyond:
        raise PartnerRefused(403, "beyond", f"共享协议没有写明的{what}：{'、'.join(beyond)}")


def require_place(agreement: Agreement, code: str) -> None:
    """Raise PartnerRefused for a place outside the agreement's area."""
    if not covers(agreement.area, code):
        raise PartnerRefused(403, "beyond", f"{code} 不在共享协议的范围（{agreement.area}）内")


def _remedy(partner: Partner, service: str) -> str:
    expired = partner.agreements.filter(services__contains=[service], revoked_by=None).exclude(since=None)
    latest = expired.order_by("-valid_to").first()
    if latest is not None and latest.valid_to < timezone.localdate():
        return f"协议 {latest.number} 已于 {latest.valid_to} 到期，请续签并登记"
    return "请先签订协议，并由参保登记的管理单位登记、核准"
