"""The addresses of the audit pages. A number travels in the body of a form, never in an address."""

from canbao.office.audit.alarms import alarms, canaries, unmark_canary
from canbao.office.audit.evidence import evidence
from canbao.office.audit.views import audit, day, finding_person, officer, officer_csv, person, person_csv
from canbao.office.pages import page

urlpatterns = [
    page("audit/", audit, "audit.read", "audit"),
    page("audit/person/", finding_person, "audit.read", "audit_find_person"),
    page("audit/people/<int:id_>/", person, "audit.read", "audit_person"),
    page("audit/people/<int:id_>/csv/", person_csv, "audit.read", "audit_person_csv"),
    page("audit/people/<int:id_>/evidence/", evidence, "audit.read", "audit_person_evidence"),
    page("audit/officers/<int:id_>/", officer, "audit.read", "audit_officer"),
    page("audit/officers/<int:id_>/csv/", officer_csv, "audit.read", "audit_officer_csv"),
    page("audit/days/", day, "audit.read", "audit_day"),
    page("alarms/", alarms, "alarm.see", "alarms"),
    page("canaries/", canaries, "canary.mark", "canaries"),
    page("canaries/<int:id_>/unmark/", unmark_canary, "canary.mark", "canary_unmark"),
]
