"""Numbers of every kind: the standard's examples, the edges of each rule, and two other programs as witnesses."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from id_validator import validator
from stdnum.cn import ric, uscc

from canbao.core.numbering import (
    PROVINCE_PREFIXES,
    CreditCode,
    ForeignNumber,
    HongKongMacaoTaiwanNumber,
    NumberError,
    OverseasChineseNumber,
    PermanentResidentNumber,
    ResidentNumber,
    TemporaryNumber,
    upgrade,
)
from canbao.core.numbering.credit_code import CREDIT_CODE_FORM
from canbao.core.numbering.foreign import FOREIGN_FORM, PERMANENT_RESIDENT_FORM
from canbao.core.numbering.hmt import HMT_FORM
from canbao.core.numbering.judge import Judgement, judge
from canbao.core.numbering.overseas import OVERSEAS_CHINESE_FORM
from canbao.core.numbering.resident import check_character
from canbao.core.numbering.temporary import TEMPORARY_FORM

AS_OF = date(2017, 6, 30)
COUNTRIES = frozenset({"CHN", "DEU", "DNK", "HKG", "MAC", "TWN", "USA"})


def judged(raw: str) -> Judgement:
    """The judgement of a Guangdong run of June 2017."""
    return judge(raw, as_of=AS_OF, countries=COUNTRIES, known_region=lambda region: region != "440199")


def checks(judgement: Judgement) -> list[tuple[str, str]]:
    """Severity and id of each finding."""
    return [(severity, check) for severity, check, _ in judgement.findings]


@st.composite
def resident_numbers(draw: st.DrawFn) -> str:
    """Valid 18-digit numbers of people born from 1890 to 2017."""
    region = draw(st.sampled_from(sorted(PROVINCE_PREFIXES))) + draw(st.from_regex("[0-9]{4}", fullmatch=True))
    birth = draw(st.dates(date(1890, 1, 1), AS_OF))
    first17 = f"{region}{birth:%Y%m%d}{draw(st.integers(1, 999)):03}"
    return first17 + check_character(first17)


@pytest.mark.parametrize(
    ("number", "birth_date", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "2"),
        ("440524188001010014", date(1880, 1, 1), "1"),
        ("440524190501010013", date(1905, 1, 1), "1"),
        ("810000199408230021", date(1994, 8, 23), "2"),
        ("830000199201300022", date(1992, 1, 30), "2"),
        ("810000190001010018", date(1900, 1, 1), "1"),
        ("820000190001010028", date(1900, 1, 1), "2"),
        ("830000190001010038", date(1900, 1, 1), "1"),
    ],
)
def test_valid_resident_numbers(number: str, birth_date: date, sex: str) -> None:
    judgement = judged(number)
    assert judgement.number == ResidentNumber(number)
    assert (judgement.kind, judgement.normalised, judgement.birth_date, judgement.sex, judgement.upgraded) == (
        "resident", number, birth_date, sex, False,
    )  # fmt: skip
    long_ago = [("warning", "number_born_before_1890")] if birth_date.year < 1890 else []
    assert checks(judgement) == long_ago


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("15000019970319128X", "校验码 X"),
        ("440000201902290012", "20190229 不是可能的出生日期"),
        ("440106190002290013", "19000229"),
        ("440106199013010013", "19901301"),
        ("990106199001010013", "不是以9开头|校验码"),
        ("160106199001010015", "前两位 16"),
        ("4401061990010100", "长度为16位"),
        ("4401061990010100133", "长度为19位"),
        ("44010619900101001A", "字符"),
        ("X40106199001010013", "不是|字符"),
        ("44010X199001010013", "字符"),
        ("440106201707010019", "校验码|晚于"),
    ],
)
def test_what_is_no_resident_number(number: str, words: str) -> None:
    judgement = judged(number)
    assert judgement.number is None and judgement.birth_date is None and judgement.sex is None
    assert checks(judgement) == [("error", "number_invalid")]
    assert re.search(words, judgement.findings[0].message)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(NumberError, match=r"16.*20190229.*校验码") as told:
        ResidentNumber("160000201902290012")
    assert len(told.value.faults) == 3


def test_a_birth_after_the_day_of_judgement_is_an_error() -> None:
    number = "44010620170701001" + check_character("44010620170701001")
    assert judge(number).number == ResidentNumber(number)
    assert judge(number, as_of=date(2017, 7, 1)).number is not None
    assert "晚于清理基准日 2017-06-30" in judged(number).findings[0].message


def test_odd_but_valid_numbers_have_warnings() -> None:
    unknown_region = "44019919900101001"
    assert checks(judged(unknown_region + check_character(unknown_region))) == [("warning", "number_region_unknown")]
    zero = "44010619900101000"
    assert checks(judged(zero + check_character(zero))) == [("warning", "number_sequence_zero")]


@pytest.mark.parametrize(
    "raw",
    ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002×",
     "11010519491231002х", "11010519491231002Х", "\ufeff11010519491231002ｘ", "1101051949\u200b1231002X"],
)  # fmt: skip
def test_numbers_are_normalised(raw: str) -> None:
    assert judged(raw).normalised == "11010519491231002X"


@pytest.mark.parametrize(
    ("fifteen", "eighteen", "century"),
    [
        ("610104620927690", "610104196209276908", False),
        ("440524050101001", "440524190501010013", False),
        ("440524840101999", "440524188401019990", True),
        ("440524991231996", "440524189912319965", True),
        ("440524990830002", "440524199908300021", False),
    ],
)
def test_upgrades(fifteen: str, eighteen: str, century: bool) -> None:
    judgement = judged(fifteen)
    assert upgrade(fifteen) == judgement.number == ResidentNumber(eighteen)
    assert judgement.upgraded and judgement.normalised == eighteen
    assert ("note", "number_upgraded") in checks(judgement)
    assert (("warning", "number_century") in checks(judgement)) is century


@pytest.mark.parametrize(
    "fifteen",
    ["440582000229001", "440106991002001", "440106991231001", "44010690010100X", "440106900230001", "160106900101001"],
)
def test_what_can_not_be_upgraded(fifteen: str) -> None:
    with pytest.raises(NumberError):
        upgrade(fifteen)
    assert checks(judged(fifteen)) == [("error", "number_invalid")]


@pytest.mark.parametrize(
    "raw",
    [
        "4.40106E+17",
        "4.40106199001010E+17",
        "4.4e17",
        "440106199001010000",
        "440106199001010000.0",
        "４.４０１０６Ｅ＋１７",
    ],
)
def test_digits_lost_in_a_spreadsheet(raw: str) -> None:
    judgement = judged(raw)
    assert judgement.number is None and checks(judgement) == [("error", "digits_lost")]


@pytest.mark.parametrize("raw", ["000000000000000000", "440106199013010000", "160106199001010000"])
def test_zeros_alone_are_not_lost_digits(raw: str) -> None:
    assert checks(judged(raw)) == [("error", "number_invalid")]


@pytest.mark.parametrize("raw", ["", " ", "　", "\u200b"])
def test_a_missing_number(raw: str) -> None:
    assert checks(judged(raw)) == [("error", "number_missing")]


@pytest.mark.parametrize(
    ("raw", "kind", "normalised"),
    [
        ("DEU0C01X00T47", ForeignNumber, "DEU0C01X00T47"),
        ("deu0 c01x00t47", ForeignNumber, "DEU0C01X00T47"),
        ("DEU000000C01X00T47", ForeignNumber, "DEU0C01X00T47"),
        ("DNK1123456789", ForeignNumber, "DNK1123456789"),
        ("USA012345678901234", ForeignNumber, "USA012345678901234"),
        ("911840199003070014", PermanentResidentNumber, "911840199003070014"),
        ("HKG0H12345678", HongKongMacaoTaiwanNumber, "HKG0H12345678"),
        ("HKG0H1234567801", HongKongMacaoTaiwanNumber, "HKG0H12345678"),
        ("MAC000000M12345678", HongKongMacaoTaiwanNumber, "MAC0M12345678"),
        ("MAC0000M1234567801", HongKongMacaoTaiwanNumber, "MAC0M12345678"),
        ("TWN001234567", HongKongMacaoTaiwanNumber, "TWN001234567"),
        ("TWN000000001234567", HongKongMacaoTaiwanNumber, "TWN001234567"),
        ("TWN01234567890B", HongKongMacaoTaiwanNumber, "TWN01234567890B"),
        ("CHNE12345678", OverseasChineseNumber, "CHNE12345678"),
        ("TMP-440600201706300001", TemporaryNumber, "TMP-440600201706300001"),
    ],
)
def test_other_kinds(raw: str, kind: type, normalised: str) -> None:
    judgement = judged(raw)
    assert judgement.number == kind(normalised)
    assert (judgement.kind, judgement.normalised, judgement.findings) == (kind.kind, normalised, ())
    assert judged(normalised) == judgement


@pytest.mark.parametrize(
    "raw",
    [
        "XYZ0C01X00T47", "DEU", "DEU0", "DEUXC01X00T47", "DEU00000000000000", "DEU0C01-X00", "DEU0123456789012345",
        "C01X00T47", "HKG0M12345678", "MAC0H12345678", "HKG0H1234567", "HKGXH12345678", "TWN0123456789", "CHN",
        "CHN1234567890123456", "TMP-440600-20170630-0001", "TMP-440600201702300001", "TMP-4406002017063001",
        "TMP440600201706300001", "911840199003070015", "911840199013070014", "张三", "无", "H12345678",
    ],
)  # fmt: skip
def test_what_is_of_no_other_kind(raw: str) -> None:
    judgement = judged(raw)
    assert judgement.number is None and checks(judgement) == [("error", "number_invalid")]
    assert judgement.findings[0].message.endswith(("核对", "编号", "补0"))


def test_any_country_passes_without_a_list_but_never_china() -> None:
    assert judge("XYZ0C01X00T47").kind == "foreign"
    for region in ("CHN", "HKG", "MAC", "TWN"):
        with pytest.raises(NumberError):
            ForeignNumber(f"{region}0C01X00T47")


def test_what_the_other_numbers_say() -> None:
    foreign, permanent = ForeignNumber("DEU1C01X00T47"), judged("911840199003070014")
    assert (foreign.country, foreign.reserved, foreign.document) == ("DEU", "1", "C01X00T47")
    assert (permanent.birth_date, permanent.sex) == (date(1990, 3, 7), "1")
    temporary = TemporaryNumber("TMP-440600201706300001")
    assert (temporary.division, temporary.given_on) == ("440600", AS_OF)
    assert judged(temporary.value).birth_date is None


@pytest.mark.parametrize(
    ("form", "number"),
    [
        (FOREIGN_FORM, "DEU0C01X00T47"), (PERMANENT_RESIDENT_FORM, "911840199003070014"), (HMT_FORM, "TWN01234567890B"),
        (OVERSEAS_CHINESE_FORM, "CHNE12345678"), (TEMPORARY_FORM, "TMP-440600201706300001"),
        (CREDIT_CODE_FORM, "91110000600037341L"),
    ],
)  # fmt: skip
def test_forms_are_anchored_and_portable(form: str, number: str) -> None:
    assert re.search(form, number) and not re.search(form, "1" + number) and not re.search(form, number + "-")
    assert form.startswith("^") and form.endswith("$") and "(?" not in form and "\\" not in form


@pytest.mark.parametrize(
    ("code", "organisation_fits"),
    [
        ("91110000600037341L", True), ("91440300708461136T", True), ("91350100M000100Y43", True),
        ("124400000000000004", True), ("9144000000000000AX", False), ("N2440000000000001H", False),
    ],
)  # fmt: skip
def test_valid_credit_codes(code: str, organisation_fits: bool) -> None:
    made = CreditCode(code)
    assert (made.department, made.division, made.organisation) == (code[0], code[2:8], code[8:17])
    assert made.organisation_fits is organisation_fits
    assert uscc.is_valid(code) or not code[:2].isdigit()


@pytest.mark.parametrize(
    "code",
    ["91110000600037341A", "91110000600037342L", "9111000060003734IL", "91110000600037341", "91110000600037341l", ""],
)
def test_what_is_no_credit_code(code: str) -> None:
    with pytest.raises(NumberError):
        CreditCode(code)


@given(resident_numbers())
def test_a_made_number_is_judged_valid(number: str) -> None:
    judgement = judge(number, as_of=AS_OF)
    assert judgement.number == ResidentNumber(number) and judgement.findings == ()


@given(resident_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_found(number: str, place: int, character: str) -> None:
    changed = number[:place] + character + number[place + 1 :]
    assert (judge(changed).number is not None) == (changed == number)


@given(resident_numbers(), st.integers(0, 16))
def test_two_characters_turned_round_are_found(number: str, place: int) -> None:
    turned = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (judge(turned).number is not None) == (turned == number)


@given(st.text(max_size=24) | st.from_regex(r"[A-Z0-9.+-]{0,22}", fullmatch=True))
def test_judging_never_raises_and_says_why_not(raw: str) -> None:
    judgement = judged(raw)
    assert (judgement.number is None) == any(severity == "error" for severity, _, _ in judgement.findings)
    if judgement.number is not None:
        assert judgement.normalised == judgement.number.value
        assert judged(judgement.normalised).number == judgement.number


def test_a_million_check_characters_agree_with_stdnum() -> None:
    chance = random.Random(96)
    numbers = (f"{chance.randrange(10**17):017}" for _ in range(1_000_000))
    assert [number for number in numbers if check_character(number) != ric.calc_check_digit(number + "0")] == []


def test_upgrades_agree_with_id_validator() -> None:
    chance = random.Random(2017)
    regions = ("440106", "440106", "440524", "110105", "310101", "510104")
    fifteens = [
        f"{chance.choice(regions)}{chance.randrange(50, 99)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"
        f"{chance.randrange(1, 996):03}"
        for _ in range(200)
    ]
    theirs = {fifteen: validator.upgrade_id(fifteen) for fifteen in fifteens}
    known = {fifteen: eighteen for fifteen, eighteen in theirs.items() if eighteen}
    assert len(known) > 100
    assert {fifteen: upgrade(fifteen).value for fifteen in known} == known
