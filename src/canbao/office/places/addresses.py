"""The addresses of places."""

from canbao.office.pages import page
from canbao.office.places.views import place, place_options, places

urlpatterns = [
    page("places/", places, "place.see", "places"),
    page("places/options/", place_options, "place.see", "place_options"),
    page("places/<str:code>/", place, "place.see", "place"),
]
