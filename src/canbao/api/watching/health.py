"""Whether the process answers, and whether it can do its work: for load balancers and whoever starts it again."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from canbao.api.answering import said_in_json
from canbao.registry.disk import room
from canbao.registry.migrating import unmade_migrations
from canbao.registry.outage import outage

LEAST_ROOM = 1 << 30
"""Bytes that have to be free where uploads and the log's checkpoints lie."""


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; more is not asked."""
    return said_in_json({"state": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 if work can be done; 503 with the reasons in Chinese otherwise."""
    reasons = list(_reasons())
    return said_in_json({"state": "away" if reasons else "ready", "says": reasons}, 503 if reasons else 200)


def _reasons() -> Iterator[str]:
    if (settings.STATE / "maintenance").exists():
        yield "系统正在维护"
    try:
        if unmade_migrations():
            yield "登记库的表还没有升级；请运行 canbao migrate"
    except Exception as problem:
        if not outage(problem):
            raise
        yield outage(problem)
    if room(settings.STATE) < LEAST_ROOM:
        yield f"服务器磁盘剩余不足 {LEAST_ROOM >> 20} MB；请系统管理员腾出空间"
