"""The first accounts: three officers of an empty register, and never again."""

from __future__ import annotations

import pytest

from canbao.registry.access import Refused
from canbao.registry.actions.beginning import FIRST, open_first_accounts
from canbao.registry.models import Officer


def test_an_empty_register_gets_its_three_officers_once(register):
    passwords = open_first_accounts()
    made = {one.username: one for one in Officer.objects.all()}
    assert made.keys() == passwords.keys() == FIRST.keys()
    assert all(made[name].check_password(passwords[name]) and made[name].must_change_password for name in FIRST)
    with pytest.raises(Refused, match="已经有用户"):
        open_first_accounts()
