"""Taking up again what lay aside because nobody had said yet who somebody is.

So it doesn't matter whether what others say of a person comes before or after the person.
"""

from __future__ import annotations

from canbao.registry.database import Cursor

UNKNOWN = "登记库没有这个人，这种来源不新登记；请核对号码，或先由险种业务、户籍名单登记"
NOT_TOLD = "本区划没有这个人的登记资料，不能只报项目；请先报险种业务"


def take_up_again(cursor: Cursor) -> None:
    """Let rows about the touched people wait again that lie aside for such a reason; their partners are told anew."""
    given = [[UNKNOWN, NOT_TOLD]]
    cursor.execute("SELECT EXISTS (SELECT FROM inbox WHERE state = 'aside' AND says = ANY(%s))", given)
    if cursor.fetchone()[0]:
        cursor.execute(_STREAMS, given)
        cursor.execute(_AGAIN, given)


_STREAMS = """
SELECT FROM inbox_sequence WHERE partner_id IN (SELECT partner_id FROM inbox WHERE state = 'aside' AND says = ANY(%s))
ORDER BY partner_id FOR UPDATE
"""
"""Locked as by a push, so that new numbers appear in their order."""
_AGAIN = """
UPDATE inbox SET id = DEFAULT, state = 'kept', says = '', settled_at = NULL WHERE state = 'aside' AND says = ANY(%s)
AND said ->> 'ssn' IN (SELECT number.ssn FROM touched, LATERAL (SELECT ssn FROM person_identifier
    WHERE person_id = touched.person_id OFFSET 0) AS number)
"""
