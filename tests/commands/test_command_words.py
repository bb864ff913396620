"""Wrong arguments and wrong files: a Chinese message with place and remedy, the promised exit status, no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from canbao.commands import main
from canbao.law.guide import read_guide
from canbao.law.reader import read_law

WRONG = [
    (["clean"], "缺少参数 CITY.TOML"),
    (["clean", "city.toml"], "缺少选项"),
    (["clean", "nowhere.toml", "--out", "OUT"], "没有这个配置文件"),
    (["clean", ".", "--out", "OUT"], "是文件夹"),
    (["clean", "city.toml", "--out", "OUT", "--engine", "spark"], "spark"),
    (["clean", "city.toml", "--out", "OUT", "--threads", "0"], "太小"),
    (["sing"], "没有 sing 这个命令"),
    (["clean", "city.toml", "--outt", "OUT"], "没有 --outt 这个选项"),
    (["explain", ".", "440604198001010019"], "不是 canbao clean 的输出"),
    (["pack", ".", "--key", "nowhere.key"], "请"),
    (["verify", "nowhere.canbao"], "nowhere.canbao"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=lambda one: " ".join(one) if isinstance(one, list) else "")
def test_what_is_wrong_is_said(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    status, told = main(arguments), capsys.readouterr()
    assert status in (1, 2) and (status == 2 or arguments[0] == "verify")
    assert words in told.err + told.out
    assert "Traceback" not in told.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["clean", "pack", "verify", "explain", "id", "book", "demo", "generate"])
def test_help_is_chinese_and_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert "用法：" in told and f"例：canbao {command}" in told
    assert not [word for word in ("Usage", "Options", "Arguments", "Show this message") if word in told]


def test_numbers_are_judged_and_upgraded(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["id", "610104620927690", "11010519491231002x", "DEU0C01X00T47"]) == 0
    told = capsys.readouterr().out
    assert "610104196209276908" in told and "公民身份号码" in told and "外国人" in told
    assert main(["id", "15000019970319128X"]) == 1
    assert "无效" in capsys.readouterr().out
    assert main(["id", "--upgrade", "610104620927690"]) == 0
    assert capsys.readouterr().out == "610104196209276908\n"


def test_the_law_is_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["law", "check"]) == 0
    told = capsys.readouterr().out.replace("\n", "")
    assert "全部相符" in told and f"调查指南 {len(read_guide().chapters)} 章" in told
    assert main(["law", "export", "--out", str(tmp_path / "law.json")]) == 0
    exported = json.loads((tmp_path / "law.json").read_text(encoding="utf-8"))
    assert exported["tables"] and exported["guide"] == read_guide().exported(read_law())


def test_the_demonstration_ends_with_what_to_do_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", str(tmp_path / "demo"), "--persons", "300", "--no-register"]) == 0
    told = capsys.readouterr().out
    assert "report.html" in told and "explain" in told
    number = told.split("explain")[1].split()[1]
    assert main(["explain", str(tmp_path / "demo" / "OUT"), number]) == 0
