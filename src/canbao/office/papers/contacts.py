"""Whom residents ring: what towns enter for their villages and themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from canbao.office.areas import AreaField
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.registry.access import Refused, acting, covers
from canbao.survey.actions.contacts import MOST, Reach, drop_contact, set_contact
from canbao.survey.contacts import contacts_within
from canbao.survey.models import Campaign


class Entering(forms.Form):
    """A place's contact."""

    place = AreaField(label="地方", help_text="区划代码：县 6 位、街道（乡镇）9 位或社区（村）12 位，可从“区划”页查到")
    name = forms.CharField(label="联系人", max_length=MOST["name"])
    phone = forms.CharField(label="电话", max_length=MOST["phone"])
    address = forms.CharField(label="登记地点", max_length=MOST["address"], required=False)
    hours = forms.CharField(
        label="办理时间", max_length=MOST["hours"], required=False, help_text="如：周一至周五 9:00—17:00"
    )

    def reach(self) -> Reach:
        """How residents reach them."""
        return Reach(*(self.cleaned_data[name] for name in ("name", "phone", "address", "hours")))


@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The contacts of one's area; a post sets one, or takes one away."""
    campaign = campaign_of(request, campaign_id)
    form = Entering(request.POST if request.method == "POST" else None, initial=_known(request, campaign))
    if request.method == "POST" and _is_done(request, campaign, form):
        return redirect("paper_contacts", campaign.pk)
    with acting(request.user.area, request.user):
        found = [(one, covers(request.user.area, one.place)) for one in contacts_within(campaign, request.user.area)]
    shown = {**frame(request, campaign, "papers"), "contacts": found, "form": form}
    return render(request, "office/papers/contacts.html", shown, status=400 if form.is_bound else 200)


def _is_done(request: HttpRequest, campaign: Campaign, form: Entering) -> bool:
    try:
        if "drop" in request.POST:
            drop_contact(campaign=campaign, place=request.POST["drop"], by=request.user)
            messages.success(request, "已删除")
            return True
        if form.is_valid():
            set_contact(campaign=campaign, place=form.cleaned_data["place"], reach=form.reach(), by=request.user)
            messages.success(request, "已保存；以后打印的通知和公告按新的印")
            return True
    except Refused as refusal:
        if "drop" in request.POST:
            raise
        form.add_error(None, str(refusal))
    return False


def _known(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """What stands at the place that the address names, to be changed."""
    place = request.GET.get("place", request.user.area)
    kept = campaign.contacts.filter(place=place).first() if place.startswith(request.user.area) else None
    return {"place": place, **({name: getattr(kept, name) for name in MOST} if kept else {})}
