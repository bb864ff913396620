"""The guide: all that the data has is on its pages and on paper, it is found by words, and tests oneself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from office_browsers import make_officer
from office_journeys import is_too_wide, sign_in
from office_site import WIDTHS, browsing_at, serving
from playwright.sync_api import Page

from canbao.law.guide import read_guide, texts
from canbao.law.reader import read_law
from canbao.office.guide.finding import AROUND, find

CHAPTERS = read_guide().chapters
DOOR = CHAPTERS["door"]
RIGHT = {f"q{number}": str(test.right) for number, test in enumerate(DOOR.tests, 1)}


def main_of(page: str) -> str:
    """What stands on a page itself, without its frame."""
    return page[page.index("<main") : page.index("</main>")]


def said(page: str) -> str:
    """The words of a page's main part."""
    return re.sub(r"<[^>]+>", " ", main_of(page))


def answered(opened, **answers: str) -> str:
    return said(opened("surveyor").get("/guide/door/", answers).content.decode())


@pytest.mark.parametrize("chapter", CHAPTERS.values(), ids=list(CHAPTERS))
def test_a_chapter_shows_all_that_the_data_has(opened, chapter):
    page = opened("surveyor").read(f"/guide/{chapter.id}/")
    missing = [text for one in chapter.pages for text in texts(one) if escape(text) not in page]
    missing += [text for test in chapter.tests for text in (test.ask, *test.choices) if escape(text) not in page]
    missing += [one.id for one in chapter.pages if f'id="{one.id}"' not in page]
    assert missing == []
    assert all(escape(read_law().citation(one.source, one.clause)) in page for one in chapter.pages)
    anchors = re.findall(r' id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))


def test_on_paper_is_all_of_it_with_the_answers_at_the_end(opened):
    page = main_of(opened("surveyor").read("/guide/on-paper/"))
    assert [text for chapter in CHAPTERS.values() for text in texts(chapter) if escape(text) not in page] == []
    body, answers = page.split('id="answers"')
    for test in (test for chapter in CHAPTERS.values() for test in chapter.tests):
        assert escape(test.why) in answers and escape(test.why) not in body


@pytest.mark.parametrize(
    "address", ["/guide/", "/guide/?text=狗", "/guide/on-paper/", *(f"/guide/{id_}/?judge=1" for id_ in CHAPTERS)]
)
def test_no_page_says_anything_in_another_language(opened, address):
    assert re.findall("[A-Za-z]{2,}", said(opened("town_clerk").read(address))) == []


def test_contents_lead_to_every_page(opened):
    browser = opened("surveyor")
    links = re.findall(r'href="(/guide/[^"]+)"', main_of(browser.read("/guide/")))
    wanted = {f"/guide/{chapter.id}/#{page.id}" for chapter in CHAPTERS.values() for page in chapter.pages}
    assert wanted <= set(links)
    assert {browser.get(link.partition("#")[0]).status_code for link in set(links)} == {200}


@pytest.mark.parametrize("address", ["/guide/nowhere/", "/guide/On-Paper/", "/guide/door/x/"])
def test_a_chapter_that_is_not_there_is_not_found(opened, address):
    assert opened("surveyor").get(address).status_code == 404


def test_nothing_is_sent_to_the_guide(opened):
    browser = opened("surveyor")
    assert {browser.post(address).status_code for address in ("/guide/", "/guide/door/", "/guide/on-paper/")} == {405}


@pytest.mark.parametrize("text", ["人户分离", "租客 通知书", "  户口本   微信  "])
def test_pages_are_found_that_have_all_the_words(opened, text):
    page = opened("surveyor").get("/guide/", {"text": text}).content.decode()
    results = page[page.index("guide-found") : page.index("guide-chapters")]
    found = set(re.findall(r'href="/guide/([^"]+)"', results))
    wanted = {
        f"{chapter.id}/#{page.id}"
        for chapter in CHAPTERS.values()
        for page in chapter.pages
        if all(any(word in one for one in texts(page)) for word in text.split())
    }
    assert found == wanted and wanted and f"<mark>{text.split()[0]}</mark>" in results


@given(st.data())
def test_whatever_a_page_says_finds_it(data):
    chapter = data.draw(st.sampled_from([*CHAPTERS.values()]))
    page = data.draw(st.sampled_from(chapter.pages))
    text = data.draw(st.sampled_from([*texts(page)]))
    begin = data.draw(st.integers(0, len(text) - 1))
    word = text[begin : begin + data.draw(st.integers(1, 20))]
    found = next(one for one in find([word]) if one.page is page)
    assert found.chapter is chapter and found.word == word
    excerpt = (found.before + found.word + found.after).strip("…")
    assert any(excerpt in one for one in texts(page)) and len(excerpt) <= 2 * AROUND + len(word)


@pytest.mark.parametrize("text", ["没有这样的话", "<script>", "'; DROP", "词" * 5000, "door", "emp_pension", "\x00"])
def test_what_is_nowhere_is_not_found_and_says_what_to_do(opened, text):
    answer = opened("surveyor").get("/guide/", {"text": text})
    page = answer.content.decode()
    assert answer.status_code == 200 and "没有找到" in page and "问街道" in page
    assert "<script>" not in main_of(page) and "词" * 41 not in page


def test_without_words_there_are_only_the_contents(opened):
    page = opened("surveyor").get("/guide/", {"text": "   "}).content.decode()
    assert "没有找到" not in page and "guide-found" not in page


def test_before_it_is_judged_a_self_test_says_nothing(opened):
    page = answered(opened, q1="1")
    assert not any(test.why in page for test in DOOR.tests) and "应选" not in page


def test_a_self_test_without_a_fault(opened):
    page = answered(opened, judge="1", **RIGHT)
    assert f"{len(DOOR.tests)} 题答对 {len(DOOR.tests)} 题" in page and "应选" not in page and "这一章可以了" in page
    assert all(test.why in page for test in DOOR.tests)


@pytest.mark.parametrize("given", ["", "0", "4", "-1", "1.0", "x", "１", "²", "9" * 5000])
def test_what_is_no_choice_counts_as_none(opened, given):
    page = answered(opened, judge="1", q1=given)
    assert "没有选" in page and f"{len(DOOR.tests)} 题答对 0 题" in page


def test_a_wrong_choice_is_told_the_right_one_and_why(opened):
    wrong = str(DOOR.tests[0].right % len(DOOR.tests[0].choices) + 1)
    page = answered(opened, judge="1", **{**RIGHT, "q1": wrong})
    right = DOOR.tests[0].choices[DOOR.tests[0].right - 1]
    assert "不对" in page and f"应选：{right}" in page and f"答对 {len(DOOR.tests) - 1} 题" in page


def test_the_guide_is_in_the_navigation_of_those_who_may(opened):
    assert 'href="/guide/"' in opened("surveyor").read("/")
    assert 'href="/guide/"' not in opened("partner_system").read("/")


@pytest.fixture
def page(register) -> Iterator[Page]:
    """A surveyor's browser."""
    make_officer("surveyor")
    with serving() as site, browsing_at(site) as page:
        sign_in(page, "surveyor")
        yield page


def test_a_surveyor_learns_at_a_desk_and_on_a_phone(page):
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for address in ("/guide/", "/guide/?text=签名", "/guide/steps/", "/guide/situations/", "/guide/form/"):
            page.goto(address)
            assert not is_too_wide(page), (address, width)
    page.goto("/guide/door/")
    for name, value in RIGHT.items():
        page.locator(f'input[name="{name}"][value="{value}"]').check()
    with page.expect_navigation():
        page.get_by_role("button", name="看结果").click()
    assert page.url.endswith("#self-test") and page.get_by_text("这一章可以了").is_visible()
    page.get_by_role("link", name="下一章").click()
    assert page.get_by_role("heading", level=1).inner_text() == CHAPTERS["situations"].title
