"""The addresses of signing in through the province's own system: there and back."""

from django.urls import path

from canbao.office.sign_in.oidc import Return
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

urlpatterns = [
    path("authenticate/", OIDCAuthenticationRequestView.as_view(), name="oidc_authentication_init"),
    path("callback/", Return.as_view(), name="oidc_authentication_callback"),
]
