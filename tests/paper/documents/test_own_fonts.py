"""A province's own font shows what packaged ones can't; a folder without fonts is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import sample_papers as samples
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from read_back import pages_of

from canbao.law.wording import default_wording
from canbao.paper.documents.fonts import FontError, fonts, printable
from canbao.paper.documents.printing import preview

RARE = "𪨊"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A font with one character, a black square."""
    pen = TTGlyphPen(None)
    for at, point in enumerate([(100, 0), (100, 800), (900, 800), (900, 0)]):
        pen.lineTo(point) if at else pen.moveTo(point)
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(1000)
    font.setupGlyphOrder([".notdef", "rare"])
    font.setupCharacterMap({ord(RARE): "rare"})
    font.setupGlyf({".notdef": square, "rare": square})
    font.setupHorizontalMetrics({".notdef": (1000, 0), "rare": (1000, 100)})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    names = {"familyName": "Own Song", "styleName": "Regular", "fullName": "Own Song", "psName": "OwnSong"}
    font.setupNameTable(names)
    font.setupOS2()
    font.setupPost()
    folder = tmp_path_factory.mktemp("own")
    font.save(folder / "own.ttf")
    return folder


def test_it_comes_after_song_and_before_the_last_resort(own: Path) -> None:
    assert fonts((own,)).song == ("Noto Serif SC", "Own Song", "Noto Sans CJK SC")
    assert fonts((own,)).fingerprint != fonts().fingerprint


def test_a_character_that_it_alone_has_is_printed(own: Path) -> None:
    assert printable(RARE, fonts().characters)[1] == [RARE]
    pdf = preview("letter", default_wording("letter"), samples.letter(recipient=f"王{RARE}"), own_fonts=[own])
    assert f"王{RARE}：" in pages_of(pdf)[0]


@pytest.mark.parametrize("content", [None, b"", b"not a font"])
def test_a_folder_without_fonts_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "broken.ttf").write_bytes(content)
    with pytest.raises(FontError, match="没有能用的字体"):
        fonts((tmp_path,))
