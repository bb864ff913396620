"""One's own account: what it may do, and its password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from canbao.law.duties import read_duties
from canbao.office.sessions import leave, renew
from canbao.office.sign_in.forms import OwnPassword
from canbao.office.sign_in.waiting import marked
from canbao.registry.access import Refused
from canbao.registry.actions.officers import WrongPassword, change_password
from canbao.registry.actions.second_factor import has_second_factor

WRONG, MOST_WRONG = "wrong_passwords", 5
"""Whoever gives a wrong old password so often is signed out: it may be somebody else at an open screen."""


def own_account(request: HttpRequest) -> HttpResponse:
    """Duty, area, what they allow, and the state of password and second factor."""
    duties = read_duties()
    duty = duties.duties.get(request.user.duty)
    allowed = [one for one in duties.permissions.values() if duty and one.id in duty.may]
    shown = {"duty": duty, "allowed": allowed, "has_second_factor": has_second_factor(request.user)}
    return render(request, "office/sign_in/account.html", shown)


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session of the account ends."""
    form, refused = OwnPassword(request.POST or None), None
    if form.is_valid():
        refused = _change(request, form)
        if refused is None:
            messages.success(request, "密码已更改")
            return redirect("home")
    if request.session.get(WRONG, 0) >= MOST_WRONG:
        leave(request)
        return redirect("sign_in")
    return marked(render(request, "office/sign_in/password.html", {"form": form}), refused)


def _change(request: HttpRequest, form: OwnPassword) -> Refused | None:
    """Change the password; gives the refusal, if any."""
    try:
        change_password(officer=request.user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
    except Refused as refusal:
        if isinstance(refusal, WrongPassword):
            request.session[WRONG] = request.session.get(WRONG, 0) + 1
        form.add_error(None, str(refusal))
        return refusal
    update_session_auth_hash(request, request.user)
    renew(request, "password changed")
    return None
