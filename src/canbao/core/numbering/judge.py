"""The judgement about a number as a source writes it: what kind it is, what it says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from canbao.core.numbering import hmt
from canbao.core.numbering.finding import Finding, NumberError
from canbao.core.numbering.foreign import NOT_FOREIGN, ForeignNumber, PermanentResidentNumber, unpadded
from canbao.core.numbering.hmt import HongKongMacaoTaiwanNumber
from canbao.core.numbering.normal_form import ends_like_decimal, is_scientific, normalise_number
from canbao.core.numbering.overseas import OverseasChineseNumber
from canbao.core.numbering.resident import ResidentNumber, check_faults, faults, is_of_centenarian, upgrade
from canbao.core.numbering.temporary import TemporaryNumber

Number = (
    ResidentNumber
    | PermanentResidentNumber
    | ForeignNumber
    | HongKongMacaoTaiwanNumber
    | OverseasChineseNumber
    | TemporaryNumber
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a written number is.

    `number` is None when it identifies nobody; `findings` then has an error. `kind` is the kind that it has or was
    taken for, None when it looks like none. `normalised` is the number's one spelling, or the normalised text.
    `birth_date` and `sex` (1 male, 2 female) are known only if the number says them. `upgraded`: it had 15 digits.
    """

    number: Number | None
    kind: str | None
    normalised: str
    birth_date: date | None = None
    sex: str | None = None
    upgraded: bool = False
    findings: tuple[Finding, ...] = ()


def judge(
    raw: str,
    *,
    as_of: date | None = None,
    countries: frozenset[str] | None = None,
    known_region: Callable[[str], bool] | None = None,
) -> Judgement:
    """Judge a number as written; never raises.

    `as_of`: a birth after this day is an error. `countries`: alpha-3 codes that foreign numbers may begin with, any if
    not given. `known_region`: whether a 6-digit address code is or was in use; an unknown one is a warning.
    """
    written = normalise_number(raw)
    if not written:
        return Judgement(None, None, "", findings=(Finding("error", "number_missing", "未填写号码；请补填"),))
    kind = _kind(written)
    try:
        number = _made(kind, written, as_of, countries)
    except NumberError as problem:
        return Judgement(None, kind, written, findings=(_refusal(written, str(problem)),))
    return _accepted(number, written, known_region)


def _kind(written: str) -> str | None:
    """The kind that a number is taken for by its beginning and length."""
    if written[:4] == "TMP-":
        return TemporaryNumber.kind
    if written[0] in "0123456789":
        permanent = written[0] == "9" and len(written) == 18
        return PermanentResidentNumber.kind if permanent else ResidentNumber.kind
    if written[:3] == "CHN":
        return OverseasChineseNumber.kind
    if written[:3] in NOT_FOREIGN:
        return HongKongMacaoTaiwanNumber.kind
    return ForeignNumber.kind if written[:3].isascii() and written[:3].isalpha() and len(written) > 3 else None


def _made(kind: str | None, written: str, as_of: date | None, countries: frozenset[str] | None) -> Number:
    """The number as its own type; raises NumberError for what can't be one."""
    match kind:
        case TemporaryNumber.kind:
            return TemporaryNumber(written)
        case OverseasChineseNumber.kind:
            return OverseasChineseNumber(written)
        case HongKongMacaoTaiwanNumber.kind:
            return HongKongMacaoTaiwanNumber(hmt.canonical(written))
        case ForeignNumber.kind:
            return _of_country(ForeignNumber(unpadded(written)), countries)
        case PermanentResidentNumber.kind:
            return _born_by(PermanentResidentNumber(written), as_of)
        case ResidentNumber.kind:
            return _born_by(upgrade(written) if len(written) == 15 else ResidentNumber(written), as_of)
    raise NumberError("不是公民身份号码，也不是外国人、港澳台居民、华侨或临时号码的格式")


def _of_country(number: ForeignNumber, countries: frozenset[str] | None) -> ForeignNumber:
    if countries is not None and number.country not in countries:
        raise NumberError(f"{number.country} 不是国家和地区代码（GB/T 2659 三位字母）")
    return number


def _born_by(
    number: ResidentNumber | PermanentResidentNumber, as_of: date | None
) -> ResidentNumber | PermanentResidentNumber:
    if as_of is not None and number.birth_date > as_of:
        raise NumberError(f"号码中的出生日期 {number.birth_date} 晚于清理基准日 {as_of}")
    return number


def _refusal(written: str, problem: str) -> Finding:
    """The error about a number that is none; digits lost in a spreadsheet have a remedy of their own."""
    if is_scientific(written) or _is_cut(written):
        message = "号码曾按数值保存，末几位已丢失；请从来源系统把该列按文本重新导出"
        return Finding("error", "digits_lost", message)
    return Finding("error", "number_invalid", problem)


def _is_cut(written: str) -> bool:
    """Whether it would be a resident number but for an ending that a spreadsheet has turned into zeros."""
    if not ends_like_decimal(written):
        return False
    rounded = written[:18]
    return written != rounded or faults(rounded) == tuple(check_faults(rounded))


def _accepted(number: Number, written: str, known_region: Callable[[str], bool] | None) -> Judgement:
    if isinstance(number, ResidentNumber):
        findings = (*_about_upgrade(number, written), *number.warnings(), *_about_region(number, known_region))
        upgraded = len(written) == 15
        return Judgement(number, number.kind, number.value, number.birth_date, number.sex, upgraded, findings)
    if isinstance(number, PermanentResidentNumber):
        return Judgement(number, number.kind, number.value, number.birth_date, number.sex)
    return Judgement(number, number.kind, number.value)


def _about_upgrade(number: ResidentNumber, written: str) -> tuple[Finding, ...]:
    if len(written) != 15:
        return ()
    note = Finding("note", "number_upgraded", f"15位号码已升为18位 {number.value}")
    if not is_of_centenarian(written):
        return (note,)
    message = f"顺序码 {number.sequence} 按1989年国标属百岁老人，世纪取18；请核实出生年份和是否在世"
    return (note, Finding("warning", "number_century", message))


def _about_region(number: ResidentNumber, known_region: Callable[[str], bool] | None) -> tuple[Finding, ...]:
    if known_region is None or known_region(number.region):
        return ()
    message = f"前6位 {number.region} 不在现行和历史行政区划代码中；请与户籍资料核对"
    return (Finding("warning", "number_region_unknown", message),)
