"""One `serve` at a time holds a state folder; what a killed one has left names nobody and keeps nothing."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from canbao.batch.trouble import SourceTrouble
from canbao.commands import serving


def test_a_served_folder_is_not_served_again(tmp_path: Path) -> None:
    with serving._only_one(tmp_path):
        assert serving._serving(tmp_path) == os.getpid()
        with pytest.raises(SourceTrouble, match="已经在运行"), serving._only_one(tmp_path):
            pass
    assert serving._serving(tmp_path) is None


def test_the_note_of_a_killed_one_is_not_believed(tmp_path: Path) -> None:
    """Its number may be somebody else's by now, who must not be stopped."""
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (tmp_path / serving.NOTE).write_text(str(stranger.pid))
        assert serving.stop(tmp_path) == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door, pytest.raises(SourceTrouble, match="正被别的程序占用"):
        serving._refuse_taken("127.0.0.1", door.getsockname()[1])


def test_half_uploads_are_removed_and_packages_kept(tmp_path: Path) -> None:
    for name in ("a.part", "tmpx.upload.canbao", "7.canbao", "7-errors.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    serving._forget_half_uploads(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["7-errors.xlsx", "7.canbao"]
