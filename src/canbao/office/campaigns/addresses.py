"""The addresses of campaigns."""

from canbao.office.campaigns import form_versions, views
from canbao.office.pages import page

urlpatterns = [
    page("campaigns/", views.campaigns, "campaign.see", "campaigns"),
    page("campaigns/new/", views.drawing_up, "campaign.manage", "campaign_new"),
    page("campaigns/<int:campaign_id>/", views.campaign, "campaign.see", "campaign"),
    page("campaigns/<int:campaign_id>/plan/", views.changing, "campaign.manage", "campaign_plan"),
    page("campaigns/<int:campaign_id>/form/", form_versions.form, "campaign.see", "campaign_form"),
    page("campaigns/<int:campaign_id>/move/<slug:move>/", views.moving, "campaign.manage", "campaign_move"),
]
