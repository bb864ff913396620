"""Why a backup can't be taken, or must not be used."""

from __future__ import annotations

from canbao.registry.server.trouble import ServerTrouble


class BackupRefused(ServerTrouble):
    """A backup that can't be taken whole, or a file that must not be restored; names the place and the remedy."""
