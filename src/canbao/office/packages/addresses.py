"""Addresses of packages."""

from canbao.office.packages import views
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
]
