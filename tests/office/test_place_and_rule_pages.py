"""Places and rules, as anybody on duty may read them."""

from __future__ import annotations

import re

import pytest

from canbao.law.reader import read_law
from canbao.office.shell import area_name, area_of


def test_the_tree_goes_from_province_to_village(opened):
    browser = opened("surveyor")
    assert "佛山市" in browser.read("/places/")
    assert "禅城区" in browser.read("/places/440600/")
    assert "下级" in browser.read("/places/440604/")
    assert browser.get("/places/999999/").status_code == 404


@pytest.mark.parametrize("text", ["禅城", "440604"])
def test_a_place_is_found_by_name_and_by_code(opened, text):
    assert "禅城区" in opened("surveyor").get("/places/", {"text": text}).content.decode()


def test_a_piece_with_places_for_forms(opened):
    page = opened("surveyor").get("/places/options/", {"text": "禅城"}).content.decode()
    assert "440604" in page and "<html" not in page


@pytest.mark.parametrize(
    ("code", "area"), [("440000", "44"), ("440600", "4406"), ("440604", "440604"), ("441900", "4419")]
)
def test_the_code_of_a_place_becomes_the_digits_of_an_area(code, area):
    assert area_of(code) == area


@pytest.mark.parametrize(
    ("area", "name"), [("44", "广东省"), ("4406", "佛山市"), ("440604", "佛山市禅城区"), ("9", "9")]
)
def test_areas_have_names(area, name):
    assert area_name(area) == name


def test_each_row_of_each_table_has_one_anchor(opened):
    page = opened("surveyor").read("/rule-book/")
    anchors = re.findall(r' id="([^"]+)"', page)
    rows = [row.id for table in read_law().tables.values() for row in table.first_match]
    assert len(anchors) == len(set(anchors)) and set(rows) <= set(anchors) and "NU2" in rows


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/rule-book/checks/", [one.label for one in read_law().checks.values()]),
        ("/rule-book/codes/", [one.label for one in read_law().codes.values()]),
        ("/rule-book/fields/", [one.label for one in read_law().fields.values()]),
        ("/rule-book/instruments/", [one.title for one in read_law().instruments.values()]),
    ],
)
def test_all_of_the_law_is_in_the_rule_book(opened, address, words):
    from django.utils.html import escape

    page = opened("surveyor").read(address)
    assert [word for word in words if escape(word) not in page] == []
