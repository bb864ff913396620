"""The addresses of requests."""

from canbao.office.pages import page
from canbao.office.requests.answers import answer
from canbao.office.requests.deciding import approve, refuse, take_back, undo
from canbao.office.requests.papers import paper
from canbao.office.requests.views import request_page, requests

urlpatterns = [
    page("requests/", requests, "request.see", "requests"),
    page("requests/<int:request_id>/", request_page, "request.see", "request"),
    page("requests/<int:request_id>/papers/<int:paper_id>/", paper, "person.see", "request_paper"),
    page("requests/<int:request_id>/approve/", approve, "request.see", "request_approve"),
    page("requests/<int:request_id>/refuse/", refuse, "request.see", "request_refuse"),
    page("requests/<int:request_id>/take-back/", take_back, "request.see", "request_take_back"),
    page("requests/<int:request_id>/undo/", undo, "request.see", "request_undo"),
    page("requests/<int:request_id>/answer/", answer, "person.see", "request_answer"),
]
