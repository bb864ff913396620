"""The addresses of the guide."""

from canbao.office.guide.views import chapter, contents, on_paper
from canbao.office.pages import page

urlpatterns = [
    page("guide/", contents, "guide.see", "guide"),
    page("guide/on-paper/", on_paper, "guide.see", "guide_on_paper"),
    page("guide/<slug:chapter_id>/", chapter, "guide.see", "guide_chapter"),
]
