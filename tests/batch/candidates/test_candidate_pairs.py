"""Each way in which one person comes to have two numbers is proposed for the right reasons; families are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from people_desk import KNOWN, NUMBER, numbered, person, proposed, run

from canbao.batch.candidates import Pair, read_settings
from canbao.batch.candidates.reasons import codes

WRONG = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")
CENTURY = numbered("44060418860312034")
HOME = {"hukou_address": "广东省佛山市禅城区祖庙街道同心巷5号"}

DOUBLES = [
    ("the old number of 15 digits", {"ssn": NUMBER[:6] + NUMBER[8:17]}, {"number_same", "name_same"}),
    ("a wrong check character", {"ssn": WRONG}, {"number_check", "number_invalid", "birth_same"}),
    ("a wrong century", {"ssn": CENTURY, "birth_date": date(1886, 3, 12)}, {"number_century", "birth_century"}),
    ("a transposition", {"ssn": NUMBER[:15] + "43" + NUMBER[17]}, {"number_transposed", "mobile_same"}),
    ("one digit", {"ssn": numbered("44060419860312074")}, {"number_slip", "numbers_valid"}),
    ("one digit of the day", {"ssn": numbered("44060419860313034"), "birth_date": date(1986, 3, 13)}, {"birth_near"}),
    ("another sequence", {"ssn": numbered("44060419860312781")[:18], "mobile": None}, {"number_sequence"}),
    ("another place", {"ssn": numbered("44132219860312786"), "mobile": None}, {"residence_same", "numbers_valid"}),
    ("another phone", {"ssn": numbered("44132219860312786"), "residence_address": None}, {"mobile_same"}),
    ("traditional characters", {"ssn": WRONG, "name": "歐陽靜怡"}, {"name_variant"}),
    ("a homophone", {"ssn": numbered("44132219860312786"), "name": "欧阳静宜"}, {"name_sound"}),
]


@pytest.mark.parametrize(("what", "items", "reasons"), DOUBLES, ids=[what for what, _, _ in DOUBLES])
def test_a_double_is_proposed_with_its_reasons(
    tmp_path: Path, what: str, items: dict[str, Any], reasons: set[str]
) -> None:
    (pair,) = proposed(tmp_path, person(1), person(2, **items))
    assert (pair.left_id, pair.right_id) == (1, 2)
    assert reasons <= set(pair.reasons), pair.reasons


TRAVELLERS = [
    ("HKG0H12345678", "810000198603120021", "欧阳静怡", "permit"),
    ("MAC0M12345678", "820000198603120021", "OUYANG JINGYI", "permit"),
    ("TWN012345678", "830000198603120021", "歐陽靜怡", "permit"),
    ("DEU0C1234567", "944276198603120021", "欧阳静怡", "permanent"),
    ("CHNG12345678", NUMBER[:17], "OUYANG, JINGYI", "overseas"),
]


@pytest.mark.parametrize(("first", "later", "name", "reason"), TRAVELLERS)
def test_numbers_of_two_generations(tmp_path: Path, first: str, later: str, name: str, reason: str) -> None:
    (pair,) = proposed(tmp_path, person(7, first, name=name), person(3, numbered(later[:17])))
    assert (pair.left_id, pair.right_id) == (3, 7)
    assert reason in pair.reasons and "number_slip" not in pair.reasons


@pytest.mark.parametrize("permit", ["820000198603120021", "830000198603120021"])
def test_a_permit_of_another_place_is_no_reason(tmp_path: Path, permit: str) -> None:
    pairs = proposed(tmp_path, person(7, "HKG0H12345678"), person(3, numbered(permit[:17])))
    assert all("permit" not in pair.reasons for pair in pairs)


def test_a_transliterated_foreigner_is_found_by_birth_and_phone(tmp_path: Path) -> None:
    first = person(1, "DEU0C1234567", name="Anna Brandt")
    later = person(2, numbered("94427619860312002"), name="安娜·布兰特")
    (pair,) = proposed(tmp_path, first, later)
    assert {"permanent", "name_other", "mobile_same", "birth_same"} <= set(pair.reasons)


TWO = [
    ("twins", {"ssn": numbered("44060419860312036"), "name": "欧阳静雯"}),
    ("twins whose names sound alike", {"ssn": numbered("44060419860312036"), "name": "欧阳静宜"}),
    ("siblings", {"ssn": numbered("44060419880519036"), "name": "欧阳静雯", "birth_date": date(1988, 5, 19)}),
    ("siblings whose names sound alike", {"ssn": numbered("44060419880519036"), "name": "欧阳静宜",
                                          "birth_date": date(1988, 5, 19)}),
    ("a mother", {"ssn": numbered("44060419600519036"), "name": "区丽", "birth_date": date(1960, 5, 19)}),
    ("a namesake", {"ssn": numbered("44132219900207036"), "birth_date": date(1990, 2, 7), "mobile": "14488887777",
                    "residence_address": "广东省惠州市博罗县罗阳街道文明路77号"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "items"), TWO, ids=[what for what, _ in TWO])
def test_two_people_are_not_proposed(tmp_path: Path, what: str, items: dict[str, Any]) -> None:
    assert proposed(tmp_path, person(1, **HOME), person(2, **HOME, **items)) == []


def test_what_many_share_says_nothing(tmp_path: Path) -> None:
    """A dormitory's address and a foreman's phone bind people of one name no more than strangers."""
    crowd = [
        person(10 + place, numbered(f"4413221970{1 + place % 12:02d}17{place:03d}"), name=f"张{chr(0x5000 + place)}",
               birth_date=date(1970, 1 + place % 12, 17))
        for place in range(40)
    ]  # fmt: skip
    other = person(2, numbered("44132219900207036"), birth_date=date(1990, 2, 7))
    assert proposed(tmp_path, person(1), other, *crowd) == []


def test_a_block_that_is_too_large_is_left_out_and_said(tmp_path: Path) -> None:
    most = read_settings().largest_block
    crowd = [
        person(place, numbered(f"44{place % 90 + 1000:04d}19860312{place:03d}"), mobile=None, residence_address=None)
        for place in range(1, most + 2)
    ]
    counts, pairs = run(tmp_path, *crowd)
    assert [(one.rule, one.blocks, one.people) for one in counts.left_out] == [("name_birth", 1, most + 1)]
    assert (counts.compared, pairs) == (0, [])


def test_a_decided_pair_comes_back_only_when_one_side_has_changed(tmp_path: Path) -> None:
    people = [person(1), person(2, WRONG)]
    counts, decided = run(tmp_path, *people)
    assert (counts.proposed, counts.remembered) == (1, 0)
    counts, pairs = run(tmp_path, *people, decided=decided)
    assert (pairs, counts.proposed, counts.remembered) == ([], 0, 1)
    (pair,) = decided
    turned = Pair(2, 1, 0, 0, (), pair.right_digest, pair.left_digest)
    assert proposed(tmp_path, *people, decided=[turned]) == []
    people[1]["mobile"] = "14400002222"
    (again,) = proposed(tmp_path, *people, decided=decided)
    assert again.left_digest == pair.left_digest and again.right_digest != pair.right_digest


def test_a_digest_follows_the_data_and_not_its_writing(tmp_path: Path) -> None:
    second = person(2, WRONG)
    (one,) = proposed(tmp_path, person(1), second)
    spaced = KNOWN["residence_address"][:6] + "　" + KNOWN["residence_address"][6:]
    (other,) = proposed(tmp_path, person(1, mobile="+86 144-0000-1111", residence_address=spaced), second)
    assert one.left_digest == other.left_digest


def test_every_reason_has_words() -> None:
    assert set(codes()) == set(read_settings().reasons)
    pair = Pair(1, 2, 0.99, 7.0, ("name_same", "number_slip"), "", "")
    assert pair.words == ("姓名相同", "号码相差一位")
