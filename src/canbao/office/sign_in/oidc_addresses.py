"""The addresses of signing in through the province's own system: there and back."""

from django.urls import path
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from canbao.office.sign_in.oidc import Return

urlpatterns = [
    path("authenticate/", OIDCAuthenticationRequestView.as_view(), name="oidc_authentication_init"),
    path("callback/", Return.as_view(), name="oidc_authentication_callback"),
]
