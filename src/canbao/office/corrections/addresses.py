"""The addresses of corrections and objections."""

from canbao.office.corrections.views import correction, objection, place_steps
from canbao.office.pages import page

urlpatterns = [
    page("people/<int:person_id>/correction/", correction, "correction.ask", "correction_desk"),
    page("people/<int:person_id>/objection/", objection, "objection.ask", "objection_desk"),
    page("places/steps/", place_steps, "place.see", "place_steps"),
]
