"""The addresses of protections."""

from canbao.office.pages import page
from canbao.office.protections.asking import ask, ask_end, ask_readers
from canbao.office.protections.views import decide, paper, protection, protections

urlpatterns = [
    page("people/<int:person_id>/protect/", ask, "protection.ask", "protection_ask"),
    page("protections/", protections, "protection.see", "protections"),
    page("protections/<int:request_id>/", protection, "protection.see", "protection"),
    page("protections/<int:request_id>/papers/<int:paper_id>/", paper, "protection.see", "protection_paper"),
    page("protections/<int:request_id>/decide/<int:later_id>/", decide, "protection.approve", "protection_decide"),
    page("protections/<int:request_id>/readers/", ask_readers, "protection.ask", "protection_readers"),
    page("protections/<int:request_id>/end/", ask_end, "protection.ask", "protection_end"),
]
