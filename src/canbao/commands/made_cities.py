"""The cities of the demonstration: a big one, two small ones with people of each other's, and what they send later."""

from __future__ import annotations

from pathlib import Path

SOMEBODY = "440106198503030335"
"""A made person with a household in Guangzhou and a unit in Shenzhen: 2 from the one, 3 from the other, 1 for both."""
TWICE = ("440106199002140039", "440106199002140055")
"""Another made person, whose unit in Shenzhen has the number wrong: two records until officers merge them."""
GUANGZHOU = (
    "社会保障号码,姓名,户口所在地,常住所在地地址,户口所在地行政区划代码,户口所在街道(乡镇)名称,户口所在街道(乡镇)编号,"
    "户口所在社区(村)名称,户口所在社区(村)编号,生存状态\n"
    f"{SOMEBODY},样例乙六,广州市天河区样例路1号,广州市天河区样例路1号,440106,五山街道,440106001,样例社区,440106001001,1\n"
    f"{TWICE[0]},样例丁七,广州市天河区样例路7号,广州市天河区样例路7号,440106,五山街道,440106001,样例社区,440106001001,1\n"
)
SHENZHEN = (
    "社会保障号码,姓名,险种类型,缴费状态,缴费人员类别,参保地,单位编号,单位名称,单位类型,参保日期\n"
    f"{SOMEBODY},样例乙六,110,1,U,440304,D1,样例公司,10,2016-01-01\n"
    f"{TWICE[1]},样例丁七,110,1,U,440304,D1,样例公司,10,2016-01-01\n"
)


def made_packages(folder: Path, out: Path) -> dict[str, Path]:
    """The packages of three cities by division: the big one, and two with people of each other's."""
    return {
        "440600": _packed(folder, out),
        "440100": _small(folder / "440100", "440100", household=GUANGZHOU),
        "440300": _small(folder / "440300", "440300", insurance=SHENZHEN),
    }


def later_packages(folder: Path, persons: int, seed: int) -> dict[str, Path]:
    """What two of them send later: Shenzhen's people have moved their covers, Foshan's package has everybody twice."""
    moved = SHENZHEN.replace(",440304,", ",440305,")
    return {
        "440300": _small(folder / "440300-later", "440300", key=folder / "440300" / "city.key", insurance=moved),
        "440600": _doubled(folder, persons, seed),
    }


def _small(place: Path, division: str, key: Path | None = None, **sources: str) -> Path:
    place.mkdir(exist_ok=True)
    for source, text in sources.items():
        (place / f"{source}.csv").write_text(text, encoding="utf-8")
    listed = "".join(f'{source} = "{source}.csv"\n' for source in sources)
    (place / "city.toml").write_text(
        f'[run]\ndivision = "{division}"\nas_of = 2017-06-30\nprofile = "guangdong_2017"\n[sources]\n{listed}',
        encoding="utf-8",
    )
    return _cleaned(place / "city.toml", place / "OUT", key or place / "city.key")


def _doubled(folder: Path, persons: int, seed: int) -> Path:
    """The big city with as many more people as it has: as if two cities' lists had been put together."""
    from canbao.batch.generator import generate_city

    second, twice = folder / "second", folder / "city" / "doubled.toml"
    if not second.exists():
        generate_city(second, persons=persons, seed=seed + 1, division="440600")
    one = 'household = "户籍人口.csv"'
    text = (folder / "city" / "city.toml").read_text(encoding="utf-8")
    twice.write_text(text.replace(one, 'household = ["户籍人口.csv", "../second/户籍人口.csv"]'), encoding="utf-8")
    return _cleaned(twice, folder / "OUT-doubled", folder / "city.key")


def _cleaned(settings: Path, out: Path, key: Path) -> Path:
    from canbao.batch.city import clean_city

    clean_city(settings, out)
    return _packed(out.parent, out, key)


def _packed(folder: Path, out: Path, key: Path | None = None) -> Path:
    from canbao.batch.package import make_signing_key, pack

    key = key or folder / "city.key"
    if not key.exists():
        make_signing_key(key)
    return pack(out, key)
