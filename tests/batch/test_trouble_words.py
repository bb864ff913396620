"""What the system refuses: only a full disk and lack of memory are lack of room, and all is said in Chinese."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from canbao.batch.dialects.duckdb import _batches, room
from canbao.batch.package import keys
from canbao.batch.replacing import replaced
from canbao.batch.trouble import NO_ROOM, REASONS, OutOfRoom, SourceTrouble, reason, refused, refusing

ENGLISH = re.compile(r"[A-Za-z]{2,}")


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_only_lack_of_room_is_said_to_be_lack_of_room(number: int) -> None:
    trouble = refused(number, "某处", "写不下", "请核对写入权限")
    assert trouble.exit_status == (3 if number in NO_ROOM else 2)
    assert "某处：写不下（" in str(trouble) and "请" in str(trouble)
    assert not ENGLISH.search(str(trouble).replace("--memory", "")), trouble


def test_a_system_error_without_a_number_is_said_too() -> None:
    assert reason(None) == "系统没有说明原因"
    assert reason(12345) == "系统错误 12345"


def test_a_reader_that_has_gone_is_not_the_place_s_trouble() -> None:
    with pytest.raises(BrokenPipeError), refusing("某处", "写不下", "请核对"):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.EACCES, SourceTrouble, "没有权限"),
        (errno.EISDIR, SourceTrouble, "是文件夹"),
        (errno.EROFS, SourceTrouble, "只读"),
        (errno.ENOSPC, OutOfRoom, "磁盘空间用完了"),
        (errno.EDQUOT, OutOfRoom, "磁盘配额用完了"),
    ],
)
def test_results_that_can_t_be_written(tmp_path: Path, number: int, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words), replaced(tmp_path / "OUT"):
        raise OSError(number, os.strerror(number))
    assert list(tmp_path.iterdir()) == []


def test_a_place_for_results_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(SourceTrouble, match="（路径中间有一段不是文件夹）；请核对"),
        replaced(tmp_path / "file" / "in" / "OUT"),
    ):
        pass


def test_a_disk_that_can_t_exchange_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with replaced(tmp_path / "OUT") as fresh:
        (fresh / "summary.json").write_text("old")
    monkeypatch.setattr("canbao.batch.replacing._RENAME_EXCHANGE", 1 << 20)
    with pytest.raises(SourceTrouble, match="一步换掉"), replaced(tmp_path / "OUT") as fresh:
        (fresh / "summary.json").write_text("new")
    assert (tmp_path / "OUT" / "summary.json").read_text() == "old"


def failing(problem: Exception) -> Iterator[pa.RecordBatch]:
    yield pa.RecordBatch.from_pydict({"a": [1]})
    raise problem


@pytest.mark.parametrize(
    ("problem", "kind", "words"),
    [
        (duckdb.OutOfMemoryException("Out of Memory Error: failed to pin block"), OutOfRoom, "内存或临时空间不够"),
        (duckdb.IOException("IO Error: Could not write all bytes"), OutOfRoom, "磁盘写不下或读不出"),
        (duckdb.IOException("IO Error: Cannot write: No space left on device"), OutOfRoom, "磁盘空间用完了"),
        (duckdb.IOException('IO Error: Cannot open file "x": Permission denied'), SourceTrouble, "没有权限"),
        (OSError("IO Error: Could not write all bytes"), OutOfRoom, "磁盘写不下或读不出"),
        (pa.ArrowInvalid("Out of Memory Error: failed to pin block"), OutOfRoom, "内存或临时空间不够"),
        (pa.ArrowInvalid("a fault of ours"), pa.ArrowInvalid, "ours"),
    ],
    ids=str,
)
def test_what_the_engine_says(problem: Exception, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words) as caught:
        list(_batches(failing(problem)))
    assert isinstance(problem, kind) or not ENGLISH.search(str(caught.value).replace("--memory", ""))
    with pytest.raises(kind, match=words), room("读取结果"):
        raise problem


@pytest.mark.parametrize("make", [keys.make_signing_key, keys.make_recipient_key])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("written", [0, 1], ids=["private", "public"])
def test_a_key_that_can_t_be_written_leaves_no_half_of_a_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], Path], number: int, written: int
) -> None:
    asked: list[int] = []

    def fail(handle: int) -> None:
        asked.append(handle)
        if len(asked) > written:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(keys.os, "fsync", fail)
    with pytest.raises((OutOfRoom, SourceTrouble), match=f"密钥写不下（{REASONS[number]}）"):
        make(tmp_path / "city.key")
    assert list(tmp_path.iterdir()) == []
