"""Addresses of people; numbers and names never stand in one."""

from canbao.office.pages import page
from canbao.office.people import lists, views

urlpatterns = [
    page("people/", views.search, "person.search", "people"),
    page("people/purpose/", views.name_purpose, "person.see", "people_purpose"),
    page("people/export/", lists.export, "person.export", "people_export"),
    page("people/<int:person_id>/", views.person, "person.see", "person"),
    page("people/<int:person_id>/whole/", views.whole, "person.unmask", "person_whole"),
    page("people/<int:person_id>/why/<slug:item>/", views.why, "person.see", "person_why"),
    page("household-lists/", lists.household_lists, "household_list.download", "household_lists"),
    page("household-lists/<str:city>/", lists.household_list_of, "household_list.download", "household_list"),
]
