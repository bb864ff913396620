"""Which addresses of the office look at a credential, found from the routes themselves and the code behind them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType

from django.urls import URLPattern, URLResolver, get_resolver, path

from canbao.office.sign_in.oidc_addresses import urlpatterns as oidc

COMPARING = {
    "authenticate", "check_password", "verify_token", "match_token", "acheck_password", "aauthenticate", "match_code",
}  # fmt: skip
"""What compares a credential with what is known: whoever names one of them, in code that a route leads to."""


def credential_routes() -> dict[str, URLPattern]:
    """The routes from which a comparison can be reached, by name; those of single sign-on among them."""
    routes = [*_routes(get_resolver().url_patterns), *_routes(oidc)]
    return {route.name: route for route in routes if reaches(route.callback)}


def reaches(view: Callable) -> bool:
    """Whether the code of a view, or any of ours or a view class's that it names, names a comparison."""
    waiting, seen = [*_functions(inspect.unwrap(view))], set()
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        names = set(_names(function.__code__))
        if names & COMPARING:
            return True
        waiting += [found for name in names for found in _functions(function.__globals__.get(name))]
    return False


def _routes(patterns: list) -> Iterator[URLPattern]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns)
        else:
            yield one


def _functions(named: object) -> Iterator[FunctionType]:
    """What runs when a thing is called: a function of ours, or every method of a view class."""
    view_class = getattr(named, "view_class", None)
    if view_class is not None:
        for one in view_class.__mro__:
            yield from (method for method in vars(one).values() if isinstance(method, FunctionType))
    elif callable(named) and (inspect.unwrap(named).__module__ or "").startswith(("canbao.", __name__)):
        unwrapped = inspect.unwrap(named)
        if isinstance(unwrapped, FunctionType):
            yield unwrapped
        elif isinstance(unwrapped, type):
            yield from (method for method in vars(unwrapped).values() if isinstance(method, FunctionType))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def planted() -> URLPattern:
    """A route that somebody might add without a thought: it compares, two calls away."""
    return path("planted/", lambda request: _one_call_away(request), name="planted")


def _one_call_away(request: object) -> object:
    return request.user.check_password(request.POST["pin"])  # type: ignore[attr-defined]
