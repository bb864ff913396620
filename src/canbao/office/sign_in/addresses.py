"""The addresses of signing in; only the first is open to everybody."""

from django.conf import settings
from django.urls import include, path

from canbao.office.pages import EVERYONE, page
from canbao.office.sign_in.account import own_account, own_password
from canbao.office.sign_in.second_factor import second_factor
from canbao.office.sign_in.views import sign_in, sign_out

urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    page("sign-out/", sign_out, EVERYONE, "sign_out"),
    page("account/", own_account, EVERYONE, "own_account"),
    page("account/password/", own_password, EVERYONE, "own_password"),
    page("account/second-factor/", second_factor, EVERYONE, "second_factor"),
]
if settings.OIDC_IS_ON:
    urlpatterns.append(path("oidc/", include("canbao.office.sign_in.oidc_addresses")))
