"""The addresses of the rule book."""

from canbao.office.pages import page
from canbao.office.rule_book.views import checks, code_lists, decisions, fields, instruments

urlpatterns = [
    page("rule-book/", decisions, "rule_book.see", "rule_book"),
    page("rule-book/checks/", checks, "rule_book.see", "rule_book_checks"),
    page("rule-book/codes/", code_lists, "rule_book.see", "rule_book_codes"),
    page("rule-book/fields/", fields, "rule_book.see", "rule_book_fields"),
    page("rule-book/instruments/", instruments, "rule_book.see", "rule_book_instruments"),
]
