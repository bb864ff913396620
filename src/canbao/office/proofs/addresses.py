"""The addresses of verifying proofs: open to everybody, and without anybody's data."""

from django.urls import path

from canbao.office.proofs import views

urlpatterns = [
    path("proof/", views.check, name="proof_check"),
    path("proof/keys.json", views.keys, name="proof_keys"),
    path("proof/revoked.json", views.revoked, name="proof_revoked_list"),
    path("proof/revoked/<slug:number>", views.state, name="proof_state"),
]
