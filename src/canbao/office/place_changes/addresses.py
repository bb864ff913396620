"""The addresses of changes of places."""

from canbao.office.pages import page
from canbao.office.place_changes import asking, views

urlpatterns = [
    page("place-changes/", views.changes, "place_change.see", "place_changes"),
    page("place-changes/new/", asking.choose, "place_change.ask", "place_change_new"),
    page("place-changes/new/<str:kind>/", asking.fill_in, "place_change.ask", "place_change_form"),
    page("place-changes/yearly/", asking.yearly, "place_change.ask", "place_change_yearly"),
    page("place-changes/draft/", asking.draft, "place_change.ask", "place_change_draft"),
    page("place-changes/ask/", asking.ask, "place_change.ask", "place_change_ask"),
    page("place-changes/<int:request_id>/", views.change, "place_change.see", "place_change"),
    page("place-changes/<int:request_id>/approve/", views.approve, "place_change.approve", "place_change_approve"),
    page("place-changes/<int:request_id>/refuse/", views.refuse, "place_change.approve", "place_change_refuse"),
    page("place-changes/<int:request_id>/take-back/", views.take_back, "place_change.ask", "place_change_take_back"),
    page("place-changes/<int:request_id>/revoke/", views.revoke, "place_change.ask", "place_change_revoke"),
    page("place-changes/<int:request_id>/papers/<int:paper_id>/", views.paper, "request.see", "place_change_paper"),
    page("place-changes/<int:request_id>/unclear/", views.unclear, "person.search", "place_change_unclear"),
]
