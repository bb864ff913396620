"""People who move between cities: both see it, the new one takes them over, nobody is lost in between."""

from __future__ import annotations

import pytest
from made_delivery import Said, admitted

from canbao.registry import handovers
from canbao.registry.access import Refused
from canbao.registry.actions.handovers import take
from canbao.registry.models import Handover, Officer
from people_of_office import officer
from setting_desk import first, key, merged

SOMEBODY, OTHER = "440106198503030335", "440106198503030319"
IN_GUANGZHOU, IN_FOSHAN = Said("样例甲", "440106001001"), Said("样例甲", "440604010001")


def guangzhou(**said: Said) -> None:
    admitted("440100", "440106", said, first())


def foshan(**said: Said) -> None:
    admitted("440600", "440604", said, first())


def towards(direction: str, area: str) -> list[tuple[str, str, str]]:
    by = Officer.objects.filter(area=area).first() or officer("city_data_officer", area)
    found = handovers.listed(by=by, direction=direction, state="")
    return [(one.handover.from_city, one.handover.to_city, one.handover.state) for one in found]


def test_a_move_is_on_both_cities_lists_until_it_is_taken(register):
    guangzhou(**{SOMEBODY: IN_GUANGZHOU})
    guangzhou()
    assert towards("lost", "4401") == [("4401", "", "open")]
    foshan(**{SOMEBODY: IN_FOSHAN})
    assert towards("out", "4401") == towards("in", "4406") == [("4401", "4406", "open")]
    assert towards("in", "4403") == []
    (one,) = Handover.objects.all()
    take(handover_id=one.pk, by=Officer.objects.get(area="4406"))
    assert towards("in", "4406") == [("4401", "4406", "taken")]


def test_whoever_comes_back_is_nobody_s_errand(register):
    guangzhou(**{SOMEBODY: IN_GUANGZHOU})
    guangzhou()
    guangzhou(**{SOMEBODY: IN_GUANGZHOU})
    assert towards("out", "4401") == [("4401", "", "returned")]


def test_another_city_cannot_take_what_was_not_handed_to_it(register):
    guangzhou(**{SOMEBODY: IN_GUANGZHOU})
    guangzhou()
    foshan(**{SOMEBODY: IN_FOSHAN})
    (one,) = Handover.objects.all()
    for area in ("4401", "4403"):
        with pytest.raises(Refused, match="转到本市"):
            take(handover_id=one.pk, by=officer("city_data_officer", area))
    with pytest.raises(Refused):
        take(handover_id=10**9, by=officer("city_data_officer", "4406"))


def test_merging_two_numbers_is_no_move(register):
    guangzhou(**{SOMEBODY: IN_GUANGZHOU})
    foshan(**{OTHER: IN_FOSHAN})
    merged(SOMEBODY, OTHER)
    assert not Handover.objects.exists()
    assert key(SOMEBODY) != key(OTHER)
