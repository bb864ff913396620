"""Addresses of conflicts."""

from canbao.office.conflicts import views
from canbao.office.pages import page

urlpatterns = [
    page("conflicts/", views.listed, "conflict.see", "conflicts"),
    page("conflicts/<int:conflict_id>/", views.desk, "conflict.decide", "conflict"),
    page("conflicts/<int:conflict_id>/decide/", views.decide, "conflict.decide", "conflict_decide"),
]
