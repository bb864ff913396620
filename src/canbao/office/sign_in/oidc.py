"""Signing in through the province's own system (OpenID Connect): it says who somebody is, we say what they may do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView

from canbao.office.sessions import ENDED, enter
from canbao.office.sign_in.forms import SignIn
from canbao.office.sign_in.views import door
from canbao.office.sign_in.waiting import marked
from canbao.registry.actions.sessions import note_failure
from canbao.registry.models import Officer
from canbao.registry.throttle import TooManyGuesses, begin_guess


class UsernameBackend(OIDCAuthenticationBackend):
    """Finds the officer by the claim that holds the account's name; accounts are opened here, never there."""

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """Whether the claim that names the account is there."""
        return bool(claims.get(settings.OIDC_USERNAME_CLAIM))

    def filter_users_by_claims(self, claims: dict[str, Any]) -> QuerySet[Officer]:
        """The open account of that name, but for another system's: nobody sits at that."""
        return Officer.objects.filter(
            username=claims.get(settings.OIDC_USERNAME_CLAIM), is_active=True, partner__isnull=True
        )

    def create_user(self, claims: dict[str, Any]) -> None:
        """Nobody gets an account by having one elsewhere."""

    def update_user(self, user: Officer, claims: dict[str, Any]) -> Officer:
        """Names, duties and areas are kept here."""
        return user


class Return(OIDCAuthenticationCallbackView):
    """Coming back from the province's system; names no account, so guesses count by network and all together."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Take what the other system says, unless there was too much of it that was wrong."""
        try:
            self.guess = begin_guess("oidc")
        except TooManyGuesses as refusal:
            return marked(door(request, SignIn(), error=str(refusal)), refusal)
        return super().get(request)

    def login_success(self) -> HttpResponse:
        """The officer is known: begin the session."""
        self.guess.proven()
        back = self.request.session.get("oidc_login_next")
        enter(self.request, self.user, way="oidc")
        return redirect(back or settings.LOGIN_REDIRECT_URL)

    def login_failure(self) -> HttpResponse:
        """Nobody here has that account, or the other system said no."""
        note_failure(account="", action="session.begin", why="oidc")
        self.request.session[ENDED] = "oidc"
        return redirect("sign_in")
