"""city.toml: what may be written, and what is said about the rest."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from canbao.batch.config import Config, read_config
from canbao.batch.trouble import OutOfRoom, SourceTrouble
from canbao.law.models import Column, InForce, Profile, Source
from canbao.law.reader import Law

RUN = '[run]\ndivision = "440600"\nas_of = 2017-06-30\nprofile = "guangdong_2017"\n'
HOUSEHOLD = '[sources]\nhousehold = "h.csv"\n'
FILES = ("h.csv", "it's [1].csv", "s/b.csv", "s/a.csv", "m.xlsx")


@pytest.fixture(scope="module")
def law() -> Law:
    columns = (Column(name="ssn", needed=True), Column(name="name", needed=True))
    names = ("household", "insurance", "school", "labour")
    sources = {name: Source(name=name, label=name, columns=columns, source="t", clause="1") for name in names}
    since = InForce.model_validate({"from": "2017-05-09"})
    profile = Profile(id="guangdong_2017", label="原文", reading="", in_force=since, source="t", clause="1")
    return Law(
        instruments={}, fields={}, codes={}, sources=sources, register_sources={"survey": sources["labour"]},
        qualities={}, tables={}, requirements=(), checks={},
        duplicate_cover=(), profiles={profile.id: profile}, cases=(), unencoded=(),
    )  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> Path:
    (tmp_path / "s").mkdir()
    for name in FILES:
        (tmp_path / name).write_text("x", encoding="utf-8")
    return tmp_path / "city.toml"


def read(city: Path, text: str, law: Law) -> Config:
    city.write_text(text, encoding="utf-8")
    return read_config(city, law)


def test_the_least_there_is(city: Path, law: Law) -> None:
    config = read(city, "\ufeff" + RUN + HOUSEHOLD, law)
    assert (config.run.division, config.run.as_of, config.run.profile) == (
        "440600",
        date(2017, 6, 30),
        "guangdong_2017",
    )
    assert config.run.moment == datetime(2017, 6, 30)
    (spec,) = config.sources["household"]
    assert (spec.label, spec.path, spec.columns) == ("h.csv", city.parent / "h.csv", {})


@pytest.mark.parametrize("written", ["2017-06-30T09:00:00", '"2017-06-30 09:00"', "2017-06-30T01:00:00Z"])
def test_time_of_handling(city: Path, law: Law, written: str) -> None:
    config = read(city, f"{RUN}operated_at = {written}\n{HOUSEHOLD}", law)
    assert config.run.moment == datetime(2017, 6, 30, 9)


def test_every_way_to_write_a_source(city: Path, law: Law) -> None:
    absolute = city.parent / "s" / "*.csv"
    text = f"""{RUN}[sources]
school = {{path = "s/*.csv", encoding = "GBK", columns = {{"证件号" = "ssn"}}, where = "学段 <> '成人'"}}
household = ["h.csv", "it's [1].csv", {{path = ["m.xlsx"], sheet = "2017"}}, "{absolute}"]
[sources.insurance]
url = "postgresql://me:secret@host/db"
query = "SELECT 1"
"""
    config = read(city, text, law)
    assert list(config.sources) == ["household", "insurance", "school"]
    labels = [spec.label for spec in config.sources["household"]]
    folder = city.parent / "s"
    assert labels == ["h.csv", "it's [1].csv", "m.xlsx#2017", f"{folder}/a.csv", f"{folder}/b.csv"]
    first, second = config.sources["school"]
    assert (first.label, first.encoding, first.columns) == ("s/a.csv", "gb18030", {"证件号": "ssn"})
    assert second.where == "学段 <> '成人'"
    (database,) = config.sources["insurance"]
    assert (database.label, database.query) == ("postgresql://host/db", "SELECT 1")
    assert "secret" not in repr(config)


def test_two_queries_to_one_database(city: Path, law: Law) -> None:
    one = '{url = "mysql://me@host/db", query = "SELECT 1"}'
    config = read(city, f"{RUN}[sources]\nhousehold = [{one}, {one}]\n", law)
    assert [spec.label for spec in config.sources["household"]] == ["mysql://host/db", "mysql://host/db（2）"]


TROUBLES = [
    ("[run\n", "city.toml 第 1 行第 5 列", "不合 TOML", "引号"),
    (RUN + '[sources]\nhousehold = "C:\\data"\n', "第 6 行", "不合 TOML", "正斜杠"),
    (RUN + HOUSEHOLD + "[extra]\n", "第 7 行", "不认识的配置节 extra", "run、sources"),
    (HOUSEHOLD, "city.toml", "没有 [run] 一节", "contract"),
    (RUN, "city.toml", "没有 [sources] 一节", "contract"),
    (RUN + "[sources]\n", "第 5 行", "household 和 insurance 都没有", "至少写一个"),
    (RUN + 'division2 = "1"\n' + HOUSEHOLD, "第 5 行", "不认识的设置 division2", "是不是 division？"),
    ('[run]\ndivision = "440600"\n' + HOUSEHOLD, "第 1 行", "缺少 as_of", "profile"),
    (RUN.replace('"440600"', "440600") + HOUSEHOLD, "第 2 行", "division 是 440600", "带引号"),
    (RUN.replace("440600", "4406") + HOUSEHOLD, "第 2 行", "不是 6 位代码", "GB/T 2260"),
    (RUN.replace("440600", "999999") + HOUSEHOLD, "第 2 行", "没有行政区划 999999", "GB/T 2260"),
    (RUN.replace("2017-06-30", '"2017/06/30"') + HOUSEHOLD, "第 3 行", "不是日期", "as_of = 2017-06-30"),
    (RUN.replace("2017-06-30", "0001-06-30") + HOUSEHOLD, "第 3 行", "不在 1800 至 2200 年之间", "as_of = 2017-06-30"),
    (RUN.replace("2017-06-30", "2201-01-01") + HOUSEHOLD, "第 3 行", "不在 1800 至 2200 年之间", "as_of = 2017-06-30"),
    (RUN.replace("2017-06-30", "2017-06-30T00:00:00") + HOUSEHOLD, "第 3 行", "不是日期", "as_of"),
    (RUN + "operated_at = 9\n" + HOUSEHOLD, "第 5 行", "不是时间", "operated_at ="),
    (RUN.replace("guangdong_2017", "x") + HOUSEHOLD, "第 4 行", "没有口径 x", "guangdong_2017"),
    (RUN + HOUSEHOLD + 'houshold = "h.csv"\n', "第 7 行", "不认识的来源 houshold", "是不是 household？"),
    (RUN + HOUSEHOLD + 'survey = "h.csv"\n', "第 7 行", "不认识的来源 survey", "household"),
]
SOURCE_TROUBLES = [
    ('"none.csv"', "没有文件 none.csv", "核对文件名"),
    ('"none*.csv"', "没有匹配到任何文件", "核对通配路径"),
    ('"s"', "s 是文件夹", "s/*.csv"),
    ("1", "1 不是路径", "列表"),
    ("[]", "没有写任何文件", "household ="),
    ('["h.csv", "h.csv"]', "h.csv 写了两次", "删去一处"),
    ("{}", "没有写 path", "path ="),
    ('{path = "h.csv", sheets = "1"}', "不认识的键 sheets", "sheet"),
    ('{path = "h.csv", sheet = 1}', "sheet 是 1，不是文字", "sheet ="),
    ('{path = "h.csv", encoding = "ebcdic"}', "不认识的编码 ebcdic", "gb18030"),
    ('{path = "h.csv", columns = "ssn"}', "columns 不是表", "columns ="),
    ('{path = "h.csv", columns = {a = "b"}}', "不认识的列 b", "ssn、name"),
    ('{path = "h.csv", columns = {a = "ssn", b = "ssn"}}', "两列都对应到 ssn", "只留一列"),
    ('{path = "h.csv", where = "ssn = 1"}', "1 要加单引号", "where ="),
    ('"postgresql://h/d"', "同时写查询", "query ="),
    ('{url = "oracle://h/d", query = "SELECT 1"}', "不是数据库地址", "postgresql://"),
    ('{url = "mysql://h/d"}', "没有 query", "SELECT"),
    ('{url = "mysql://h/d", query = "SELECT 1", sheet = "x"}', "不认识的键 sheet", "url"),
]
SOURCE_TROUBLES_IN_CONTEXT = [
    (f"{RUN}[sources]\nhousehold = {written}\n", "city.toml 第 6 行 [sources] household", problem, remedy)
    for written, problem, remedy in SOURCE_TROUBLES
]


@pytest.mark.parametrize(("text", "place", "problem", "remedy"), TROUBLES + SOURCE_TROUBLES_IN_CONTEXT)
def test_what_is_said(city: Path, law: Law, text: str, place: str, problem: str, remedy: str) -> None:
    with pytest.raises(SourceTrouble) as caught:
        read(city, text, law)
    assert caught.value.place.startswith(place) or place in caught.value.place
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert str(caught.value) == f"{caught.value.place}：{caught.value.problem}；{caught.value.remedy}"


def test_configuration_that_is_not_there(tmp_path: Path, law: Law) -> None:
    with pytest.raises(SourceTrouble, match=r"没有这个配置文件；请核对路径"):
        read_config(tmp_path / "none.toml", law)
    with pytest.raises(SourceTrouble, match=r"是文件夹，不是配置文件；请写成 .*city.toml"):
        read_config(tmp_path, law)
    (tmp_path / "gb.toml").write_bytes("# 中".encode("gb18030"))
    with pytest.raises(SourceTrouble, match=r"不是 UTF-8；请用文本编辑器另存为 UTF-8"):
        read_config(tmp_path / "gb.toml", law)


def test_exit_statuses() -> None:
    assert SourceTrouble("甲", "乙", "丙").exit_status == 2
    assert OutOfRoom("磁盘满了").exit_status == 3
    assert "请腾出磁盘空间或内存" in str(OutOfRoom("磁盘满了"))
