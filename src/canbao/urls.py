"""Every address and what answers it."""

from django.urls import include, path

urlpatterns = [path("", include("canbao.office.addresses"))]
