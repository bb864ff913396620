"""What is printed for whom: each kind's papers of a place, in their order, with what the register knows."""

from __future__ import annotations

import pytest
from printing_desk import fetched, ordered, pages_of, printed, text_of

from canbao.survey.marks import number
from survey_desk import TOWN, entered, tasks


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("card", {}, "调查甲"),
        ("letter", {"which": "open"}, "样例0"),
        ("letter", {"which": "blank"}, "各位居民朋友"),
        ("notice", {"which": "open"}, "0757-12345678"),
        ("announcement", {}, "全民参保登记"),
        ("summary_sheet", {}, "未参保"),
        ("registration_form", {"which": "assigned"}, "某路0号"),
        ("registration_form", {"which": "blank"}, "常住所在地地址"),
    ],
)
def test_each_kind_is_printed(campaign, kind, more, words):
    made = printed(ordered(campaign, kind, **more))
    assert (made.work.state, made.strange) == ("done", []), made.work.message
    assert words in text_of(fetched(made))
    assert made.pages == len(pages_of(fetched(made)))
