"""Uploads onto a disk that is too small: said in Chinese, nothing left, and taken as soon as there is room."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys, django
django.setup()
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from canbao.office.packages import spool
from canbao.registry.access import Refused
folder, content = Path(sys.argv[1]), b"x" * 1_000_000
with override_settings(SPOOL=folder):
    try:
        spool.spool(SimpleUploadedFile("a.canbao", content))
        sys.exit("it had room")
    except Refused as refusal:
        print(refusal, sorted(file.name for file in folder.iterdir()))
    (folder / "filler").unlink()
    kept = spool.keep(spool.spool(SimpleUploadedFile("a.canbao", content)), 7)
    print(kept.read_bytes() == content)
"""


@pytest.mark.parametrize("kilobytes", [1, 400, 900])
def test_a_full_spool_takes_nothing_until_there_is_room(tmp_path: Path, kilobytes: int) -> None:
    """On a file system of its own (so this needs root or user namespaces), of which so much is left."""
    small = tmp_path / "small"
    small.mkdir()
    fill = f"head -c {(2048 - kilobytes) * 1024 & ~4095} /dev/zero > {small}/filler"
    script = f'mount -t tmpfs -o size=2048K none {small} && {fill} && "$@"'
    spaces = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    command = [*spaces, "bash", "-c", script, "-", sys.executable, "-c", PROGRAM, str(small)]
    finished = subprocess.run(command, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines() == ["服务器磁盘写不下，没有收下；请联系系统管理员 ['filler']", "True"]
