"""Reads and sends: once, or on and on until somebody says stop."""

from __future__ import annotations

import logging
import random
import signal
from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Event

from canbao_client.client import Client
from canbao_client.configuration import Configuration, Query
from canbao_client.outbox import Outbox
from canbao_client.polling import poll
from canbao_client.sending import send
from canbao_client.trouble import ClientTrouble, ConfigurationTrouble, DatabaseTrouble

LOG = logging.getLogger("canbao_client")
READING = (DatabaseTrouble, ConfigurationTrouble)
LONGEST = 600
"""Seconds between two tries, however often they have failed."""


class Pusher:
    """One office's queries on their way to the register. What fails is tried again later; nothing is skipped for it."""

    def __init__(self, configuration: Configuration, outbox: Outbox, client: Client, stop: Event) -> None:
        self._configuration, self._outbox, self._client, self._stop = configuration, outbox, client, stop
        self._database = configuration.database()

    def once(self) -> list[ClientTrouble]:
        """Read and send until nothing is new; returns the troubles. One query's trouble holds up no other."""
        troubles: list[ClientTrouble] = []
        queries, going_on = list(self._configuration.queries), True
        while going_on:
            queries = [query for query in queries if self._tried(partial(self._read, query), troubles)]
            going_on = self._tried(self._send, troubles) and bool(queries) and not self._stop.is_set()
        return troubles

    def for_ever(self) -> None:
        """Go on until `stop`; while nothing can be sent the waits grow."""
        failed = 0
        while not self._stop.is_set():
            troubles = [trouble for trouble in self.once() if not isinstance(trouble, READING)]
            failed = failed + 1 if troubles else 0
            wait = min(self._configuration.interval * 2 ** min(failed, 20), LONGEST) * random.uniform(0.9, 1.0)
            asked = max((trouble.retry_after or 0 for trouble in troubles), default=0)
            self._stop.wait(min(max(wait, asked), LONGEST))

    def _read(self, query: Query) -> bool:
        return poll(self._outbox, self._database, query)

    def _send(self) -> bool:
        states = send(self._outbox, self._client, self._stop.is_set)
        if states:
            LOG.info("已发送 %d 行：%s", states.total(), told(states))
        return True

    def _tried(self, what: Callable[[], bool], troubles: list[ClientTrouble]) -> bool:
        """Do something; trouble is logged and kept for the caller, and counts as False."""
        try:
            return what()
        except ClientTrouble as trouble:
            LOG.error("%s", trouble.says)
            troubles.append(trouble)
            return False


def told(states: Counter[str]) -> str:
    """How many rows were answered how, in words."""
    return "，".join(f"{STATES.get(state, state)} {count}" for state, count in sorted(states.items()))


def stop_on_signals() -> Event:
    """An event that SIGTERM and SIGINT set; what is under way is brought to its end."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


STATES = {"kept": "收下", "same": "已有", "refused": "未收", "aside": "待人工处理", "dropped": "已打包"}
