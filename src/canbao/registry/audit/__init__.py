from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Entry:
    action: str
    officer_id: int | None = None
    account: str = ""
    person_name: str = ""
    duty: str = ""
    area: str = ""
    origin: str = ""
    purpose: str = ""
    decision: str = "allowed"
    objects: tuple = ()
    details: dict = field(default_factory=dict)


def append(cursor, entry):
    pass
