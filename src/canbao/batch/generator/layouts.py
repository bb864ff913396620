"""The files that a city sends: which columns they have, under which headers, and in which form."""

from __future__ import annotations

from dataclasses import dataclass, field

from canbao.batch.generator.rows import Style
from canbao.core.covers import SLUGS

XLSX_UP_TO = 50_000
"""Persons up to which the demonstration city sends workbooks: writing one cell takes microseconds, and a sheet ends
at 1,048,576 rows."""

UNIT = ("unit_no", "unit_name", "unit_type")
COLUMNS: dict[str, tuple[str, ...]] = {
    "household": (
        "ssn", "name", "sex", "birth_date", "ethnicity", "hukou_address", "residence_address", "hukou_division_code",
        "hukou_town_name", "hukou_town_code", "hukou_village_name", "hukou_village_code", "vital_status", "mobile",
    ),
    "insurance": (
        "ssn", "name", "insurance_type", "contrib_status", "benefit_status", "enrol_date", "region_code",
        "payer_category", "personal_status", *UNIT, "sex", "birth_date", "mobile", "updated_at",
    ),
    "card": ("ssn", "name", "mobile", "residence_address"),
    "labour": ("ssn", "name", "employed", *UNIT, "registered_on"),
    "school": ("ssn", "name", "full_time", "school_name"),
    "retirement": ("ssn", "name", "retired_on"),
    "military": ("ssn", "name"),
    "exit_entry": ("ssn", "name", "purpose"),
    "court": ("ssn", "name"),
    "injury": ("ssn", "name", "grade", "payment", "benefit_status", "survivor_pension_status"),
    "death": ("ssn", "name", "death_date"),
}  # fmt: skip
"""The sources and their columns, in the contract's order."""

CHINESE = {
    "ssn": "社会保障号码", "name": "姓名", "sex": "性别", "birth_date": "出生日期", "ethnicity": "民族",
    "hukou_address": "户口所在地",
    "residence_address": "常住所在地地址", "hukou_division_code": "户口所在地行政区划代码",
    "hukou_town_name": "户口所在街道(乡镇)名称", "hukou_town_code": "户口所在街道（乡镇）编号",
    "hukou_village_name": "户口所在社区(村)名称", "hukou_village_code": "户口所在社区（村）编号",
    "vital_status": "生存状态", "mobile": "手机号码", "unit_no": "单位编号", "unit_name": "单位名称",
    "unit_type": "单位类型",
    "personal_status": "个人身份",
    "insurance_type": "险种", "contrib_status": "缴费状态", "benefit_status": "待遇状态", "enrol_date": "参保日期",
    "region_code": "参保地", "payer_category": "缴费人员类别", "updated_at": "更新时间",
}  # fmt: skip
ELEMENTS = {
    "ssn": "AAC002", "name": "AAC003", "sex": "AAC004", "birth_date": "AAC006", "insurance_type": "AAE140",
    "contrib_status": "AAC031", "benefit_status": "AAE116", "enrol_date": "AAC030", "personal_status": "AAC012",
    "unit_no": "AAB001", "unit_name": "AAB004", "unit_type": "AAB019", "mobile": "AAC067",
}  # fmt: skip
SCHOOL = {"ssn": "学生证件号", "name": "学生姓名 ", "full_time": "是否全日制", "school_name": "就读学校"}
LABOUR = {"ssn": "身份证", "name": "名字", "employed": "是否就业", "registered_on": "登记日"}
LABELLED = {name: CHINESE[name] for name in UNIT}
PENSION = ("emp_pension", "res_pension")
MEDICAL = ("emp_medical", "res_medical")
REST = ("unemployment", "work_injury", "maternity")


USUAL = Style()


@dataclass(frozen=True)
class Layout:
    """One file of a source. `headers` renames columns, `mapped` are those that city.toml has to map back.

    The ending of `file` says what it is. CSV has an encoding, perhaps a byte order mark (`utf-8-sig`), and a
    separator; XLSX has a sheet. `types` are the insurance types in the file.
    """

    source: str
    file: str
    style: Style = USUAL
    headers: dict[str, str] = field(default_factory=dict)
    mapped: tuple[str, ...] = ()
    types: tuple[str, ...] = SLUGS
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    extra: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """Our columns with the headers they have in the file."""
        return {name: self.headers.get(name, name) for name in COLUMNS[self.source]}


def plain() -> tuple[Layout, ...]:
    """Every source one Parquet file under our own column names."""
    return tuple(Layout(source, f"{source}.parquet") for source in COLUMNS)


def city(persons: int) -> tuple[Layout, ...]:
    """The files of the demonstration city; where there are more than XLSX_UP_TO persons, CSV for XLSX."""
    ending = "xlsx" if persons <= XLSX_UP_TO else "csv"
    elements = ("insurance_type", "contrib_status", "benefit_status", "enrol_date")
    medical = (*elements, "region_code", "payer_category", "updated_at")
    words, packed = Style("chinese", labels=True), Style("packed")
    return (
        Layout("household", "户籍人口.csv", Style("slash"), CHINESE, encoding="gb18030"),
        Layout("insurance", "养老保险.parquet", packed, ELEMENTS, elements, PENSION),
        Layout("insurance", f"医疗保险.{ending}", words, CHINESE, medical, MEDICAL, sheet="参保明细"),
        Layout("insurance", "失业工伤生育.csv", Style("iso"), types=REST, encoding="utf-8-sig"),
        Layout("card", f"社保卡.{ending}", headers=CHINESE, sheet="持卡人"),
        Layout("labour", "就业登记.csv", packed, LABELLED | LABOUR, tuple(LABOUR), delimiter="\t", extra="备注"),
        Layout("school", "学籍.csv", Style(), SCHOOL, tuple(SCHOOL), encoding="gb18030", extra="年级"),
        Layout("retirement", "离退休.csv", Style("slash"), {"ssn": "公民身份号码", "name": "姓 名"}, ("ssn",)),
        Layout("military", "名单/兵役.csv", headers={"ssn": "ＡＡＣ００２", "name": "AAC003"}, encoding="utf-16"),
        Layout("exit_entry", "名单/出入境.parquet", Style()),
        Layout("court", "名单/审判服刑.csv", headers={"ssn": "社会保障号码", "name": "姓名"}, encoding="gb18030"),
        Layout("injury", "工伤待遇.csv", Style(), delimiter=";"),
        Layout("death", "死亡.csv", Style("chinese"), {"ssn": "aac002", "name": "aac003"}),
    )
