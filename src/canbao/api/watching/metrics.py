"""Figures for Prometheus: how partners' streams are, and this process. For the addresses in METRICS_FROM alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from canbao.registry.deeds import asked_from
from canbao.registry.outage import outage
from canbao.registry.streams.overseeing import all_streams
from canbao.registry.streams.watching import STATES, Watched

GAUGES = {
    "heard_timestamp_seconds": "When the partner was heard last",
    "waiting_rows": "Pushed rows that wait to be carried out",
    "oldest_waiting_seconds": "How long the first of them has waited",
    "aside_rows": "Rows that lie aside for an officer to decide",
    "acknowledged_rows": "Everything up to this number has come",
    "gaps": "Ranges of numbers that are missing, the first ones",
    "may_push": "Whether an agreement about pushing is in force",
}
WHILES = {"last_hour": "in the last hour", "today": "today"}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of now, in Prometheus's text."""
    if not may_ask(asked_from()):
        raise Http404
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(Partners())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_ask(address: str) -> bool:
    """Whether figures are told to an address."""
    try:
        asking = ip_address(address)
    except ValueError:
        return False
    return any(asking in ip_network(one, strict=False) for one in settings.METRICS_FROM)


class Partners(Collector):
    """Asks the database each time; without it only that it is away is told."""

    def collect(self) -> Iterator[Metric]:
        """Each figure with one value for each partner's code."""
        found: list[Watched] | None = None
        try:
            found = all_streams()
        except Exception as problem:
            if not outage(problem):
                raise
        yield GaugeMetricFamily("canbao_database_up", "Whether the database answers", value=float(found is not None))
        yield from _families(found or [])


def _families(found: Iterable[Watched]) -> Iterator[Metric]:
    for name, says in GAUGES.items():
        family = GaugeMetricFamily(f"canbao_partner_{name}", says, labels=["partner"])
        for one in found:
            family.add_metric([one.partner.code], _gauges(one)[name])
        yield family
    yield _delays(found)
    for while_, says in WHILES.items():
        yield from _of_while(found, while_, says)


def _gauges(one: Watched) -> dict[str, float]:
    return {
        "heard_timestamp_seconds": one.heard_at.timestamp() if one.heard_at else 0.0,
        "waiting_rows": one.waiting,
        "oldest_waiting_seconds": one.waits.total_seconds(),
        "aside_rows": one.aside,
        "acknowledged_rows": one.standing.acknowledged,
        "gaps": len(one.standing.gaps),
        "may_push": float(one.since is not None),
    }


def _delays(found: Iterable[Watched]) -> Metric:
    says = "Seconds from received to carried out, of the last hour's latest rows"
    family = GaugeMetricFamily("canbao_partner_delay_seconds", says, labels=["partner", "quantile"])
    for one in found:
        for quantile, seconds in (("0.5", one.middle), ("0.95", one.slow)):
            if seconds is not None:
                family.add_metric([one.partner.code, quantile], float(seconds))
    return family


def _of_while(found: Iterable[Watched], while_: str, says: str) -> Iterator[Metric]:
    """Rows by what became of them, and refused requests; today's begin again at midnight."""
    rows = GaugeMetricFamily(f"canbao_partner_rows_{while_}", f"Rows {says}", labels=["partner", "state"])
    refused = GaugeMetricFamily(
        f"canbao_partner_refused_requests_{while_}", f"Refused requests {says}", labels=["partner"]
    )
    for one in found:
        counts = one.hour if while_ == "last_hour" else one.today
        for state in STATES:
            rows.add_metric([one.partner.code, state], getattr(counts, state))
        refused.add_metric([one.partner.code], counts.requests_refused)
    yield from (rows, refused)
