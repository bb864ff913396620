"""Addresses of background work."""

from canbao.office.pages import page
from canbao.office.works import views

urlpatterns = [
    page("works/", views.works, "work.see", "works"),
    page("works/<int:work_id>/cancel/", views.cancel, "work.cancel", "work_cancel"),
]
