"""Each paper read back: size, pages, what stands on it, nothing on top of anything; and the same bytes each time."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest
import sample_papers as samples
import typst
from read_back import codes_of, collisions, pages_of, sizes_of

from canbao.law.wording import default_wording, read_wording
from canbao.paper.documents.kinds import KINDS
from canbao.paper.documents.printing import PrintError, picture, preview

A4, A4_LANDSCAPE, CARD = (210, 297), (297, 210), (100, 140)
SIZES = dict.fromkeys(KINDS, A4) | {"card": CARD, "summary_sheet": A4_LANDSCAPE}
PAGES = dict.fromkeys(KINDS, 1) | {"summary_sheet": 3, "announcement": 2, "archive_catalogue": 2, "hand_over_sheet": 2}
SAYS = {
    "card": (
        "中国社会保险 CHINASOCIALINSURANCE 入户调查证 NH-2017-000123 陈一二 桂城街道千灯湖社区居民委员会 "
        "2017年5月1日至2017年12月31日 监督电话：0757-83331234 佛山市人力资源和社会保障局"
    ),
    "letter": "致佛山市居民的一封信 从2017年5月1日到2017年12月31日 0757-83331234 7K3M-9QXT 佛山市人力资源和社会保障局",
    "notice": "参保登记通知 林三四先生（女士）： 2017年6月15日前 0757-86230000 7K3M-9QXT 2017年5月20日 （盖章）",
    "announcement": (
        "佛山市关于开展全民参保登记调查的公告 一、调查时间 目前没有参加社会保险的人员 监督电话0757-83331234 "
        "第1街道第5社区何五六0757-80000005"
    ),
    "summary_sheet": (
        "个人基础信息汇总表 广东省佛山市南海区县（市、区）桂城街道镇（街道）千灯湖社区社区（村） 经办人：何五六 "
        "联系手机：13900000000 复核人：黄七八 负责人： 填报时间：2017年5月1日 第1页共3页"
    ),
    "registration_form": "全民参保登记表 T-4406-0001-2345 林三四 440601199001010014 1男2女 以上内容已经核对",
    "archive_catalogue": "全民参保登记档案目录 应有40件，已归档36件，缺4件 第1页共2页",
    "box_label": "全民参保登记档案 NH-01-003 T-4406-0001-0001至T-4406-0001-0200 200份 10年",
    "hand_over_sheet": "全民参保登记材料移交清单 YJ-2017-0008 第1社区居民委员会2121201182 第1页共2页",
    "proof": (
        "参保证明 编号：7K3M-9PQ2-XW4D 440***********0014 截至2017年5月20日 职工基本养老保险参保缴费—佛山市南海区 异地 "
        "2017年6月18日以前有效 不因此作废 王经办，祖庙窗口 https://canbao.example/proof/"
    ),
    "weekly_report": "佛山市南海区全民参保登记督导周报 2017年6月5日至2017年6月11日 已完成（人）1,8301,5446,901",
}


@cache
def sample(kind: str) -> bytes:
    return preview(kind, default_wording(kind), samples.SAMPLES[kind]())


def printed(kind: str, **changed: object) -> bytes:
    return preview(kind, default_wording(kind), dataclasses.replace(samples.SAMPLES[kind](), **changed))


def test_every_kind_has_words_and_a_sample() -> None:
    assert set(KINDS) == set(read_wording()) == set(samples.SAMPLES)


@pytest.mark.parametrize("kind", KINDS)
def test_size_and_pages(kind: str) -> None:
    assert sizes_of(sample(kind)) == {SIZES[kind]}
    assert len(pages_of(sample(kind))) == PAGES[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_on_it(kind: str) -> None:
    first = pages_of(sample(kind))[0]
    assert [words for words in SAYS[kind].split() if words not in first] == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_lies_on_anything(kind: str) -> None:
    assert collisions(sample(kind)) == []


def test_text_upon_text_would_be_seen() -> None:
    text = b"#set page(width: 60mm, height: 30mm)\n#place(dx: 9mm, dy: 9mm)[AB]#place(dx: 9mm, dy: 9mm)[CD]\n"
    assert len(collisions(typst.compile(text + b"#place(dx: -30mm)[E]"))) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_record_gives_the_same_bytes(kind: str) -> None:
    assert preview(kind, default_wording(kind), samples.SAMPLES[kind]()) == sample(kind)
    assert b"CreationDate" not in sample(kind)


def test_a_picture_of_a_page_is_a_png() -> None:
    assert picture("card", default_wording("card"), samples.card()).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("card", "https://canbao.example/card/NH-2017-000123"),
        ("letter", "https://canbao.example/fill/7K3M-9QXT"),
        ("notice", "https://canbao.example/fill/7K3M-9QXT"),
        ("registration_form", "CB1:T-4406-0001-2345"),
        ("proof", "https://canbao.example/proof/#" + "20170520" * 65),
    ],
)
def test_its_code_is_read_from_a_picture(kind: str, says: str) -> None:
    assert codes_of(sample(kind)) == [says]


def test_codes_differ_from_person_to_person_and_short_ones_are_read_too() -> None:
    assert codes_of(printed("registration_form", task="7")) == ["7"]


def test_without_a_code_there_is_none() -> None:
    assert codes_of(printed("card", check="")) == []
    assert codes_of(printed("letter", invited=None)) == []
    assert "登记码" not in pages_of(printed("letter", invited=None))[0]


def test_without_photo_and_seal_there_is_a_place_for_them() -> None:
    text = pages_of(printed("card", photo=None, seal=None))[0]
    assert "照片" in text and "盖章处" in text
    assert "照片" not in pages_of(sample("card"))[0]


@pytest.mark.parametrize(("people", "pages"), [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_a_summary_sheet_has_ten_people_a_page(people: int, pages: int) -> None:
    pdf = printed("summary_sheet", rows=samples.summary_rows(people))
    texts = pages_of(pdf)
    assert len(texts) == pages
    assert [text.count("13800000000") for text in texts] == [min(10, people - 10 * at) for at in range(pages)]
    assert all(f"第{at + 1}页共{pages}页" in text for at, text in enumerate(texts))


def test_a_summary_sheet_has_every_column_of_the_annex() -> None:
    text = pages_of(sample("summary_sheet"))[0]
    people = "序号 姓名 公民身份号码 就业状态 单位全称 无单位类型 户口所在地 常住所在地地址 联系电话"
    insurances = "现参保情况 养老 医疗 失业 工伤 生育 备注"
    assert [column for column in (*people.split(), *insurances.split()) if column not in text] == []


def test_a_long_address_and_a_long_name_are_whole() -> None:
    text = pages_of(sample("summary_sheet"))[0]
    assert samples.LONG_ADDRESS in text and samples.LONG_NAME in text


def test_what_is_missing_is_marked_in_the_catalogue() -> None:
    text = pages_of(sample("archive_catalogue"))[0]
    assert "9T-4406-0001-0008全民参保登记表林三四缺" in text and text.count("缺") == 1 + 2 + 1


def test_totals_and_both_signatures_stand_on_the_last_page() -> None:
    first, last = pages_of(sample("hand_over_sheet"))
    assert "合计5231231203093" + "27" in last and "移交人（签名）" in last and "接收人（签名）" in last
    assert "合计" not in first and "签名" not in first


def test_a_long_form_goes_on_over_the_page() -> None:
    many = samples.sections() * 3
    pdf = printed("registration_form", sections=many)
    assert len(pages_of(pdf)) > 1 and collisions(pdf) == []


def test_a_question_that_fits_no_row_is_refused() -> None:
    wide = samples.Section("一", (samples.Question("姓名", span=13),))
    with pytest.raises(PrintError, match="第 1 条记录：题目“姓名”的宽度 13"):
        printed("registration_form", sections=(wide,))


def test_a_table_with_uneven_rows_is_refused() -> None:
    uneven = samples.Section("一", grid=samples.Grid(("险种", "状态"), ((samples.Answer("养老"),),), (1, 1)))
    with pytest.raises(PrintError, match="险种、状态"):
        printed("registration_form", sections=(uneven,))


@pytest.mark.parametrize("spine", [20, 60])
def test_a_box_may_be_thin_or_thick(spine: int) -> None:
    assert collisions(printed("box_label", spine=spine)) == []


def test_a_box_too_thick_is_refused() -> None:
    with pytest.raises(PrintError, match="盒脊厚度 90 毫米"):
        printed("box_label", spine=90)


def longest(kind: str) -> dict[str, str]:
    """Words as long as they may be, with all they may name."""
    texts = read_wording()[kind].texts
    named = {text.key: "".join(f"{{{name}}}" for name in text.placeholders) for text in texts}
    return {text.key: (named[text.key] + "长" * text.limit)[: text.limit] for text in texts}


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_words_run_into_nothing(kind: str) -> None:
    pdf = preview(kind, longest(kind), samples.SAMPLES[kind]())
    assert collisions(pdf) == []
    assert len(pages_of(pdf)) <= PAGES[kind] + 1


def test_a_code_too_fine_for_a_phone_is_refused() -> None:
    with pytest.raises(PrintError, match="第 1 条记录：二维码的内容有 201 个字"):
        printed("card", check="x" * 201)


def test_figures_too_many_for_a_phone_are_refused() -> None:
    with pytest.raises(PrintError, match="CANBAO_PUBLIC_ADDRESS"):
        printed("proof", figures="1" * 900)


def test_a_proof_without_covers_says_so_and_one_with_many_goes_on() -> None:
    assert "没有上述险种的参保记录" in pages_of(printed("proof", covers=()))[0]
    many = samples.proof().covers * 20
    assert len(pages_of(printed("proof", covers=many))) == 2 and collisions(printed("proof", covers=many)) == []


def test_the_longest_code_is_read_from_a_card() -> None:
    assert codes_of(printed("card", check="x" * 200)) == ["x" * 200]
