"""A city words its papers: versions, what is wrong told at once, a look before saving, back to the default."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from test_paper_pages import text_of

from canbao.law.wording import default_wording, read_wording
from canbao.paper.documents.fonts import FontError
from canbao.survey.wordings import words_of


def written(based_on: int = 0, **changed: str) -> dict[str, str]:
    return {**default_wording("notice"), "based_on": str(based_on), **changed}


@pytest.mark.parametrize("kind", list(read_wording()))
def test_each_kind_is_looked_at_with_its_words(city_desk, kind):
    assert read_wording()[kind].name in city_desk.read(f"/wordings/{kind}/")
    look = city_desk.post(f"/wordings/{kind}/preview/", default_wording(kind))
    assert look.status_code == 200 and look.content.startswith(b"%PDF"), look.content.decode()


def test_a_look_is_printed_with_the_fonts_of_the_installation(city_desk, campaign, settings_changed, tmp_path):
    """A folder without fonts is refused as soon as something is printed with it."""
    settings_changed(PRINT_FONTS=(tmp_path,))
    week = f"/campaigns/{campaign.pk}/supervision/report/paper/"
    for look in (lambda: city_desk.post("/wordings/notice/preview/", written()), lambda: city_desk.get(week)):
        with pytest.raises(FontError, match="没有能用的字体"):
            look()


def test_words_are_kept_in_versions(city_desk):
    assert "已保存为新的一版" in city_desk.say("/wordings/notice/", **written(title="上门通知"))
    page = city_desk.say("/wordings/notice/", **written(1, title="再来一次"))
    assert "第 2 版（现行）" in page and "第 1 版" in page
    assert 'value="上门通知"' in city_desk.read("/wordings/notice/?version=1")
    assert "已恢复为默认" in city_desk.say("/wordings/notice/default/", based_on="2")
    assert (words_of("4406", "notice").number, words_of("4406", "notice").words) == (3, default_wording("notice"))
    assert words_of("4406", "notice", 1).words["title"] == "上门通知" and words_of("4401", "notice").number == 0


def test_words_that_can_t_be_printed_are_refused_and_stay_on_the_page(city_desk):
    refused = city_desk.post("/wordings/notice/", written(body="打{phoen}", title="新标题"))
    page = refused.content.decode()
    assert refused.status_code == 400 and "{phoen} 不认识" in page and "必须有 {address}" in page and "新标题" in page
    assert "身份号码" in city_desk.say("/wordings/notice/", **written(title="440604198001010013"))
    assert "没有可保存的改动" in city_desk.say("/wordings/notice/", **written())
    assert words_of("4406", "notice").number == 0


def test_of_two_who_edit_the_second_is_told(city_desk):
    city_desk.say("/wordings/notice/", **written(title="先改的"))
    page = city_desk.post("/wordings/notice/", written(0, title="后改的")).content.decode()
    assert "刚被别人改过" in page and "后改的" in page


def test_the_seal_and_the_issuer_are_printed(city_desk, campaign):
    picture = io.BytesIO()
    Image.new("RGBA", (200, 200), (200, 0, 0, 90)).save(picture, "PNG")
    seal = io.BytesIO(picture.getvalue())
    seal.name = "seal.png"
    page = city_desk.post("/wordings/issuer/", {"name": "样例市社保局", "seal": seal}, follow=True).content.decode()
    assert "已存图片" in page
    look = city_desk.post(
        f"/campaigns/{campaign.pk}/papers/preview/", {"kind": "letter", "place": "4406", "which": "blank"}
    )
    assert "样例市社保局" in text_of(look) and b"/Image" in look.content
    wrong = io.BytesIO(b"no picture")
    wrong.name = "seal.png"
    refused = city_desk.post("/wordings/issuer/", {"name": "样例市社保局", "seal": wrong})
    assert refused.status_code == 400 and "不是 JPEG 或 PNG" in refused.content.decode()
