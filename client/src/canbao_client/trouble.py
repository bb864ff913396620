"""What can go wrong: one family, with `why` for programs, `says` for people and, where known, when to try again."""

from __future__ import annotations


class ClientTrouble(Exception):
    """Anything that this package raises by itself.

    `why` is a word for programs: the server's own (docs/exchange.md) or one of ours; `says` is Chinese, for people;
    `retry_after` is in seconds.
    """

    passing = False
    """Whether the same may go well later without anybody doing anything."""

    def __init__(self, why: str, says: str, status: int = 0, retry_after: float | None = None) -> None:
        super().__init__(says)
        self.why, self.says, self.status, self.retry_after = why, says, status, retry_after


class RequestRefused(ClientTrouble):
    """The server understood and will not: no agreement, a wrong signature, something it can't read."""


class ServerBusy(ClientTrouble):
    """A limit is reached (429); `retry_after` says when it will be over."""

    passing = True


class ServerAway(ClientTrouble):
    """No connection, no answer in time, or a server that says it can't now; what was asked may have been done."""

    passing = True


class ServerFault(ClientTrouble):
    """The server failed, or what answered does not speak as the contract says."""

    passing = True


class DatabaseTrouble(ClientTrouble):
    """The business database can't be reached or refuses the query."""

    passing = True


class ConfigurationTrouble(ClientTrouble):
    """The page of configuration, a key or a file can't be used; `says` names place and remedy."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__("configuration", f"{place}：{problem}；{remedy}")


class OutboxTrouble(ClientTrouble):
    """The outbox can't be used: another process has it, or its disk is at an end."""
