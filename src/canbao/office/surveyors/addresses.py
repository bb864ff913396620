"""The addresses of surveyors."""

from canbao.office.pages import page
from canbao.office.surveyors import views

urlpatterns = [
    page("surveyors/", views.surveyors, "surveyor.see", "surveyors"),
    page("surveyors/new/", views.registering, "surveyor.manage", "surveyor_new"),
    page("surveyors/contractors/", views.contractors, "contractor.manage", "contractors"),
    page("surveyors/contractors/<int:contractor_id>/", views.agreement, "contractor.manage", "contractor_agreement"),
    page("surveyors/<int:surveyor_id>/", views.surveyor, "surveyor.see", "surveyor"),
    page("surveyors/<int:surveyor_id>/revoke/", views.revoke, "surveyor.manage", "surveyor_revoke"),
]
