"""The addresses of people."""

from canbao.office.pages import page
from canbao.office.people.evidence import evidence
from canbao.office.people.exports import export
from canbao.office.people.household_lists import household_lists
from canbao.office.people.lookers import lookers
from canbao.office.people.proofs import revoke_proof
from canbao.office.people.views import found, person, place_steps, search, whole_person, why

urlpatterns = [
    page("people/", search, "person.search", "people"),
    page("people/found/", found, "person.search", "people_found"),
    page("people/places/", place_steps, "person.search", "people_places"),
    page("people/export/", export, "person.export", "people_export"),
    page("people/<int:person_id>/", person, "person.see", "person"),
    page("people/<int:person_id>/whole/", whole_person, "person.unmask", "person_whole"),
    page("people/<int:person_id>/why/<slug:item>/", why, "person.see", "person_why"),
    page("people/<int:person_id>/evidence/", evidence, "evidence.take", "person_evidence"),
    page("people/<int:person_id>/lookers/", lookers, "person.lookers", "person_lookers"),
    page(
        "people/<int:person_id>/proofs/<slug:number>/revoke/",
        revoke_proof,
        "proof.revoke",
        "proof_revoke",
    ),
    page("household-lists/", household_lists, "household_list.download", "household_lists"),
]
