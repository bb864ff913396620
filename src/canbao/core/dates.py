"""Days as sources write them, and the ages that follow from them. No clock: a day is always an argument."""

from __future__ import annotations

import re
from datetime import date, timedelta

from canbao.core.text import normalise_text

FIRST_YEAR, LAST_YEAR = 1800, 2200
LAST_SERIAL = 2958465
"""31 December 9999, where spreadsheets end."""

_TIME = r"([ T]?([01]?[0-9]|2[0-4])[:时][0-5]?[0-9](分|[:分][0-5]?[0-9](\.[0-9]+)?秒?)?( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?)?"
_WRITTEN = re.compile(r"(?P<y>[0-9]{4})(?P<sign>[-/.])(?P<m>[0-9]{1,2})(?P=sign)(?P<d>[0-9]{1,2})" + _TIME)
_CHINESE = re.compile(r"(?P<y>[0-9]{4}) ?年 ?(?P<m>[0-9]{1,2}) ?月 ?(?P<d>[0-9]{1,2}) ?日" + _TIME)
_PACKED = re.compile(
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(\.0+|([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]|[ T]" + _TIME[5:-2] + ")?"
)
_SERIAL = re.compile(r"(?P<serial>[0-9]{5})(\.[0-9]+)?")
