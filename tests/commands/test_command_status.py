"""Exit status and what is said when something is wrong: Chinese, with place and remedy, no trace, no person's data."""

from __future__ import annotations

import io
import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from explain_city import EMPLOYED, write_city
from rich.console import Console

from canbao.batch.trouble import OutOfRoom
from canbao.commands import cleaning, main

PROGRAM = str(Path(sys.executable).with_name("canbao"))


def run(*words: str | Path, folder: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """The installed program in a process of its own."""
    return subprocess.run([PROGRAM, *map(str, words)], cwd=folder, input=given, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        ("", 2, "用法：canbao [选项] 命令 [参数]..."),
        ("clean nowhere.toml --out OUT", 2, "错误 nowhere.toml：没有这个配置文件；请核对路径"),
        ("id 15000019970319128X", 1, "无效"),
    ],
)
def test_the_program_ends_with_the_promised_status(words: str, status: int, told: str, tmp_path: Path) -> None:
    ended = run(*words.split(), folder=tmp_path)
    assert ended.returncode == status
    assert told in ended.stdout + ended.stderr and "Traceback" not in ended.stderr


def test_a_reader_that_goes_away_is_no_trouble(tmp_path: Path) -> None:
    ended = subprocess.run(f"{shlex.quote(PROGRAM)} law export | head -1", shell=True, capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("{\n", "")


WRONG = [
    (["clean", "city.toml", "--out", "OUT", "--memory", "4GBX"], "--memory 的值不对：4GBX 不是内存大小"),
    (["clean", "city.toml", "--out", "OUT", "--memory", "255MB"], "--memory 的值不对：255MB 太小；至少要 256MB"),
    (["clean", "city.toml", "--out", "OUT", "--memory", "0"], "--memory 的值不对：0 不是内存大小"),
    (["clean", "city.toml", "--out", "OUT", "--threads", "two"], "--threads 的值不对：two 不是整数"),
    (["clean", "city.toml", "--out", "OUT", "--since", "earlier"], "earlier：不是 canbao clean 的输出"),
    (["clean", "city.toml", "--out", "city.toml"], "输出位置是一个文件"),
    (["clean", "city.toml", "--out", "."], "文件夹里有别的东西"),
    (["clean", "city.toml", "--out"], "--out 后面要有值"),
    (["clean", "city.toml", "--quiet=1"], "--quiet 后面不带值"),
    (["clean", "city.toml", "more", "--out", "OUT"], "多出了参数 more"),
    (["claen"], "没有 claen 这个命令，是不是 clean"),
    (["explain", "OUT"], "缺少参数 SSN"),
    (["law", "export", "--out", "nowhere/law.json"], "nowhere/law.json：没有这个文件或文件夹"),
    (["book", "--out", "city.toml"], "city.toml：已经有了"),
    (["generate", "."], "文件夹里有别的东西"),
    (["generate", "new", "--division", "999999"], "999999 不是广东省"),
    (["generate", "new", "--persons", "0"], "0 太小，最小是 1"),
    (["generate", "new", "--as-of", "1800-01-01"], "--as-of 的值不对"),
    (["generate", "new", "--shape", "round"], "round 不认得；可用的有 city、plain"),
    (["key", "new", "city.toml"], "已有的密钥不会被覆盖"),
    (["pack", "OUT", "--key", "city.key"], "请先生成：canbao key new city.key"),
    (["verify", "nowhere.canbao"], "没有这个数据包"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=lambda one: " ".join(one) if isinstance(one, list) else "")
def test_what_cannot_be_read_ends_with_2(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_city(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert words in told and told.startswith(("错误", "读取来源")), told
    assert sorted(tmp_path.iterdir()) == before


def test_no_room_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("canbao.batch.memory.LEAST", "1MB")
    arguments = ["clean", str(write_city(tmp_path)), "--out", str(tmp_path / "OUT"), "--memory", "1MB"]
    assert main(arguments) == 3
    assert "原有结果没有变动" in capsys.readouterr().err and not (tmp_path / "OUT").exists()


def raising(problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    def fail(*given: object, **wanted: object) -> None:
        raise problem

    monkeypatch.setattr("canbao.batch.city.clean_city", fail)
    return main(["clean", "city.toml", "--out", "OUT", "--quiet"])


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [
        (OutOfRoom("磁盘满了"), 3, "磁盘满了；请腾出"),
        (MemoryError(), 3, "内存用完了；请腾出"),
        (OSError(28, "No space left on device", "/data/OUT"), 3, "/data/OUT：磁盘空间用完了；请腾出"),
        (PermissionError(13, "Permission denied", "/data/OUT"), 2, "/data/OUT：没有权限；请核对"),
        (KeyboardInterrupt(), 130, "已中断，原有结果没有变动"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_troubles_on_the_way(
    problem: BaseException,
    status: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert raising(problem, monkeypatch) == status
    assert words in capsys.readouterr().err


def test_a_fault_of_ours_names_its_kind_and_no_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CANBAO_DEBUG", raising=False)
    assert raising(KeyError(EMPLOYED), monkeypatch) == 70
    told = capsys.readouterr().err
    assert "程序自身出错（KeyError）" in told and EMPLOYED not in told and "Traceback" not in told
    monkeypatch.setenv("CANBAO_DEBUG", "1")
    assert raising(KeyError(EMPLOYED), monkeypatch) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_full_run_where_less_was_asked_for_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_city(tmp_path)
    assert main(["clean", str(config), "--out", str(tmp_path / "OUT"), "--quiet"]) == 0
    config.write_text(config.read_text(encoding="utf-8").replace("2017-06-30", "2017-07-01"), encoding="utf-8")
    again = ["clean", str(config), "--out", str(tmp_path / "AGAIN"), "--since", str(tmp_path / "OUT"), "--quiet"]
    assert main(again) == 0
    assert capsys.readouterr().err.startswith("提醒 基准日、口径等设置与 ")


def test_progress_is_plain_lines_where_there_is_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["clean", str(write_city(tmp_path)), "--out", str(tmp_path / "OUT")]
    assert main([*arguments, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(arguments) == 0
    told = capsys.readouterr()
    known = ("读取来源 ", "清洗 ", "比对与判定 ", "写出清单 ", "汇总 ")
    assert all(line.startswith(known) for line in told.err.splitlines())
    assert "读取来源 9/9，40 行" in told.err.splitlines() and "汇总 1/1" in told.err.splitlines()
    assert "行 → 14 人" in told.out and "入户调查" in told.out and str(tmp_path / "OUT" / "report.html") in told.out


def test_progress_is_a_bar_on_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    words = [PROGRAM, "clean", str(write_city(tmp_path)), "--out", "OUT"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(words, cwd=tmp_path, stderr=theirs, stdout=subprocess.DEVNULL, env=environment) as program:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b"")).decode()
    assert program.returncode == 0
    assert "━" in shown and "清洗" in shown and "行，每秒" in shown


def test_the_bar_shows_rows_and_their_rate_and_comes_to_its_end() -> None:
    screen, seconds = Console(file=io.StringIO(), force_terminal=True, width=100), iter([0.0, 1.0, 1.0, 3.0, 9.0, 9.0])
    with cleaning._bar(screen) as bar:
        told = cleaning.LiveBar(bar, lambda: next(seconds))
        told("读取来源", 0, 2, 0)
        told("读取来源", 2, 2, 3_000)
        bar.refresh()
        assert bar.finished
        told("比对与判定", 0, 2, None)
        bar.refresh()
        assert not bar.finished
    shown = screen.file.getvalue()
    assert "2/2" in shown and "3,000 行，每秒 1,500 行" in shown and "比对与判定" in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


def test_numbers_from_standard_input(tmp_path: Path) -> None:
    ended = run("id", "--upgrade", folder=tmp_path, given="610104620927690\r\n\n11010519491231002x\nabc\n")
    assert (ended.returncode, ended.stdout) == (1, "610104196209276908\n\n11010519491231002X\n\n")


def test_the_demonstration_tells_commands_that_can_be_pasted(tmp_path: Path) -> None:
    ended = run("demo", "-n", "200", "--no-register", folder=tmp_path)
    lines = [line.partition("：")[2] for line in ended.stdout.splitlines() if "canbao " in line]
    assert [shlex.split(line)[1] for line in lines] == ["explain", "key", "pack"]
    for line in lines:
        assert subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True).returncode == 0, line
    assert (tmp_path / "demo" / "OUT" / "440600-20170630-001.canbao").exists()


@pytest.mark.parametrize("number", [EMPLOYED, "610104620927690", "abc", "HKG0H12345678"])
def test_judging_a_number_waits_for_nothing_heavy(number: str) -> None:
    heavy = {"duckdb", "pyarrow", "numpy", "sqlglot", "jinja2", "cryptography", "psycopg", "rich.markdown"}
    asked = f"import sys; from canbao.commands import main; main(['id', '{number}']); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert heavy & set(ended.stdout.split()) == set()


def test_a_foreign_number_needs_a_country(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["id", "DEU0C01X00T47"]) == 0
    assert main(["id", "QQQ0C01X00T47"]) == 1
    assert "QQQ 不是国家和地区代码" in capsys.readouterr().out


def test_no_numbers_at_all(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["id"]) == 0
    assert capsys.readouterr() == ("", "")


def test_help_is_whole_and_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert main(["key", "new", "--help"]) == 0
    told = capsys.readouterr().out
    assert "…" not in told and "用法：canbao key new [选项] FILE" in told and "例：canbao key new" in told
    assert not [word for word in ("OPTIONS", "COMMAND", "ARGS", "<path>", "<bool>", "default") if word in told]


def test_a_made_city_may_be_made_again(tmp_path: Path) -> None:
    for persons in ("20", "10"):
        assert main(["generate", str(tmp_path / "city"), "-n", persons, "--as-of", "2018年1月1日"]) == 0
    assert "as_of = 2018-01-01" in (tmp_path / "city" / "city.toml").read_text(encoding="utf-8")


def test_the_books_are_checked_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["book", "--check", "--out", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "过时" in told and f"book --out {tmp_path}" in told
    assert main(["book", "--out", str(tmp_path)]) == 0
    assert main(["book", "--check", "--out", str(tmp_path)]) == 0
