"""Having people follow a change of places, by a worker."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued


def let_follow() -> None:
    """Put the work of the day on the queue, unless it waits there already."""
    from canbao.office import jobs

    with suppress(AlreadyEnqueued):
        jobs.follow_places.defer(timestamp=int(timezone.now().timestamp()))
