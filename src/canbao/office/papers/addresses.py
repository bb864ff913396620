"""The addresses of papers and of their words."""

from canbao.office.pages import page
from canbao.office.papers import contacts, views, wordings

PRINT, EDIT = "paper.print", "wording.edit"

urlpatterns = [
    page("campaigns/<int:campaign_id>/papers/", views.papers, PRINT, "papers"),
    page("campaigns/<int:campaign_id>/papers/preview/", views.preview, PRINT, "paper_preview"),
    page("campaigns/<int:campaign_id>/papers/order/", views.order, PRINT, "paper_order"),
    page("campaigns/<int:campaign_id>/papers/contacts/", contacts.contacts, PRINT, "paper_contacts"),
    page("papers/<int:printing_id>/progress/", views.progress, PRINT, "paper_progress"),
    page("papers/<int:printing_id>/stop/", views.stop, PRINT, "paper_stop"),
    page("papers/<int:printing_id>/file/", views.file, PRINT, "paper_file"),
    page("papers/<int:printing_id>/hand-out/", views.hand_out, PRINT, "paper_hand_out"),
    page("wordings/", wordings.wordings, EDIT, "wordings"),
    page("wordings/issuer/", wordings.issuer, EDIT, "wording_issuer"),
    page("wordings/<slug:kind>/", wordings.wording, EDIT, "wording"),
    page("wordings/<slug:kind>/preview/", wordings.preview, EDIT, "wording_preview"),
    page("wordings/<slug:kind>/default/", wordings.default, EDIT, "wording_default"),
]
