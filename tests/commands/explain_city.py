"""A small city, one person for each kind of outcome, with the values written so that every row differs."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

from canbao.core.numbering.resident import check_character

Row = Mapping[str, str]


def number(sequence: int, birth: str = "19800101") -> str:
    """A constructed resident number of 禅城区."""
    digits = f"440604{birth}{sequence:03d}"
    return digits + check_character(digits)


EMPLOYED, BY_CARD, OUTSIDER, TWO_ROWS, DEAD, PUPIL, ENDED, BY_LABOUR, DISPUTED, LACKING, MOVED, SOLDIER, INJURED = (
    number(sequence, "20050101" if sequence == 21 else "19800101") for sequence in range(16, 29)
)
FOREIGNER, WRONG = "DEU0C01X00T47", "440604198001010999"

HOME = {
    "hukou_address": "佛山市禅城区样例路1号", "residence_address": "佛山市禅城区样例路1号",
    "hukou_division_code": "440604", "hukou_town_name": "祖庙街道", "hukou_town_code": "440604010",
    "hukou_village_name": "样例社区", "hukou_village_code": "440604010001", "vital_status": "1",
}  # fmt: skip
COVER = {"contrib_status": "1", "enrol_date": "2010-01-01", "region_code": "440604"}
UNIT = {"unit_no": "D0001", "unit_name": "样例公司", "unit_type": "10"}


def at_home(ssn: str, name: str, **more: str) -> Row:
    """A row of the household list."""
    return {"ssn": ssn, "name": name, **HOME, **more}


def covered(ssn: str, name: str, insurance_type: str, **more: str) -> Row:
    """A row of an insurance."""
    return {"ssn": ssn, "name": name, "insurance_type": insurance_type, **COVER, **more}


SOURCES: dict[str, list[Row]] = {
    "household": [
        at_home(EMPLOYED, "甲", mobile="13800000001"),
        at_home(BY_CARD, "乙", residence_address=""),
        at_home(TWO_ROWS, "丁"),
        at_home(DEAD, "戊"),
        at_home(PUPIL, "己"),
        at_home(ENDED, "庚"),
        at_home(BY_LABOUR, "辛"),
        at_home(DISPUTED, "壬"),
        at_home(LACKING, "癸", hukou_town_code="", hukou_town_name=""),
        at_home(MOVED, "子", residence_address="", hukou_town_code="", hukou_address="旧址", mobile="13800000010"),
        at_home(MOVED, "子", hukou_address="新址"),
        at_home(SOLDIER, "丑"),
        at_home(INJURED, "寅"),
    ],
    "insurance": [
        covered(EMPLOYED, "甲", "emp_pension", **UNIT, mobile="13800000002", personal_status="24"),
        covered(EMPLOYED, "甲", "work_injury", unit_no="D0002", unit_name="别的公司", unit_type="10"),
        covered(OUTSIDER, "丙", "res_medical", mobile="13800000003", updated_at="2016-01-01"),
        covered(OUTSIDER, "丙", "res_pension", mobile="13800000004", updated_at="2017-01-01", region_code="440605"),
        covered(TWO_ROWS, "丁", "emp_medical", enrol_date="2009-01-01", **UNIT),
        covered(TWO_ROWS, "丁", "emp_medical", enrol_date="2012-01-01", unit_no="D0003", unit_name="新公司"),
        covered(TWO_ROWS, "丁", "emp_medical", enrol_date="2015-01-01", contrib_status="3"),
        covered(DEAD, "戊", "res_medical"),
        covered(ENDED, "庚", "res_medical", contrib_status="3"),
        covered(BY_LABOUR, "辛", "res_medical"),
        covered(DISPUTED, "任", "res_medical"),
        covered(DISPUTED, "壬", "res_pension"),
        covered(INJURED, "寅", "emp_pension", payer_category="F", contrib_status="2"),
        covered(FOREIGNER, "HANS", "res_medical"),
        covered(WRONG, "卯", "res_medical"),
    ],
    "card": [
        {"ssn": BY_CARD, "name": "乙", "mobile": "13800000005", "residence_address": "佛山市禅城区卡上路2号"},
        {"ssn": BY_CARD, "name": "乙", "mobile": "13900000009", "residence_address": "佛山市禅城区卡上路3号"},
        {"ssn": EMPLOYED, "name": "甲", "mobile": "13900000008", "residence_address": "佛山市禅城区卡上路4号"},
        {"ssn": OUTSIDER, "name": "丙"},
    ],
    "labour": [
        {"ssn": EMPLOYED, "name": "甲", "employed": "1", "unit_no": "D0009", "unit_name": "登记公司"},
        {"ssn": BY_LABOUR, "name": "辛", "employed": "1", "unit_no": "D0004", "unit_name": "登记公司"},
        {"ssn": BY_LABOUR, "name": "辛", "employed": "1", "unit_no": "D0005", "unit_name": "又一公司"},
    ],
    "school": [{"ssn": PUPIL, "name": "己", "full_time": "1"}],
    "military": [{"ssn": SOLDIER, "name": "丑"}],
    "court": [{"ssn": SOLDIER, "name": "丑"}],
    "injury": [{"ssn": INJURED, "name": "寅", "grade": "02", "payment": "monthly", "benefit_status": "1"}],
    "death": [{"ssn": DEAD, "name": "戊", "death_date": "2017-03-01"}],
}  # fmt: skip


def write_city(folder: Path) -> Path:
    """The sources as CSV files and the configuration, whose path is returned."""
    for source, rows in SOURCES.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / f"{source}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    listed = "\n".join(f"{source} = {json.dumps(f'{source}.csv')}" for source in SOURCES)
    run = '[run]\ndivision = "440600"\nas_of = 2017-06-30\nprofile = "guangdong_2017"'
    config = folder / "city.toml"
    config.write_text(f"{run}\n[sources]\n{listed}\n", encoding="utf-8")
    return config


def places(source: str, *rows: int) -> tuple[str, ...]:
    """Rows of a source, counted from 1 as in `SOURCES`, as they are named: the header is line 1 of the file."""
    return tuple(f"{source}.csv 第{row + 1}行" for row in rows)
