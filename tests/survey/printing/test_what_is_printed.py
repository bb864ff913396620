"""What is printed for whom: each kind's papers of a place, in their order, with what the register knows."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from printing_desk import codes_of, fetched, ordered, pages_of, printed, text_of

from canbao.registry.access import working
from canbao.survey.actions import archiving, reviews, splitting, surveyors
from canbao.survey.marks import number, read_mark
from canbao.survey.models import Campaign, SelfCode, Task
from canbao.survey.printing.making import batch_of
from canbao.survey.self_codes import digest
from canbao.survey.summary_order import in_order
from survey_desk import TOWN, clerk, county_officer, entered, surveyor, tasks


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


def test_a_form_leads_back_to_its_task(campaign):
    made = fetched(printed(ordered(campaign, "registration_form", which="assigned")))
    keys = [task.pk for task in tasks(campaign, place__startswith=TOWN)]
    assert sorted(map(read_mark, codes_of(made))) == keys
    text = text_of(made)
    assert all(number(key) in text for key in keys) and "某社区" not in text


def test_forms_come_in_the_order_of_the_summary_and_as_one_page_each(campaign):
    made = printed(ordered(campaign, "registration_form", which="assigned"))
    told = [re.search(r"\d{6}-\d", page.extract_text())[0] for page in pages_of(fetched(made))]
    with working():
        rows = in_order(Task.objects.filter(campaign=campaign, place__startswith=TOWN))
    assert told == [number(row["task"].pk) for row in rows]


def test_a_surveyor_gets_their_own_forms(campaign):
    other = surveyor(place=f"{TOWN}003", name="调查乙")
    mine = tasks(campaign, place=f"{TOWN}003")[:2]
    splitting.assign(campaign=campaign, tasks=[one.pk for one in mine], surveyor=other, by=clerk())
    made = printed(ordered(campaign, "registration_form", which="assigned", surveyor=other.pk))
    assert sorted(map(read_mark, codes_of(fetched(made)))) == [one.pk for one in mine]


def test_a_summary_sheet_says_what_was_entered_or_else_what_is_known(campaign):
    first, *_ = tasks(campaign, place=f"{TOWN}001")
    entered(first, remark="晚上在家", mobile="13900139000", covered_elsewhere="0")
    made = printed(ordered(campaign, "summary_sheet", place=f"{TOWN}001"))
    text = text_of(fetched(made))
    assert made.pages == 1 and "某路新址" in text and "晚上在家" in text and "13900139000" in text and "某路3号" in text


def test_a_card_has_the_photo_and_no_card_is_printed_that_does_not_hold(campaign):
    shown, revoked = surveyor(name="照片甲", photo=picture()), surveyor(name="注销乙")
    batch = ordered(campaign, "card", surveyors=(shown.pk, revoked.pk))
    surveyors.revoke(surveyor=revoked, reason="不再参加调查", by=clerk())
    made = printed(batch)
    assert "照片甲" in text_of(fetched(made)) and "注销乙" not in text_of(fetched(made))
    assert "1 份因" in made.work.message and b"/Image" in fetched(made).read_bytes()


def test_the_archive_s_papers_name_what_is_there_and_what_is_missing(campaign):
    there, absent, *_ = [approved(task) for task in tasks(campaign, place=f"{TOWN}001")[:2]]
    volume = archiving.open_volume(campaign_id=campaign.pk, place=f"{TOWN}001", by=clerk())
    archiving.mark(volume_id=volume.pk, marks={there.pk: "there", absent.pk: "lost"}, by=clerk())
    archiving.put_in_box(volume_id=volume.pk, box="SW-01", by=clerk())
    catalogue = text_of(fetched(printed(ordered(campaign, "archive_catalogue"))))
    assert number(there.pk) in catalogue and number(absent.pk) in catalogue and "遗失" in catalogue
    assert "SW-01" in text_of(fetched(printed(ordered(campaign, "box_label"))))
    assert "移交" in text_of(fetched(printed(ordered(campaign, "hand_over_sheet"))))


def test_a_character_that_no_font_has_is_told_with_the_task(campaign):
    _, second, *_ = tasks(campaign, place=f"{TOWN}001")
    entered(second, remark="住\U00032000村")
    made = printed(ordered(campaign, "summary_sheet", place=f"{TOWN}001"))
    assert made.strange == [[number(second.pk), "\U00032000"]]


def test_the_same_batch_is_the_same_file(campaign):
    one, other = (printed(ordered(campaign, "registration_form", which="assigned")) for _ in range(2))
    assert one.sha256 == other.sha256 and one.sha256


def approved(task: Task) -> Task:
    task = entered(task)
    reviews.approve(task_id=task.pk, version=task.version, by=county_officer())
    return task


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 280), (90, 140, 200)).save(out, "JPEG")
    return out.getvalue()


def test_a_letter_s_code_opens_its_own_form_and_stays_the_same_when_the_batch_is_read_again(campaign):
    Campaign.objects.filter(pk=campaign.pk).update(self_filling=True)
    made = printed(ordered(campaign, "notice", which="open"))
    printed_codes = re.findall(r"[3-9A-Y]{4}-[3-9A-Y]{4}-[3-9A-Y]{4}", text_of(fetched(made)))
    assert len(set(printed_codes)) == 8
    with working():
        kept = {one.digest: one.task_id for one in SelfCode.objects.all()}
    assert {kept[digest(code)] for code in printed_codes} == {one.pk for one in tasks(campaign, place__startswith=TOWN)}
    again = [one.invited.code for one in batch_of(made)]
    assert sorted(again) == sorted(set(printed_codes))


def test_nobody_gets_a_code_where_the_city_does_not_let_them(campaign):
    made = printed(ordered(campaign, "notice", which="open"))
    assert all(one.invited is None for one in batch_of(made))
