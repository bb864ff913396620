"""The address of counts by place."""

from canbao.office.pages import page
from canbao.office.place_counts.views import counts

urlpatterns = [page("place-counts/", counts, "place.count", "place_counts")]
