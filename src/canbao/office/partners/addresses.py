"""The addresses of partners."""

from canbao.office.pages import page
from canbao.office.partners.agreements import agreeing, ending
from canbao.office.partners.changing import changing_contact, cutting_off, letting_on
from canbao.office.partners.given import given
from canbao.office.partners.keys import adding, withdrawing
from canbao.office.partners.views import opening, partner, partners

urlpatterns = [
    page("partners/", partners, "partner.see", "partners"),
    page("partners/new/", opening, "partner.manage", "partner_new"),
    page("partners/<int:partner_id>/", partner, "partner.see", "partner"),
    page("partners/<int:partner_id>/contact/", changing_contact, "partner.manage", "partner_contact"),
    page("partners/<int:partner_id>/cut-off/", cutting_off, "partner.cut_off", "partner_cut_off"),
    page("partners/<int:partner_id>/let-on/", letting_on, "partner.cut_off", "partner_let_on"),
    page("partners/<int:partner_id>/keys/add/", adding, "key.manage", "partner_key_add"),
    page("partners/<int:partner_id>/keys/<int:key_id>/withdraw/", withdrawing, "key.manage", "partner_key_withdraw"),
    page("partners/<int:partner_id>/agreements/new/", agreeing, "agreement.ask", "agreement_new"),
    page("partners/<int:partner_id>/agreements/<int:agreement_id>/end/", ending, "agreement.ask", "agreement_end"),
    page("partners/<int:partner_id>/given/", given, "exchange.watch", "partner_given"),
]
