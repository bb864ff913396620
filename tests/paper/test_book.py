"""The books say everything the law has, say it the same way each time, and notice when they are old."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from canbao.law.models import Unencoded
from canbao.law.reader import Law, read_law
from canbao.paper import markdown
from canbao.paper.book import books, stale_books, write_books

BOOKS = Path(__file__).parents[2] / "docs" / "book"
DICTIONARY = "data-dictionary.zh.md"
RULES = "rule-book.zh.md"


@pytest.fixture(scope="module")
def law() -> Law:
    return read_law()


def test_the_books_in_docs_are_fresh(law: Law) -> None:
    assert stale_books(BOOKS, law) == [], "手册已过时；请运行 ./run book"


def test_the_same_law_gives_the_same_books(law: Law) -> None:
    assert books(law) == books(law)
    assert set(books(law)) == {DICTIONARY, RULES}


def test_a_missing_book_and_a_changed_one_are_stale(law: Law, tmp_path: Path) -> None:
    assert stale_books(tmp_path, law) == [DICTIONARY, RULES]
    write_books(tmp_path / "book", law)
    assert stale_books(tmp_path / "book", law) == []
    (tmp_path / "book" / RULES).write_text("手改过\n", encoding="utf-8")
    assert stale_books(tmp_path / "book", law) == [RULES]


def test_a_changed_law_makes_a_book_stale(law: Law, tmp_path: Path) -> None:
    write_books(tmp_path, law)
    source = next(iter(law.instruments))
    unencoded = Unencoded(source=source, clause="某条", reason="为测试而设")
    assert stale_books(tmp_path, replace(law, unencoded=(*law.unencoded, unencoded))) == [RULES]


def test_the_dictionary_has_every_field_code_and_column(law: Law) -> None:
    text = books(law)[DICTIONARY]
    for field in law.fields.values():
        assert f"| {field.label} | `{field.name}` |" in text
    for codes in law.codes.values():
        assert f"### {codes.label}（`{codes.name}`）" in text
        assert all(f"| {code.code} | {code.label} |" in text for code in codes.codes)
    for source in law.sources.values():
        assert f"### {source.label}（`{source.name}`）" in text
        assert all(f"| `{column.name}` |" in text for column in source.columns)


def test_the_rule_book_has_every_row_with_its_phrase_and_every_order(law: Law) -> None:
    text = books(law)[RULES]
    for table in law.tables.values():
        assert f"### {table.label}（`{table.decides}`）" in text
        assert all(markdown.one_line(row.phrase) in text for row in table.first_match)
        for profile in law.profiles:
            assert " → ".join(row.id for row in table.rows(profile)) in text


def test_the_rule_book_has_every_check_requirement_cover_and_clause_left_out(law: Law) -> None:
    text = books(law)[RULES]
    named = [*law.checks.values(), *law.requirements, *law.duplicate_cover, *law.profiles.values()]
    assert [one.label for one in named if one.label not in text] == []
    assert [one.reason for one in law.unencoded if markdown.one_line(one.reason) not in text] == []


def test_every_worked_case_is_an_example(law: Law) -> None:
    text = books(law)[RULES]
    decided = [case for case in law.cases if set(case.expects) & set(law.tables)]
    assert [case.id for case in decided if f"| {case.id} {case.label} |" not in text] == []


def test_no_english_name_stands_where_a_reader_expects_chinese(law: Law) -> None:
    conditions = [line for line in books(law)[RULES].splitlines() if line.startswith("- 只判定：")]
    assert conditions
    assert not [line for line in conditions if any(letter.isascii() and letter.isalpha() for letter in line)]


def test_a_cell_can_not_break_out_of_its_table() -> None:
    drawn = markdown.table(["甲", "乙"], [["一|二\n三", ""]])
    assert drawn.splitlines()[-1] == "| 一\\|二三 | — |"
    assert markdown.table(["甲"], []) == "（无）"
    assert markdown.one_line("上一行，\n下一行 99 个") == "上一行，下一行 99 个"
