"""Photos and seals: JPEG or PNG, not too large, not too small, whole; printed upright and without what cameras add."""

from __future__ import annotations

import io

import pytest
import sample_papers as samples
from PIL import Image

from canbao.law.wording import default_wording
from canbao.paper.documents import pictures
from canbao.paper.documents.pictures import PictureError, prepared
from canbao.paper.documents.printing import PrintError, preview


def made(size: tuple[int, int], form: str = "PNG", mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, form, **more)
    return out.getvalue()


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(prepared(picture)[0]))


def test_a_large_photo_is_made_as_small_as_paper_needs() -> None:
    assert opened(made((3000, 4000), "JPEG")).size == (450, 600)


def test_a_seal_stays_transparent_and_a_photo_becomes_jpeg() -> None:
    assert prepared(samples.seal())[1] == "png" and opened(samples.seal()).mode == "RGBA"
    assert prepared(samples.photo())[1] == "jpg"


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGB", "RGBA", "LA", "I;16"])
def test_any_colours_of_png(mode: str) -> None:
    assert opened(made((100, 100), mode=mode)).size == (100, 100)


def test_cmyk_from_a_print_shop() -> None:
    assert opened(made((100, 100), "JPEG", "CMYK")).mode == "RGB"


def test_it_stands_upright_and_keeps_nothing_the_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"
    turned = opened(made((200, 100), "JPEG", exif=exif))
    assert turned.size == (100, 200) and not turned.getexif()


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (b"", "不是 JPEG 或 PNG"),
        (b"%PDF-1.7", "不是 JPEG 或 PNG"),
        (made((100, 100), "GIF"), "不是 JPEG 或 PNG"),
        (made((100, 100))[:60], "损坏"),
        (samples.photo()[:-900], "损坏"),
        (made((59, 400)), "59×400"),
        (b"\xff" * 4_000_001, "4.0 MB"),
    ],
)
def test_what_is_refused(picture: bytes, said: str) -> None:
    with pytest.raises(PictureError, match=said):
        prepared(picture)


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = made((401, 400))
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    monkeypatch.setattr(pictures, "LARGEST_PIXELS", 400 * 400)
    with pytest.raises(PictureError, match="401×400 个像素，太大"):
        prepared(bomb)


@pytest.mark.parametrize(("what", "said"), [("photo", "照片"), ("seal", "印章")])
def test_a_record_with_a_bad_picture_is_named(what: str, said: str) -> None:
    with pytest.raises(PrintError, match=f"第 1 条记录的{said}：图片不是 JPEG 或 PNG"):
        preview("card", default_wording("card"), samples.card(**{what: b"GIF89a"}))
