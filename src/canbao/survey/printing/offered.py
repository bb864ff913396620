"""The kinds of papers that are offered, each with how it is made."""

from __future__ import annotations

from canbao.survey.printing import announcements, cards, forms, letters, summary_sheets, tasks, volumes
from canbao.survey.printing.batches import Maker

LETTER_CHOICES = ((tasks.STILL_OPEN, "每个没有办完的任务一份，写明姓名"), (tasks.BLANK, "不写姓名的一份，可以复印"))
NOTICE_CHOICES = ((tasks.FAILED, "每个走访未果的任务一份"), *LETTER_CHOICES)
FORM_CHOICES = (*tasks.OF_TASKS[:2], (tasks.BLANK, "空白表一份，固定点登记用"))
MAKERS = {
    "card": Maker(cards.chosen, cards.seen, cards.made, cards.nobody),
    "letter": Maker(tasks.chosen, tasks.seen, letters.letters, tasks.people, LETTER_CHOICES),
    "notice": Maker(tasks.chosen, tasks.seen, letters.notices, tasks.people, NOTICE_CHOICES),
    "announcement": Maker(announcements.chosen, announcements.seen, announcements.made, cards.nobody),
    "summary_sheet": Maker(summary_sheets.chosen, summary_sheets.seen, summary_sheets.made, tasks.people_of_each),
    "registration_form": Maker(tasks.chosen, tasks.seen, forms.forms, tasks.people, FORM_CHOICES),
    "archive_catalogue": Maker(volumes.chosen, tasks.still_named, volumes.catalogues, tasks.people_of_each),
    "box_label": Maker(volumes.labelled, tasks.still_named, volumes.labels, tasks.people_of_each),
    "hand_over_sheet": Maker(volumes.by_town, announcements.seen, volumes.hand_overs, cards.nobody),
}
"""By kind (`canbao.paper.documents.kinds`), in the order in which a campaign comes to need them."""
