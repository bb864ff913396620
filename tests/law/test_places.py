"""The places: how many there are, how they hang together, and what the reader refuses."""

from __future__ import annotations

import csv
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest

from canbao.law.places import HOME, Places, PlacesError, read_places


@pytest.fixture(scope="module")
def places() -> Places:
    return read_places()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the files, to plant faults in."""
    shutil.copytree(HOME / "places", tmp_path / "places")
    return tmp_path


def append(home: Path, name: str, line: str) -> None:
    with (home / "places" / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def test_counts_per_level(places: Places) -> None:
    levels = Counter(place.level for place in places.by_code.values())
    assert levels == {"province": 1, "city": 21, "county": 121, "town": 1778, "village": 26467}


def test_two_cities_are_their_own_county(places: Places) -> None:
    assert len(places.cities) == 21
    assert [city.code for city in places.cities if places.is_county(city.code)] == ["441900", "442000"]
    assert sum(places.is_county(code) for code in places.by_code) == 123


def test_kinds_of_town_are_as_many_as_published(places: Places) -> None:
    def kind(code: str) -> str:
        return "街道" if code[6] == "0" else "镇" if code[6] == "1" else "乡" if code[6] in "23" else "类似乡级单位"

    towns = Counter(kind(place.code) for place in places.by_code.values() if place.level == "town")
    assert towns == {"街道": 460, "镇": 1130, "乡": 11, "类似乡级单位": 177}


@pytest.mark.parametrize(
    ("code", "name", "parent"),
    [
        ("440000", "广东省", ""),
        ("440100", "广州市", "440000"),
        ("440309", "龙华区", "440300"),
        ("440310", "坪山区", "440300"),
        ("441900003", "东城街道办事处", "441900"),
        ("442000001", "石岐区街道办事处", "442000"),
        ("445381", "罗定市", "445300"),
    ],
)
def test_samples(places: Places, code: str, name: str, parent: str) -> None:
    assert (places.name(code), places.by_code[code].parent) == (name, parent)


def test_every_parent_is_the_beginning_of_the_code_one_level_up(places: Places) -> None:
    above = {"city": {"province"}, "county": {"city"}, "town": {"county", "city"}, "village": {"town"}}
    for place in places.by_code.values():
        if place.level != "province":
            assert places.by_code[place.parent].level in above[place.level]
            assert place.code.startswith(place.parent.rstrip("0"))
            assert place in places.children(place.parent)


@pytest.mark.parametrize(
    ("code", "county"),
    [
        ("440103", "440103"),
        ("440103001", "440103"),
        ("440103001101", "440103"),
        ("441900003", "441900"),
        ("442000", "442000"),
        ("440100", None),
        ("440311", None),
        ("110101", None),
        ("4401030", None),
        ("", None),
    ],
)
def test_county_of(places: Places, code: str, county: str | None) -> None:
    assert places.county_of(code) == county


def test_children(places: Places) -> None:
    assert places.children("440000") == places.cities
    assert {child.level for child in places.children("440100")} == {"county"}
    assert {child.level for child in places.children("441900")} == {"town"}
    assert [child.code for child in places.children("440400")] == ["440402", "440403", "440404"]
    assert places.children("440103001101") == places.children("nowhere") == ()


def test_regions_of_all_china_in_october_2017(places: Places) -> None:
    for code in ("440600", "440604", "441900", "110101", "430100", "110000", "460400", "659007", "810000"):
        assert places.is_known_region(code), code
    for code in ("440311", "440681", "440199", "999999", "4406", "440604001", ""):
        assert not places.is_known_region(code), code
    counties = [code for code in places.regions if code.startswith("44") and code[4:] not in ("00", "01")]
    assert len(counties) == 121


def test_a_resident_number_may_begin_with_an_abolished_code(places: Places) -> None:
    for code in ("440681", "440524", "440311", "442101", "110103", "440104"):
        assert places.is_address_code(code), code
    assert not places.is_address_code("440199")
    assert places.name("440681") == "顺德市"
    assert places.name("440199") == ""


def test_codes_over_time(places: Places) -> None:
    assert [(span.name, span.valid_to) for span in places.over_time["440502"]] == [
        ("同平区", "1990-12"),
        ("龙湖区", "1993-12"),
    ]
    assert places.over_time["440582"][-1].successors == ("440513", "440514")
    assert places.by_code["440310"].valid_from == "2016-10"
    assert places.by_code["440103"].valid_from == ""
    assert places.over_time["440311"][0].valid_from == "2018-10"


def test_successors_begin_by_the_time_the_abolished_code_ends(places: Places) -> None:
    with (HOME / "places" / "successors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        last = places.over_time[row["code"]][-1]
        assert (last.name, last.successors) == (row["name"], tuple(row["successors"].split()))
        for heir in last.successors:
            first_year = places.by_code[heir].valid_from[:4]
            assert not first_year or int(first_year) <= int(last.valid_to[:4]) + 1, row


def test_provinces(places: Places) -> None:
    prefixes = [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)]
    assert sorted(places.provinces) == [str(prefix) for prefix in [*prefixes, 71, 81, 82, 83]]


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("villages", "440103001101,又一村", "出现了两次"),
        ("towns", "44010300,短码街道", "应有 9 位"),
        ("towns", "44010３001,全角街道", "应有 9 位"),
        ("towns", "440199001,无县街道", "上级 440199 不存在"),
        ("towns", "440100001,越级街道", "上级 440100 不存在"),
        ("villages", "440103999001,无镇居委会", "上级 440103999 不存在"),
        ("counties", "440199,虚构区", "不在 codes_over_time.csv"),
        ("counties", "441900,东莞市", "已在上一级出现"),
        ("cities", "440300,", "和名称"),
        ("codes_over_time", "440103,新荔湾区,2018-01,", "有效期重叠"),
        ("successors", "440321,宝安县,440699", "440699"),
        ("successors", "440321,宝安县,", "空缺"),
        ("successors", "440321,宝安市,440306", "不是撤销的代码"),
        ("successors", "440306,宝安区,440309", "不是撤销的代码"),
    ],
)
def test_planted_faults_are_refused(home: Path, name: str, line: str, said: str) -> None:
    append(home, name, line)
    with pytest.raises(PlacesError, match=said):
        read_places(home)


def test_files_that_cannot_be_read_are_refused(home: Path) -> None:
    file = home / "places" / "towns.csv"
    file.write_bytes("code,name\n440103001,沙面街道\n".encode("gb18030"))
    with pytest.raises(PlacesError, match="UTF-8"):
        read_places(home)
    file.write_text("代码,名称\n", encoding="utf-8")
    with pytest.raises(PlacesError, match="表头"):
        read_places(home)
    file.unlink()
    with pytest.raises(PlacesError, match="读不出来"):
        read_places(home)


def test_loading_is_quick_and_happens_once(home: Path) -> None:
    began = time.process_time()
    first = read_places(home)
    assert time.process_time() - began < 1  # about 0.1 s; the margin is for a busy machine
    assert read_places(home) is first
