"""No room: disk or memory ends while a file is being read."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest
import xlsxwriter
from reading_desk import HEADER, Desk

from canbao.batch.trouble import OutOfRoom

ROWS = "".join(f"{number * 7919 % 1_000_003},张三{number},某街道{number * 31}号\n" for number in range(60_000))


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may grow beyond 200 kB, which to a program looks like a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def no_room(desk: Desk, name: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("small_disk")
    with pytest.raises(OutOfRoom) as caught:
        desk.read(desk.spec(name))
    assert caught.value.exit_status == 3
    assert f"读取 {name}" in str(caught.value)
    assert "请腾出磁盘空间或内存" in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("ending", ["", '1,"x\n'])
def test_disk_full_while_reading_csv(desk: Desk, request: pytest.FixtureRequest, encoding: str, ending: str) -> None:
    desk.put("a.csv", f"{HEADER}\n{ROWS}{ending}".encode(encoding))
    no_room(desk, "a.csv", request)


def test_disk_full_while_reading_xlsx(desk: Desk, request: pytest.FixtureRequest) -> None:
    book = xlsxwriter.Workbook(str(desk.folder / "a.xlsx"))
    sheet = book.add_worksheet("甲")
    for number, line in enumerate([HEADER, *ROWS.splitlines()]):
        sheet.write_row(number, 0, line.split(","))
    book.close()
    no_room(desk, "a.xlsx", request)


def test_memory_at_an_end(desk: Desk) -> None:
    desk.put("a.csv", f"{HEADER}\n{ROWS}")
    desk.connection.execute("SET memory_limit = '1MB'")
    with pytest.raises(OutOfRoom, match=r"读取 a.csv：内存或临时空间不够"):
        desk.read(desk.spec("a.csv"))
