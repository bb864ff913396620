"""A restored database begins a new era of the feed: no cursor of before, and everything from the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pyrage.x25519 import Identity

from canbao.registry.backup import backup, restore
from canbao.registry.models import Agreement
from canbao.registry.partners import PartnerRefused
from canbao.registry.server import PrivateServer
from canbao.registry.streams.feed import changes
from partner_desk import agreed, partner
from push_desk import ONE, TWO, carried, cover, household, push, row
from setting_desk import put_in


def fed(agreement: Agreement, after: str = "") -> list[str]:
    """The ids of all changes after a cursor, page by page."""
    found: list[str] = []
    while True:
        page = changes(agreement, after, 1)
        found += [one["id"] for one in page.changes]
        if after == page.next:
            return found
        after = page.next


def test_cursors_of_before_are_refused_and_everything_is_fed_anew(register: PrivateServer, tmp_path: Path) -> None:
    put_in("440600", household=household((ONE, "张三")))
    made = partner()
    agreement = agreed(made)
    push(made, row(cover()), row(cover(TWO, "李四")))
    carried(made)
    before, cursor = fed(agreement), changes(agreement, "", 100).next
    identity = Identity.generate()
    backup(register.url("canbao_backup"), tmp_path / "kept", identity.to_public())
    register.prepare("restored")
    try:
        restore(tmp_path / "kept", register.url("canbao_owner", "restored"), [identity])
        with elsewhere(register):
            with pytest.raises(PartnerRefused) as refused:
                changes(agreement, cursor, 100)
            assert refused.value.status == 409
            assert sorted(fed(agreement)) == sorted(before)
            push(made, row(cover(contrib_status="2"), at="2026-11-30T09:00:00+08:00"))
            assert carried(made) == {"taken": 1}
            assert len(fed(agreement)) == len(before) + 1
    finally:
        with psycopg.connect(register.url("postgres"), autocommit=True) as server:
            server.execute("DROP DATABASE restored WITH (FORCE)")


@contextmanager
def elsewhere(register: PrivateServer) -> Iterator[None]:
    """Work with the restored database meanwhile."""
    whole = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "restored"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = whole
