"""The addresses of phones, of what waits for a decision, and of pictures."""

from canbao.office.pages import page
from canbao.office.phones import disputes, views

urlpatterns = [
    page("phones/", views.phones, "phone.see", "phones"),
    page("phones/<int:device_id>/", views.phone, "phone.see", "phone"),
    page("phones/<int:device_id>/revoke/", views.revoke, "phone.manage", "phone_revoke"),
    page("surveyors/<int:surveyor_id>/permit/", views.permit, "phone.manage", "phone_permit"),
    page("disputes/", disputes.disputes, "dispute.see", "disputes"),
    page("disputes/<int:action_id>/", disputes.dispute, "dispute.see", "dispute"),
    page("disputes/<int:action_id>/again/", disputes.again, "dispute.decide", "dispute_again"),
    page("disputes/<int:action_id>/set-aside/", disputes.set_aside, "dispute.decide", "dispute_set_aside"),
    page("pictures/<int:picture_id>/", disputes.picture, "task.see", "picture"),
]
