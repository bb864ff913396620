"""Sends the outbox until it is empty, and brings both sides into line where one has lost something."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Sequence

from canbao_client.answers import Answers
from canbao_client.client import Client
from canbao_client.outbox import Outbox
from canbao_client.trouble import ServerFault

LOG = logging.getLogger("canbao_client")
RESTARTS = 3


def send(outbox: Outbox, client: Client, stopping: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send all that is to be sent; returns how many rows were answered how. Raises ClientTrouble, and loses nothing."""
    states: Counter[str] = Counter()
    restarts = int(_resume(outbox, client))
    while not stopping() and (batch := outbox.unsent()):
        answers = client.push_lines(batch)
        _require_all(batch, answers)
        outbox.answered(answers.rows)
        states.update(one.state for one in answers.rows)
        restarts += outbox.agree_with(answers)
        if restarts > RESTARTS:
            raise ServerFault("numbers", "服务器收下了数据，确认号却不前进；请把这条信息告诉参保登记的管理单位")
    outbox.forget_old()
    return states


def _resume(outbox: Outbox, client: Client) -> bool:
    """Begin from what the register has."""
    standing = client.standing()
    lost = outbox.agree_with(standing)
    if lost:
        LOG.warning("服务器只有到第 %d 号的数据（可能刚从备份恢复），其后的将重新发送", standing.acknowledged)
        if missing := outbox.missing():
            LOG.error("第 %d 到 %d 号已不在发件箱里；请用 push --from 从更早的时间重新读取，未变的行不会重复", *missing)
    return lost


def _require_all(batch: Sequence[str], answers: Answers) -> None:
    """An answer about other rows than those that were sent can't be trusted about any."""
    if {json.loads(line)["id"] for line in batch} != {one.id for one in answers.rows}:
        raise ServerFault("answer", f"发送了 {len(batch)} 行，服务器的答复对不上")
