"""What must be on the disk before it is acknowledged, and what room there is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Have a folder's names on the disk: a file that was renamed into it must not be gone after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def room(folder: Path) -> int:
    """How many bytes may still be written where a folder is, or will be."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return shutil.disk_usage(there).free
