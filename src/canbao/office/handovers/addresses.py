"""The addresses of handovers."""

from canbao.office.handovers.views import handovers, take
from canbao.office.pages import page

urlpatterns = [
    page("handovers/", handovers, "handover.see", "handovers"),
    page("handovers/<int:handover_id>/take/", take, "handover.take", "handover_take"),
]
