"""The addresses of duplicates."""

from canbao.office.duplicates.views import decide, duplicate, duplicates, figures
from canbao.office.pages import page

urlpatterns = [
    page("duplicates/", duplicates, "duplicate.list", "duplicates"),
    page("duplicates/figures/", figures, "duplicate.list", "duplicates_figures"),
    page("duplicates/<int:duplicate_id>/", duplicate, "duplicate.see", "duplicate"),
    page("duplicates/<int:duplicate_id>/decide/", decide, "duplicate.decide", "duplicate_decide"),
]
