"""The addresses of supervision, below a campaign."""

from canbao.office.pages import page
from canbao.office.supervision import urging, views
from canbao.office.supervision.maps import base_map

HERE = "campaigns/<int:campaign_id>/supervision/"

urlpatterns = [
    page(HERE, views.pace, "survey.supervise", "supervision"),
    page(f"{HERE}quality/", views.quality, "survey.supervise", "supervision_quality"),
    page(f"{HERE}marked/<slug:kind>/", views.marked, "survey.supervise", "supervision_marked"),
    page(f"{HERE}report/", views.report, "survey.supervise", "supervision_report"),
    page(f"{HERE}report/paper/", views.report_paper, "survey.supervise", "supervision_report_paper"),
    page(f"{HERE}count/", views.count_now, "survey.supervise", "supervision_count"),
    page(f"{HERE}map/", base_map, "survey.supervise", "supervision_map"),
    page(f"{HERE}urge/", urging.urging, "survey.urge", "supervision_urge"),
]
