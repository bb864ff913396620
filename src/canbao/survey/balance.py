"""The balance of a campaign: how many tasks are in whose hands, in which state; every task is counted once."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count
from django.db.models.functions import Left

from canbao.registry.deeds import deed
from canbao.registry.models import Officer
from canbao.survey.moving import DONE, OPEN
from canbao.survey.tasks import own_campaign, own_tasks

BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}
"""How many digits a place has that lies one level below an area."""


@dataclass
class Line:
    """The tasks of one place or one surveyor by state; `key` is a place's code or a surveyor's key (0: nobody's)."""

    key: str | int
    states: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All tasks."""
        return sum(self.states.values())

    @property
    def open(self) -> int:
        """Those that still have to be done."""
        return sum(many for state, many in self.states.items() if state in OPEN)

    @property
    def done(self) -> int:
        """Those that are approved."""
        return sum(many for state, many in self.states.items() if state in DONE)

    @property
    def settled(self) -> int:
        """Those that need no visit any more."""
        return self.total - self.open - self.done

    @property
    def percent(self) -> int:
        """How much of what has to be visited is done."""
        return 100 * self.done // (self.done + self.open) if self.done + self.open else 100


@dataclass(frozen=True)
class Balance:
    """The whole, and the same by place below the officer's and by surveyor; each adds up to the whole."""

    whole: Line
    places: list[Line]
    surveyors: list[Line]


def balance(campaign_id: int, *, by: Officer, place: str = "") -> Balance:
    """How a campaign stands in the officer's area, or in a place of it; counts, nobody is named."""
    with deed(by=by, action="task.balance", permission="task.list") as note:
        campaign = own_campaign(campaign_id, by)
        note.objects.append(f"campaign:{campaign.pk}")
        within = place if place.startswith(by.area) else by.area
        found = own_tasks(by).filter(campaign=campaign, place__startswith=within)
        digits = BELOW[max(len(within), 4)]
        counted = found.values_list(Left("place", digits), "surveyor", "state").annotate(many=Count("pk"))
        places: dict[str, Line] = {}
        surveyors: dict[int, Line] = {}
        whole = Line("")
        for code, surveyor, state, many in counted.order_by():
            for line in (
                whole,
                places.setdefault(code, Line(code)),
                surveyors.setdefault(surveyor or 0, Line(surveyor or 0)),
            ):
                line.states[state] = line.states.get(state, 0) + many
        return Balance(whole, [places[code] for code in sorted(places)], [surveyors[key] for key in sorted(surveyors)])
