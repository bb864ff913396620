"""What can go wrong with the database server, said in Chinese with the place and the remedy."""

from __future__ import annotations

import errno

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class ServerTrouble(Exception):
    """The server can't be found, started or used; names the place, what is wrong there, and what to do about it."""

    exit_status = 2

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(place, problem, remedy)
        self.place, self.problem, self.remedy = place, problem, remedy

    def __str__(self) -> str:
        return f"{self.place}：{self.problem}；{self.remedy}"


class ServerOutOfRoom(ServerTrouble):
    """Disk or memory is at an end."""

    exit_status = 3
