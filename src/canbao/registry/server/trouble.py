"""What can go wrong with the database server, said in Chinese with the place and the remedy."""

from __future__ import annotations

import errno

from canbao.core.trouble import Trouble

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class ServerTrouble(Trouble):
    """The server can't be found, started or used."""


class ServerOutOfRoom(ServerTrouble):
    """Disk or memory is at an end."""

    exit_status = 3
