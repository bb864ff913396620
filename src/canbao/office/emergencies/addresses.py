"""The addresses of emergencies."""

from canbao.office.emergencies.views import emergencies, emergency, end, look, opening, review
from canbao.office.pages import page

urlpatterns = [
    page("emergencies/", emergencies, "emergency.see", "emergencies"),
    page("emergencies/open/", opening, "emergency.use", "emergency_open"),
    page("emergencies/look/", look, "emergency.use", "emergency_look"),
    page("emergencies/<int:emergency_id>/", emergency, "emergency.see", "emergency"),
    page("emergencies/<int:emergency_id>/end/", end, "emergency.see", "emergency_end"),
    page("emergencies/<int:emergency_id>/review/", review, "emergency.review", "emergency_review"),
]
