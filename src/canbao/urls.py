"""Every address and what answers it."""

from django.urls import include, path

urlpatterns = [path("", include("canbao.office.addresses")), path("", include("canbao.api.addresses"))]
handler500 = "canbao.office.failing.failed"
