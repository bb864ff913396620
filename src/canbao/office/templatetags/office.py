"""Pictures, badges, places and form fields, drawn the same on every page."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.forms import BoundField, CheckboxInput, FileInput, Select
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from canbao.core.conditions.chinese import value_label
from canbao.core.survey_form import NEEDED, Form, Reading
from canbao.law.duties import read_duties
from canbao.law.moves import read_workflows
from canbao.law.reader import read_law
from canbao.office import shell
from canbao.registry.places_now import places
from canbao.survey.phones.pictures import KINDS

register = template.Library()
COLOURS = {
    "received": "blue", "checking": "blue", "refused": "red", "checked": "yellow", "admitting": "blue",
    "admitted": "green", "cancelled": "secondary", "open": "yellow", "settled": "green", "taken": "green",
    "returned": "secondary", "different": "secondary", "waiting": "secondary", "running": "blue", "done": "green",
    "failed": "red", "allowed": "green", "active": "green", "closed": "secondary", "asked": "yellow",
    "approved": "green", "taken_back": "secondary", "following": "blue", "in_force": "green", "revoking": "blue",
    "revoked": "secondary", "doubtful": "orange", "withdrawing": "blue", "withdrawn": "secondary",
    "ended": "yellow", "justified": "green", "unjustified": "red", "draft": "secondary", "prepared": "blue",
    "announced": "blue", "auditing": "yellow", "archived": "green", "dropped": "secondary", "pending": "secondary",
    "town": "secondary", "assigned": "blue", "in_field": "blue", "collected": "yellow", "submitted": "yellow",
    "loaded": "green", "closed_by_data": "secondary", "sorting": "blue", "handed_over": "yellow", "accepted": "green",
    "destroyed": "secondary", "held": "orange", "carrying": "blue", "duplicate.ended": "green",
    "duplicate.waiting": "blue",
}  # fmt: skip
"""The colour of a badge by the state it shows, of one kind of thing alone or of all; the word is always there too."""
WORK = {
    "waiting": "等待", "running": "进行中", "done": "完成", "failed": "失败", "cancelled": "已取消",
    "refused": "已退回",
}  # fmt: skip


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A picture from our own copy of Tabler's; decoration only."""
    sprite = static("office/vendor/icons/icons.svg")
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, sprite, name)


@register.simple_tag
def badge(label: str, colour: str = "secondary") -> SafeString:
    """A word with a colour that says how things stand."""
    return format_html('<span class="badge bg-{}-lt">{}</span>', colour, label)


@register.simple_tag
def state(value: str, of: str) -> SafeString:
    """The state of a package, a conflict or work, as the law or the queue calls it."""
    flows = read_workflows()
    labels = flows[of].states if of in flows else WORK
    return badge(labels.get(value, value), COLOURS.get(f"{of}.{value}") or COLOURS.get(value, "secondary"))


@register.filter
def count(number: int) -> str:
    """A count with a comma before each three digits; Django's own way of writing Chinese numbers has none."""
    return f"{number:,}"


@register.filter
def code(value: str | None, field: str) -> str:
    """A code with its label, as the law calls the field's values."""
    return value_label(field, value, read_law()) if value else "—"


@register.filter
def picture_kind(kind: str) -> str:
    """What a picture from a phone is of."""
    return KINDS.get(kind, kind)


@register.filter
def of(counts: dict[str, int] | None, keys: str) -> str:
    """The sum of some counts, named with commas between; nothing for nought."""
    found = sum((counts or {}).get(key, 0) for key in keys.split(","))
    return f"{found:,}" if found else ""


@register.filter
def item(held: Mapping[str, object], key: str) -> object:
    """What a mapping has under a key; nothing where it has none."""
    return (held or {}).get(key, "")


@register.filter
def gaps(reading: Reading) -> list[str]:
    """What has to be filled in still, without its "please"."""
    return [one.says.removeprefix("请填写") for one in reading.found if one.rule == NEEDED]


@register.filter
def question(id_: str, form: Form) -> str:
    """What a question of a form is called."""
    return form.questions[id_].label if id_ in form.questions else id_


@register.filter
def code_point(character: str) -> str:
    """A character that may have no shape on this screen either, with its number in Unicode."""
    return f"{character} U+{ord(character):04X}"


@register.filter
def place(code: str) -> str:
    """The name of a place by its code; the code where it has none."""
    return places().name(code) or code


@register.filter
def area(digits: str) -> str:
    """The name of an area by its leading digits."""
    return shell.area_name(digits)


@register.filter
def duty(id_: str) -> str:
    """What a duty is called."""
    known = read_duties().duties.get(id_)
    return known.label if known else "（未授岗位）"


@register.inclusion_tag("office/parts/field.html")
def field(bound: BoundField, help_text: str = "") -> dict[str, object]:
    """A field of a form with its label, help and errors."""
    said = [f"{bound.id_for_label}_help"] if help_text or bound.help_text else []
    return {"bound": bound, "drawn": _drawn(bound, said), "help": help_text or bound.help_text}


@register.inclusion_tag("office/parts/value_field.html")
def value_field(bound: BoundField) -> dict[str, object]:
    """A field whose label is the head of its row: the label is for those who can't see the row."""
    return {"bound": bound, "drawn": _drawn(bound, [])}


def _drawn(bound: BoundField, said: list[str]) -> SafeString:
    widget = bound.field.widget
    kind = "form-select" if isinstance(widget, Select) else "form-control"
    if isinstance(widget, CheckboxInput):
        kind = "form-check-input"
    wrong = [f"{bound.id_for_label}_errors"] if bound.errors else []
    attributes = {"class": kind + (" is-invalid" if wrong else ""), "aria-describedby": " ".join(said + wrong) or None}
    if isinstance(widget, FileInput):
        attributes["accept"] = widget.attrs.get("accept")
    return bound.as_widget(attrs={key: value for key, value in attributes.items() if value})
