"""The fixed point: somebody comes in, is found by number, and their form is entered there and then."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from canbao.office.pages import unkept
from canbao.registry.access import Refused, acting
from canbao.survey.actions.walk_in import walk_in
from canbao.survey.models import UNDER_WAY
from canbao.survey.tasks import own_campaigns


@unkept
@require_http_methods(["GET", "POST"])
def walking_in(request: HttpRequest) -> HttpResponse:
    """Find the person; go on to the form."""
    with acting(request.user.area, request.user):
        running = list(own_campaigns(request.user).filter(state__in=UNDER_WAY, is_training=False))
    if request.method == "POST":
        campaign = next((one for one in running if str(one.pk) == request.POST.get("campaign")), None)
        try:
            if campaign is None:
                raise Refused("请选择正在进行的批次")
            task = walk_in(campaign=campaign, number=request.POST.get("number", ""), by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            return redirect("task_enter", task.pk)
    return render(request, "office/tasks/walk_in.html", {"running": running})
