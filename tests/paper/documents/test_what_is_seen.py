"""Pictures of the pages: ticks, photos and seals are where they should be and on nothing that is to be read."""

from __future__ import annotations

from dataclasses import replace

import numpy
import pypdfium2
import sample_papers as samples

from canbao.law.wording import default_wording
from canbao.paper.documents.printing import preview

DOTS_OF_A_MILLIMETRE = 4


def seen(kind: str, record: object) -> numpy.ndarray:
    """The first page as height × width × colour, four dots to the millimetre."""
    page = pypdfium2.PdfDocument(preview(kind, default_wording(kind), record))[0]
    return page.render(scale=DOTS_OF_A_MILLIMETRE * 25.4 / 72).to_numpy().astype(int)


def changed_area(one: numpy.ndarray, other: numpy.ndarray) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in mm of all that differs."""
    rows, columns = numpy.nonzero(numpy.abs(one - other).max(axis=2) > 40)
    edges = columns.min(), rows.min(), columns.max(), rows.max()
    return tuple(float(edge) / DOTS_OF_A_MILLIMETRE for edge in edges)


def asked(ticked: str) -> samples.RegistrationForm:
    question = samples.Question("性别", samples.ticks("男", "女", ticked=ticked), 12)
    return samples.registration_form(sections=(samples.Section("一", (question,)),))


def test_what_is_known_is_ticked_in_its_box_and_nothing_else() -> None:
    empty = seen("registration_form", asked(""))
    left, top, right, bottom = changed_area(empty, seen("registration_form", asked("男")))
    assert 1 < right - left < 3.5 and 1 < bottom - top < 3.5
    assert changed_area(empty, seen("registration_form", asked("女")))[0] > right


def test_the_seal_of_a_card_lies_below_all_items_and_beside_the_code() -> None:
    card = samples.card(seal=None)
    left, top, right, bottom = changed_area(seen("card", card), seen("card", replace(card, seal=samples.seal())))
    assert top > 92 and bottom < 136 and left > 36 and right < 94


def test_the_photo_of_a_card_fills_its_box() -> None:
    card = samples.card(photo=None)
    left, top, right, bottom = changed_area(seen("card", card), seen("card", replace(card, photo=samples.photo())))
    assert abs(right - left - 30) < 1 and abs(bottom - top - 41) < 1 and left > 7
