"""The addresses of conflicts."""

from canbao.office.conflicts.views import conflict, conflicts, settle
from canbao.office.pages import page

urlpatterns = [
    page("conflicts/", conflicts, "conflict.list", "conflicts"),
    page("conflicts/<int:conflict_id>/", conflict, "conflict.see", "conflict"),
    page("conflicts/<int:conflict_id>/settle/", settle, "conflict.decide", "conflict_settle"),
]
