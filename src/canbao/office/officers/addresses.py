"""The addresses of accounts; what may be done is asked again by the verb behind each."""

from canbao.office.officers.views import (
    activate,
    granting,
    naming,
    officer,
    officers,
    opening,
    resetting_factor,
    resetting_password,
)
from canbao.office.pages import page

urlpatterns = [
    page("officers/", officers, "officer.see", "officers"),
    page("officers/open/", opening, "officer.manage", "officer_open"),
    page("officers/<int:id_>/", officer, "officer.see", "officer"),
    page("officers/<int:id_>/active/", activate, "officer.manage", "officer_active"),
    page("officers/<int:id_>/password/", resetting_password, "officer.manage", "officer_password"),
    page("officers/<int:id_>/grant/", granting, "officer.grant", "officer_grant"),
    page("officers/<int:id_>/name/", naming, "officer.manage", "officer_name"),
    page("officers/<int:id_>/second-factor/", resetting_factor, "officer.grant", "officer_second_factor"),
]
