"""Backups of the register: encrypted while they are taken, and compared with the database once restored."""

from canbao.registry.backup.contents import Contents
from canbao.registry.backup.manifest import Manifest
from canbao.registry.backup.opening import verify
from canbao.registry.backup.refusal import BackupRefused
from canbao.registry.backup.restoring import differences, restore
from canbao.registry.backup.taking import backup

__all__ = ["BackupRefused", "Contents", "Manifest", "backup", "differences", "restore", "verify"]
