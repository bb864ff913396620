"""Whatever people are called or write: it is text, never code, and what can't be shown is told."""

from __future__ import annotations

import random
from dataclasses import fields, replace

import pytest
import sample_papers as samples
from hypothesis import given, settings, strategies
from read_back import collisions, pages_of

from canbao.law.wording import default_wording
from canbao.paper.documents.fonts import fonts, printable
from canbao.paper.documents.printing import preview

CODE = [
    '#import "@preview/x:1.0.0"',
    "#panic()",
    "$x^2$",
    "*bold*_em_`raw`",
    "@label<label>",
    '"quoted"\\',
    "= heading",
    "//comment/*x*/",
    "{{}}{code}",
    "]#[",
]


def letter(**changed: object) -> bytes:
    return preview("letter", default_wording("letter"), samples.letter(**changed))


def form(*texts: str) -> bytes:
    questions = tuple(samples.Question(f"题目{at}", samples.Answer(text), span=12) for at, text in enumerate(texts))
    record = samples.registration_form(sections=(samples.Section("一", questions),))
    return preview("registration_form", default_wording("registration_form"), record)


def test_code_is_printed_as_it_is_written() -> None:
    shown = pages_of(form(*CODE))[0]
    assert [text for text in CODE if text.replace(" ", "") not in shown] == []


def test_code_in_names_of_places_and_issuers_is_printed_as_it_is_written() -> None:
    shown = pages_of(letter(city="#panic()", recipient="$x$*y*", issuer="@a<b>"))[0]
    assert "致#panic()居民的一封信" in shown and "$x$*y*：" in shown and "@a<b>" in shown


def test_a_value_with_braces_is_not_filled_again() -> None:
    assert "致{phone}居民的一封信" in pages_of(letter(city="{phone}"))[0]


LONG = ["长" * 60, "W" * 60, "1" * 60, "A B " * 15, "长" * 200, "W" * 200, "1" * 200, "A B " * 50]


def test_long_names_run_into_nothing_on_a_sheet() -> None:
    items = ("name", "ssn", "unit", "residence", "remark", "phone")
    rows = tuple(replace(samples.summary_rows(1)[0], **dict.fromkeys(items, text)) for text in LONG)
    sheet = samples.summary_sheet(rows=rows, county=LONG[4], officer=LONG[5])
    assert collisions(preview("summary_sheet", default_wording("summary_sheet"), sheet)) == []


@pytest.mark.parametrize("long", LONG[4:])
def test_long_names_run_into_nothing_on_a_card(long: str) -> None:
    card = samples.card(name=long, unit=long, number=long, issuer=long, phone=long)
    assert collisions(preview("card", default_wording("card"), card)) == []


def test_texts_of_any_mixture_run_into_nothing() -> None:
    """Widths are reckoned before they are measured: the reckoning must never be too small."""
    chosen = random.Random(2017)
    alphabets = ["长（、。·）", "WMmw@%", "0123456789", "ilI1.,", "长W1 （）i", "ABCDEF abc-/"]

    def text() -> str:
        return "".join(chosen.choices(chosen.choice(alphabets), k=chosen.choice([1, 3, 6, 12, 20, 35, 60, 110])))

    items = [field.name for field in fields(samples.SummaryRow)]
    rows = tuple(samples.SummaryRow(**{item: text() for item in items}) for _ in range(50))
    sheet = samples.summary_sheet(rows=rows, county=text(), town=text(), village=text())
    assert collisions(preview("summary_sheet", default_wording("summary_sheet"), sheet)) == []


def test_empty_fields_are_room_to_write() -> None:
    card = samples.card(number="", name="", unit="", phone="", issuer="", photo=None, seal=None, check="")
    assert "姓名：" in pages_of(preview("card", default_wording("card"), card))[0]
    sheet = samples.summary_sheet(rows=(samples.SummaryRow("", ""),), county="", town="", village="", officer="")
    assert "第1页共1页" in pages_of(preview("summary_sheet", default_wording("summary_sheet"), sheet))[0]


RARE = "䶮𬭎鿏𫍽𠮷𡃁𨋢𠝹𫖯𬸚𩽾㙘𬎆𠅤𡋾𤩽𬀩龘㼆"


def test_rare_characters_print_with_a_font_that_has_them() -> None:
    assert printable(RARE, fonts().characters) == (RARE, [])
    assert RARE in pages_of(form(RARE))[0]


@pytest.mark.parametrize(
    ("text", "shown", "missing"),
    [
        ("陈一二", "陈一二", []),
        ("王𪨊", "王〓", ["𪨊"]),
        ("a\tb\nc", "a b\nc", []),
        ("\u202e倒\u200b过\x00来\ufeff", "倒过来", []),
        ("葛\U000e0100", "葛", []),
        ("\ue000\ud800", "〓〓", ["\ue000", "\ud800"]),
        ("", "", []),
    ],
)
def test_what_is_shown_of_a_text(text: str, shown: str, missing: list[str]) -> None:
    assert printable(text, fonts().characters) == (shown, missing)


@settings(max_examples=200)
@given(strategies.text(alphabet=strategies.characters()))
def test_any_text_becomes_text_that_fonts_have(text: str) -> None:
    shown, missing = printable(text, fonts().characters)
    assert printable(shown, fonts().characters) == (shown, [])
    assert shown.count("〓") >= len(missing)


@settings(max_examples=8)
@given(strategies.lists(strategies.text(alphabet=strategies.characters(), max_size=60), min_size=20, max_size=20))
def test_any_text_can_be_printed(texts: list[str]) -> None:
    assert pages_of(form(*texts))
