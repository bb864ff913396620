"""The guide for surveyors: what is said is cited and called what the law calls it; what can't be trusted is named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from canbao.law.guide import read_guide, texts
from canbao.law.guide_shapes import Block, Items
from canbao.law.reader import LawError, read_law

GUIDE = read_guide()
PAGES = [page for chapter in GUIDE.chapters.values() for page in chapter.pages]
BLOCKS = [block for page in PAGES for block in page.blocks]
TESTS = [test for chapter in GUIDE.chapters.values() for test in chapter.tests]
KINDS = {one.model_fields["kind"].annotation for one in get_args(get_args(Block)[0])}


def made(**other: object) -> dict:
    """A chapter that is right, except for what `other` says of its one page."""
    page = {"id": "first", "title": "头一页", "source": "gd-2017-96", "clause": "附件七"}
    page |= {"blocks": [{"kind": "paragraph", "text": "话"}], **other}
    test = {"ask": "问", "choices": ["甲", "乙"], "right": 2, "why": "因为"}
    return {"id": "made", "title": "样章", "about": "样子", "pages": [page], "tests": [test] * 3}


def items(**other: object) -> dict:
    return made(blocks=[{"kind": "items", "title": "填法", **other}])


def written(folder: Path, content: object) -> Path:
    (folder / "guide.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def test_a_chapter_that_is_right_is_read(tmp_path):
    chapter = read_guide(written(tmp_path, [made()])).chapters["made"]
    assert [*texts(chapter.pages[0])] == ["头一页", "话"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "列表"),
        ({"id": "made"}, "列表"),
        (["一章"], "guide.yaml 的 ？"),
        ([{"title": "无名"}], "？/id.*？/pages"),
        ([{**made(), "id": "On-Paper"}], "On-Paper/id"),
        ([made(source="")], "made/first/source"),
        ([made(clause="")], "made/first/clause"),
        ([made(source="hearsay")], "made/first：依据 hearsay"),
        ([made(blocks=[])], "made/first/blocks"),
        ([made(blocks=[{"kind": "song", "text": "啦"}])], "made/first/blocks/第1项.*song"),
        ([made(blocks=[{"kind": "words", "when": "门口", "say": ["您好"]}])], "made/first/blocks/第1项/words/never"),
        ([made(blocks=[{"kind": "paragraph", "text": "话", "colour": "red"}])], "made/first/blocks/第1项/.*colour"),
        ([items(items=[{"field": "shoe_size", "how": "量"}])], "made/first“填法”：shoe_size"),
        ([items(items=[{"field": "name", "label": "名字", "how": "写"}])], "made/first“填法”：name"),
        ([items(items=[{"how": "写"}])], "made/first“填法”：？"),
        ([items(codes="shoes", items=[{"code": "1", "how": "写"}])], "没有代码表 shoes"),
        ([items(codes="employment_status", items=[{"code": "1", "how": "写"}])], "employment_status 的代码恰好写全"),
        ([items(codes="employment_status", items=[{"code": "7", "how": "写"}])], "made/first“填法”：7"),
        ([{**made(), "tests": made()["tests"][:2]}], "made/tests"),
        ([{**made(), "tests": [{**made()["tests"][0], "right": 3}] * 3}], "made/tests/第1项.*没有第 3 个选项"),
        ([made(), made()], "made 出现了两次"),
        ([{**made(), "pages": made()["pages"] * 2}], "made/first 出现了两次"),
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused_by_name(tmp_path, content, said):
    with pytest.raises(LawError, match=said):
        read_guide(written(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(LawError, match=r"guide\.yaml.*读不出来"):
        read_guide(tmp_path)


def test_our_own_guide_uses_every_kind_of_block():
    assert {type(block).model_fields["kind"].annotation for block in BLOCKS} == KINDS


def test_fields_and_codes_are_called_what_the_law_calls_them():
    law = read_law()
    for block in BLOCKS:
        for item in block.items if isinstance(block, Items) else ():
            if item.field:
                assert item.label == law.fields[item.field].label
            if item.code:
                assert item.label == {one.code: one.label for one in law.codes[block.codes].codes}[item.code]
            assert item.label


def test_everything_is_said_in_chinese():
    """No code of ours and no English; a letter alone (as in a paper's size) may stand."""
    said = [text for chapter in GUIDE.chapters.values() for text in texts(chapter)]
    assert [text for text in said if re.search("[A-Za-z]{2}", text)] == []
    figures = {item.figure for block in BLOCKS if isinstance(block, Items) for item in block.items}
    assert figures >= {"10", "33", "Z1"} and not any(figure.islower() for figure in figures)


def test_the_right_answers_stand_in_no_one_place():
    """Or a self-test would be passed by habit."""
    places = [test.right for test in TESTS]
    assert all(places.count(place) >= len(places) // 4 for place in (1, 2, 3))


@pytest.mark.parametrize(
    "word",
    ["入户调查证", "三次", "人户分离", "致居民的信", "参保登记通知书", "汇总表", "登记表", "公告", "每周", "租客",
     "老人", "孩子", "狗", "暑热", "夜路", "户口本", "微信", "丢了", "12333", "退回", "移交清单", "登记点", "填报码"],
)  # fmt: skip
def test_nothing_a_surveyor_has_to_know_is_missing(word):
    assert any(word in text for page in PAGES for text in texts(page))


def test_a_phone_gets_all_of_it_with_citations_in_words():
    exported = json.loads(json.dumps(GUIDE.exported(read_law())))
    assert [one["id"] for one in exported] == [*GUIDE.chapters]
    pages = [page for one in exported for page in one["pages"]]
    assert [page["citation"] for page in pages] == [read_law().citation(one.source, one.clause) for one in PAGES]
    assert not any("source" in page or "clause" in page for page in pages)
    blocks = [block for page in pages for block in page["blocks"] if block["kind"] == "items"]
    labels = [item["label"] for block in blocks for item in block["items"]]
    assert "灵活就业" in labels and all(labels)
