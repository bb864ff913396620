"""How a value is spoilt: each function takes a text and random bits, and returns what a source might hold instead."""

from __future__ import annotations

from datetime import date, timedelta

from canbao.batch.generator.rows import DAY_STYLES, LABELS
from canbao.core.dates import read_day
from canbao.core.numbering.resident import check_character

UNSEEN = ("\u200b", "\ufeff", "\u200d", "\u2060")
BLANKS = (" ", "\u3000", "\u00a0", "  ")
DOTS = "•‧∙．・"
CONTROLS = ("\t", "\x7f", "\u200e", "\u00ad")
LOST = ("?", "？", "\ue863", "□")
"""What stands where a system had no letter for a rare character; U+E863 is in the private use area."""

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
WORDS = {
    "unit_type": {"10": "企业", "20": "事业单位", "30": "机关", "99": "个人缴费"},
    "personal_status": {"24": "工人", "31": "学生", "80": "退（离）休人员", "51": "自由职业者"},
    **LABELS,
}


def full_width(text: str, roll: int) -> str:
    """All letters, or the last six, as wide as Chinese ones."""
    return text.translate(FULL_WIDTH) if roll & 1 else text[:-6] + text[-6:].translate(FULL_WIDTH)


def with_blank(text: str, roll: int) -> str:
    """A blank somewhere inside, or at the end."""
    place = 1 + roll % len(text)
    return text[:place] + BLANKS[roll // 64 % len(BLANKS)] + text[place:]


def with_unseen(text: str, roll: int) -> str:
    """A character without width somewhere, at the beginning too."""
    place = roll % (len(text) + 1)
    return text[:place] + UNSEEN[roll // 64 % len(UNSEEN)] + text[place:]


def with_control(text: str, roll: int) -> str:
    """A control character somewhere."""
    place = roll % (len(text) + 1)
    return text[:place] + CONTROLS[roll // 512 % len(CONTROLS)] + text[place:]


def lower_case(text: str, roll: int) -> str:
    """`x` for `X`; sometimes a multiplication sign."""
    return text[:-1] + ("x", "x", "x", "×")[roll & 3]


def fifteen_digits(text: str, roll: int) -> str:
    """The number as it was before 1999."""
    return text[:6] + text[8:17]


def wrong_check(text: str, roll: int) -> str:
    """Another check character, or two neighbours changed places."""
    place = 14 + roll // 16 % 2
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if roll & 1 and check_character(swapped[:17]) != swapped[17]:
        return swapped
    others = [one for one in "0123456789X" if one != text[17]]
    return text[:17] + others[roll // 32 % len(others)]


def impossible_date(text: str, roll: int) -> str:
    """A number with a day that no calendar has; the check character fits."""
    first17 = text[:10] + ("0230", "1301", "0431", "0000", "0631")[roll % 5] + text[14:17]
    return first17 + check_character(first17)


def digits_lost(text: str, roll: int) -> str:
    """What a spreadsheet leaves of a number."""
    cut = text[:15] + "000"
    return cut if roll & 1 and check_character(cut[:17]) != "0" else f"{int(text[:17]) * 10:.5E}"


def number_cut(text: str, roll: int) -> str:
    """One or two characters missing at an end."""
    return text[: 17 - roll % 2] if roll & 2 else text[1 + roll % 2 :]


def missing(text: str, roll: int) -> None:
    """Nothing."""


def other_dot(text: str, roll: int) -> str:
    """Another dot inside the name."""
    return text.replace("·", DOTS[roll % len(DOTS)])


def rare_character_lost(text: str, roll: int) -> str:
    """A mark in place of each character outside the old character sets."""
    return "".join(LOST[roll % len(LOST)] if _is_rare(character) else character for character in text)


def _is_rare(character: str) -> bool:
    return 0x3400 <= ord(character) < 0x4E00 or ord(character) > 0x9FA5


def other_day_form(text: str, roll: int) -> str:
    """The same day, written another way; the spreadsheet's serial number is one of them."""
    day = read_day(text)
    if day is None:
        return text
    forms = [form.format(day.year, day.month, day.day) for form in DAY_STYLES.values()]
    if day >= date(1930, 1, 1):
        forms.append(str((day - date(1899, 12, 30)).days))
    others = [form for form in forms if form != text]
    return others[roll % len(others)]


def invalid_day(text: str, roll: int) -> str:
    """Something in the column of days that is none."""
    return ("20170231", "2016-13-01", "不详", "0000-00-00", "2015年")[roll % 5]


def other_day(text: str, roll: int) -> str:
    """Another day in the same style: some days or years earlier, or day and month changed."""
    day = read_day(text)
    if day is None:
        return text
    changed = day - timedelta(days=1 + roll % 700)
    return _style_of(text).format(changed.year, changed.month, changed.day)


def _style_of(text: str) -> str:
    signs = {"-": "iso", "/": "slash", "年": "chinese"}
    return DAY_STYLES[next((style for sign, style in signs.items() if sign in text), "packed")]


def other_sex(text: str, roll: int) -> str:
    """The other sex, in the same words."""
    return {"1": "2", "2": "1", "男": "女", "女": "男"}.get(text, text)


def other_code_form(column: str, text: str, roll: int) -> str:
    """A code with its label, the label alone, full-width or with a point behind it."""
    words = WORDS.get(column, {})
    code = next((one for one, label in words.items() if text in (one, label)), text)
    label = words.get(code)
    forms = [f"{code}.{label}", label] if label else []
    forms += [code.translate(FULL_WIDTH), f"{code}."]
    others = [form for form in forms if form != text]
    return others[roll % len(others)]


def unknown_code(text: str, roll: int) -> str:
    """A code that no list has."""
    return ("X", "未知", "#N/A", "77")[roll % 4]
