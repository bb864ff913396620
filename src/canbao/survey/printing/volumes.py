"""The archive's papers: a village's catalogue, the label of its box, and the sheet by which a town hands over."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from canbao.law.survey import read_survey
from canbao.paper.documents.archive_catalogue import ArchiveCatalogue, CatalogueEntry
from canbao.paper.documents.box_label import BoxLabel
from canbao.paper.documents.hand_over_sheet import HandOverLine, HandOverSheet
from canbao.paper.documents.summary_sheet import ROWS_OF_A_PAGE
from canbao.survey.archiving import why_absent
from canbao.survey.marks import number
from canbao.survey.models import Volume
from canbao.survey.printing.batches import Key, Made, Setting, Wish
from canbao.survey.printing.places import heading, name_of
from canbao.survey.summary_order import in_order
from canbao.survey.tasks import own_tasks

TOWN = 9


def chosen(setting: Setting, wish: Wish) -> list[Key]:
    """Each volume of the place with the tasks that are named in it."""
    return [[one.pk, _tasks(one)] for one in _own(setting, wish.place)]


def labelled(setting: Setting, wish: Wish) -> list[Key]:
    """Each volume of the place; nobody is named on its box."""
    return [[one.pk, []] for one in _own(setting, wish.place)]


def by_town(setting: Setting, wish: Wish) -> list[Key]:
    """Each town of the place with its volumes; nobody is named on the sheet."""
    towns = groupby(_own(setting, wish.place), key=lambda one: one.place[:TOWN])
    return [[town, [one.pk for one in volumes]] for town, volumes in towns]


def catalogues(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """A village's catalogue: summary sheets first, then its forms in their order, with those that are missing."""
    known = Volume.objects.in_bulk([volume for volume, _ in keys])
    return [_catalogue(setting, known[volume], tasks) for volume, tasks in keys]


def labels(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """The label of each volume's box."""
    known = Volume.objects.in_bulk([volume for volume, _ in keys])
    return [Made(_label(setting, known[volume]), ((name_of(known[volume].place), ""),)) for volume, _ in keys]


def hand_overs(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """The sheet of each town, a line for each village."""
    return [Made(_hand_over(setting, town, volumes), ((name_of(town), ""),)) for town, volumes in keys]


def _own(setting: Setting, place: str) -> list[Volume]:
    found = Volume.objects.filter(campaign=setting.campaign, place__startswith=place)
    return list(found.filter(place__startswith=setting.by.area).order_by("place"))


def _tasks(volume: Volume) -> list[int]:
    return [*map(int, volume.order), *(int(task) for task in volume.absent)]


def _sheets(volume: Volume) -> int:
    """Pages of summary sheets: as they were counted by hand, or, till then, as many as are needed."""
    return volume.sheets or -(-len(_tasks(volume)) // ROWS_OF_A_PAGE)


def _catalogue(setting: Setting, volume: Volume, tasks: Sequence[int]) -> Made:
    rows = in_order(own_tasks(setting.by).filter(pk__in=tasks))
    entries = [CatalogueEntry("", "个人基础信息汇总表", sheets=_sheets(volume), box=volume.box)]
    for row in rows:
        why = why_absent(volume.absent.get(str(row["task"].pk), ""))
        entries.append(
            CatalogueEntry(
                number(row["task"].pk), "全民参保登记表", row["name"] or "", box="" if why else volume.box,
                missing=bool(why), remark=why,
            )
        )  # fmt: skip
    made = ArchiveCatalogue(*heading(volume.place), tuple(entries), setting.issuer, "", setting.day)
    return Made(made, tuple((number(row["task"].pk), row["name"] or "") for row in rows) or (("", ""),))


def _label(setting: Setting, volume: Volume) -> BoxLabel:
    county, town, village = heading(volume.place)
    order = [number(int(task)) for task in volume.order]
    return BoxLabel(
        holder=setting.issuer, county=county, town=town, village=village, year=str(setting.campaign.starts_on.year),
        box=volume.box, first=order[0] if order else "", last=order[-1] if order else "", papers=len(order),
        kept_for=f"{read_survey().rules.keep_years}年", shelf=volume.shelf,
    )  # fmt: skip


def _hand_over(setting: Setting, town: str, volumes: Sequence[int]) -> HandOverSheet:
    found = Volume.objects.filter(pk__in=volumes, campaign=setting.campaign).order_by("place")
    lines = tuple(
        HandOverLine(name_of(one.place), 1 if one.box else 0, _sheets(one), len(one.order), len(_tasks(one)))
        for one in found
    )
    told = f"YJ-{setting.day:%Y%m%d}-{setting.campaign.pk}-{town}"
    return HandOverSheet(told, name_of(town), name_of(town[:6]), lines)
