"""The address of a panel: its token is what opens it."""

from django.urls import path

from canbao.office.panels.views import panel

urlpatterns = [path("panel/<slug:token>", panel, name="panel")]
