"""The addresses of the merge desk."""

from canbao.office.merges.views import choose, desk, whole
from canbao.office.pages import page

urlpatterns = [
    page("people/<int:person_id>/merge/", choose, "merge.ask", "merge_choose"),
    page("people/<int:person_id>/merge/<int:other_id>/", desk, "merge.ask", "merge_desk"),
    page("people/<int:person_id>/merge/<int:other_id>/whole/", whole, "person.unmask", "merge_whole"),
]
