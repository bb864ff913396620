"""The addresses of the archive."""

from canbao.office.archives import room, town, views
from canbao.office.pages import page

urlpatterns = [
    page("archives/", views.finding, "archive.see", "archives_find"),
    page("archives/due/", views.due, "archive.accept", "archives_due"),
    page("campaigns/<int:campaign_id>/archive/", views.archives, "archive.see", "archives"),
    page("campaigns/<int:campaign_id>/archive/open/", town.open_volume, "archive.sort", "volume_open"),
    page("archives/<int:volume_id>/", views.volume, "archive.see", "volume"),
    page("archives/<int:volume_id>/mark/", town.mark, "archive.sort", "volume_mark"),
    page("archives/<int:volume_id>/mark-all/", town.mark_all, "archive.sort", "volume_mark_all"),
    page("archives/<int:volume_id>/box/", town.put_in_box, "archive.sort", "volume_box"),
    page("archives/<int:volume_id>/hand-over/", town.hand_over, "archive.sort", "volume_hand_over"),
    page("archives/<int:volume_id>/accept/", room.accept, "archive.accept", "volume_accept"),
    page("archives/<int:volume_id>/refuse/", room.refuse, "archive.accept", "volume_refuse"),
    page("archives/<int:volume_id>/supplement/", room.supplement, "archive.accept", "volume_supplement"),
    page("archives/<int:volume_id>/shelve/", room.shelve, "archive.accept", "volume_shelve"),
    page("archives/<int:volume_id>/destroy/", room.destroy, "archive.accept", "volume_destroy"),
]
