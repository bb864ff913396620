"""Photos and seals: what may be printed, and made as small as paper needs, without what a camera wrote into them."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageOps

LARGEST_BYTES = 4_000_000
LARGEST_PIXELS = 25_000_000
SMALLEST_SIDE = 60
WIDEST = 600
"""Pixels of the longer side as printed: 45 mm at 300 dots an inch, with room to spare."""


class PictureError(ValueError):
    """A photo or seal that can't be printed; the message says why, in Chinese."""


@lru_cache(maxsize=32)
def prepared(picture: bytes) -> tuple[bytes, str]:
    """A JPEG or PNG for printing, upright, at most 600 pixels long, and its suffix; raises PictureError."""
    if len(picture) > LARGEST_BYTES:
        raise PictureError(f"图片有 {len(picture) / 1e6:.1f} MB，最多 {LARGEST_BYTES // 1_000_000} MB，请压缩后再用")
    try:
        opened = Image.open(io.BytesIO(picture), formats=("JPEG", "PNG"))
        _measured(opened)
        opened.load()
    except PictureError:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise PictureError("图片不是 JPEG 或 PNG，或者已经损坏，请换一张") from problem
    return _written(opened)


def _measured(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > LARGEST_PIXELS:
        raise PictureError(f"图片有 {width}×{height} 个像素，太大，请缩小后再用")
    if min(width, height) < SMALLEST_SIDE:
        raise PictureError(f"图片只有 {width}×{height} 个像素，印出来看不清，每边至少要 {SMALLEST_SIDE} 个")


def _written(opened: Image.Image) -> tuple[bytes, str]:
    """Seen through (a seal) it is written as PNG, else as JPEG."""
    upright = ImageOps.exif_transpose(opened)
    clear = upright.has_transparency_data
    smaller = upright.convert("RGBA" if clear else "RGB")
    smaller.thumbnail((WIDEST, WIDEST))
    out = io.BytesIO()
    if clear:
        smaller.save(out, "PNG")
        return out.getvalue(), "png"
    smaller.save(out, "JPEG", quality=88)
    return out.getvalue(), "jpg"
