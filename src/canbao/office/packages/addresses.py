"""Addresses of packages."""

from canbao.office.packages import deciding, rehearsing, views
from canbao.office.pages import page

urlpatterns = [
    page("packages/", views.listed, "package.see", "packages"),
    page("packages/upload/", views.upload, "package.upload", "package_upload"),
    page("packages/<int:package_id>/", views.shown, "package.see", "package"),
    page("packages/<int:package_id>/progress/", views.progress, "package.see", "package_progress"),
    page("packages/<int:package_id>/admit/", views.admit, "package.admit", "package_admit"),
    page("packages/<int:package_id>/cancel/", views.cancel, "package.upload", "package_cancel"),
    page("packages/<int:package_id>/errors/", views.errors, "package.upload", "package_errors"),
    page("packages/<int:package_id>/receipt/", views.receipt, "package.see", "package_receipt"),
    page("packages/<int:package_id>/give-back/", deciding.give_back, "package.admit", "package_give_back"),
    page("packages/<int:package_id>/check-again/", deciding.check_again, "package.admit", "package_check_again"),
    page("packages/<int:package_id>/accept/", deciding.accept, "doubtful_package.ask", "package_accept"),
    page(
        "packages/<int:package_id>/accept/decide/",
        deciding.decide_acceptance,
        "doubtful_package.approve",
        "package_accept_decide",
    ),
    page("packages/<int:package_id>/withdrawal/", deciding.withdrawal, "withdrawal.ask", "package_withdrawal"),
    page(
        "packages/<int:package_id>/withdrawal/decide/",
        deciding.decide_withdrawal,
        "withdrawal.approve",
        "package_withdrawal_decide",
    ),
    page(
        "packages/<int:package_id>/withdrawal/go-on/",
        deciding.go_on,
        "withdrawal.approve",
        "package_withdrawal_go_on",
    ),
    page("packages/<int:package_id>/rehearse/", rehearsing.rehearse, "package.rehearse", "package_rehearse"),
    page("packages/<int:package_id>/rehearsal/", rehearsing.shown, "package.rehearse", "package_rehearsal"),
    page(
        "packages/<int:package_id>/rehearsal/people/",
        rehearsing.people,
        "package.rehearse",
        "package_rehearsal_people",
    ),
]
