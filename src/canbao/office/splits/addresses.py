"""The address of the desk where a number's statements are told apart."""

from canbao.office.pages import page
from canbao.office.splits.views import desk

urlpatterns = [page("people/<int:person_id>/split/", desk, "split.ask", "split_desk")]
