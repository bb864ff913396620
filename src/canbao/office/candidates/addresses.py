"""The addresses of candidates."""

from canbao.office.candidates.views import candidates, dismiss, find
from canbao.office.pages import page

urlpatterns = [
    page("candidates/", candidates, "candidate.see", "candidates"),
    page("candidates/find/", find, "candidate.find", "candidates_find"),
    page("candidates/<int:candidate_id>/dismiss/", dismiss, "candidate.decide", "candidate_dismiss"),
]
