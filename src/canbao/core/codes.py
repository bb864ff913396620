"""Codes as sources write them: `1`, `1.`, `1.参保缴费`, `参保缴费`, full-width digits or an alias."""

from __future__ import annotations

import re

from canbao.core.text import normalise_text
from canbao.law.reader import Law

_CODE_AND_LABEL = re.compile(r"^([0-9A-Za-z_]+)\s*[.、:：\-\s]\s*(.*)$")


class CodeReader:
    """Reads codes of the law's lists; what is in no list is None, never a silent default."""

    def __init__(self, law: Law) -> None:
        self._forms = {
            name: {
                _form(form): code.code
                for code in list_.codes
                if code.enabled
                for form in (*code.aliases, code.label, code.code)
            }
            for name, list_ in law.codes.items()
        }

    def read(self, list_name: str, written: str) -> str | None:
        """The code, or None if the list has nothing like it."""
        forms = self._forms[list_name]
        form = _form(written)
        if form in forms:
            return forms[form]
        parts = _CODE_AND_LABEL.match(form)
        if parts is None:
            return None
        code, label = forms.get(parts[1]), parts[2]
        return code if code is not None and (not label or forms.get(label) == code) else None


def _form(written: str) -> str:
    return normalise_text(written).lower().replace(" ", "")
