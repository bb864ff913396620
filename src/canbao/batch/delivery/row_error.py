"""What is wrong in a delivery, said so that the city can find and mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from canbao.law.reader import read_law

LONGEST_VALUE = 100
"""Characters of a wrong value that are shown."""

AGAIN = "请重新运行 canbao clean 并打包，不要改动结果文件"
TABLE_LABELS = {
    "persons": "人员",
    "insurances": "险种",
    "evidence": "佐证",
    "findings": "问题清单",
    "conflicts": "姓名争议",
}
_FIELD_LABELS = {
    "kind": "佐证种类",
    "quality": "佐证性质",
    "source": "来源文件",
    "row": "来源行",
    "severity": "严重程度",
    "rule": "规则",
    "field": "项目",
    "value": "值",
    "message": "说明",
    "reference_name": "基准姓名",
    "other_name": "另一姓名",
    "similarity": "相似度",
}


class Rule(NamedTuple):
    """A way of being wrong: its short name, and the words with {field} and {value}, ending in the remedy."""

    label: str
    words: str


MEND = "，再清理并打包"
RULES = {
    "table_unreadable": Rule("表读不出来", f"这张表读不出来（{{value}}）；{AGAIN}"),
    "table_too_large": Rule("表过大", f"这张表{{value}}，不是 canbao clean 写出的；{AGAIN}"),
    "column_missing": Rule("缺列", f"缺少列 {{value}}；{AGAIN}"),
    "column_extra": Rule("多余的列", f"多出列 {{value}}；{AGAIN}"),
    "column_type": Rule("列的类型不对", f"列 {{value}}；{AGAIN}"),
    "column_order": Rule("列的次序不对", f"各列的次序不是规定的；{AGAIN}"),
    "order_wrong": Rule("没有按号码排序", f"这一行的号码小于前一行的；{AGAIN}"),
    "number_twice": Rule("号码重复", f"同一号码在人员表中出现了两次；{AGAIN}"),
    "number_wrong": Rule("号码不合规定", "号码 {value} 不能采用：{why}"),
    "number_spelling": Rule("号码写法不对", f"号码 {{value}} 不是规定的写法（应为 {{why}}）；{AGAIN}"),
    "birth_date_differs": Rule("出生日期与号码不符", f"出生日期“{{value}}”与社会保障号码中的不同；{AGAIN}"),
    "sex_differs": Rule("性别与号码不符", f"性别“{{value}}”与社会保障号码中的不同；{AGAIN}"),
    "code_unknown": Rule(
        "代码不在代码表中", f"{{field}}的值“{{value}}”在代码表中没有；请在来源中改为代码表中的代码{MEND}"
    ),
    "length_wrong": Rule("长度不对", f"{{field}}的值“{{value}}”长度不合规定（{{why}}）；请在来源中改正{MEND}"),
    "text_unseen": Rule(
        "有看不见或损坏的字符",
        f"{{field}}的值“{{value}}”里有控制字符、零宽字符或乱码；请按正确的编码重新导出来源{MEND}",
    ),
    "text_empty": Rule("空文字", f"{{field}}是空文字；{AGAIN}"),
    "day_implausible": Rule("日期不可能", f"{{field}}的值“{{value}}”不在1800年至2200年之间；请在来源中改正{MEND}"),
    "value_missing": Rule("缺值", f"{{field}}没有值；{AGAIN}"),
    "value_implausible": Rule("数值不可能", f"{{field}}的值“{{value}}”不可能；{AGAIN}"),
    "name_missing": Rule("缺姓名", f"没有姓名，而险种行中有；{AGAIN}"),
    "outside_area": Rule(
        "不属于报送地区",
        "户口所在地“{value}”不在报送地区 {why} 之内；这些人由户籍所在市报送，请从户籍来源中删去" + MEND,
    ),
    "region_unknown": Rule("参保地不存在", f"参保地“{{value}}”不是任何省、市、县的行政区划代码；请在来源中改正{MEND}"),
    "state_missing": Rule("险种没有状态", f"缴费状态和待遇状态都没有值；{AGAIN}"),
    "person_unknown": Rule("没有这个人", f"人员表中没有号码 {{value}}；{AGAIN}"),
    "quality_unknown": Rule("佐证性质不对", f"“{{value}}”不是这一种佐证的性质；{AGAIN}"),
    "household_differs": Rule("户籍标志与佐证不符", f"户籍标志与户籍佐证不符；{AGAIN}"),
    "rows_too_many": Rule("一个人的行过多", f"这个号码的行过多；请核对来源是否把许多人写成了同一号码{MEND}"),
}
"""Every rule by which a row can be refused."""


@dataclass(frozen=True)
class RowError:
    """One thing that is wrong: `row` is the row's place in the table, from 1; without it the whole table is meant."""

    table: str
    row: int | None
    ssn: str | None
    field: str | None
    value: str | None
    rule: str
    message: str


def worded(
    table: str,
    rule: str,
    *,
    row: int | None = None,
    ssn: str | None = None,
    field: str | None = None,
    value: str | None = None,
    why: str = "",
    place: str = "",
) -> RowError:
    """An error with its words; `why` fills the rule's own gap, `place` says where the city's row stood."""
    shown = shortened(value) if value is not None else None
    words = RULES[rule].words.format(field=field_label(field), value=shown or "", why=why)
    where = TABLE_LABELS[table] if row is None else f"{TABLE_LABELS[table]}表第 {row} 行"
    return RowError(table, row, shortened(ssn) if ssn else ssn, field, shown, rule, f"{where}{place}：{words}")


def field_label(field: str | None) -> str:
    """How a column is called in Chinese; its own name if nothing better is known, empty for none."""
    if field is None:
        return ""
    spec = read_law().fields.get(field)
    return spec.label if spec else _FIELD_LABELS.get(field, field)


def shortened(value: str) -> str:
    """The first LONGEST_VALUE characters, whatever can't be seen or printed made visible."""
    kept = value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in kept)
