"""The address of the query of who has to be surveyed."""

from canbao.office.pages import page
from canbao.office.targets import views

urlpatterns = [page("targets/", views.targets, "target.list", "targets")]
