"""What users see: plain text in any width; data is never read as mark-up and a path or number is never broken."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from rich.console import Console

screen = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
errors = Console(highlight=False, markup=False, emoji=False, soft_wrap=True, stderr=True)


def command_line(*words: str | Path) -> str:
    """A line that runs this program again when pasted into the shell."""
    return shlex.join([_own_name(), *map(str, words)])


def _own_name() -> str:
    """`canbao` where the shell finds it, else its place beside the Python that runs it."""
    if shutil.which("canbao"):
        return "canbao"
    place = Path(sys.executable).with_name("canbao")
    return str(place.relative_to(Path.cwd())) if place.is_relative_to(Path.cwd()) else str(place)
