"""A list of invented parties, and people who answer for compliance."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.calls.world import NOW, OPERATOR, holder

from lionrock.people.domain import Actor, Role
from lionrock.screening.actions import import_list
from lionrock.screening.models import Case, ListVersion

HEAD = "key,kind,name,alternatives,countries,addresses,identifiers,births,source,note,address\n"
_ENTITIES, _NATIONALS = "Entity List (EL) - Bureau", "Specially Designated Nationals (SDN) - Treasury"
ROWS = (
    f'1,organisation,Harbour University,Universidade do Porto Claro,PT,"Rua Azul 1, PT",PT-501442600,,{_ENTITIES},,\n',
    f"2,organisation,Zephyr Quantum Instruments Co. Ltd.,ZQI,CN,,91110108MA01ABCD2X,,{_ENTITIES},,\n",
    f'3,person,"VANTONGEREN, Ysolde Marguerite",,NL,,,1961-04-02,{_NATIONALS},,\n',
    f"4,organisation,琥珀海洋科技有限公司,,CN,,,,{_ENTITIES},,\n",
)
FIRST, SECOND = (
    holder(Role.COMPLIANCE, "hk-aiss-demo"),
    Actor("second@example.org", holder(Role.COMPLIANCE, "hk-aiss").grants),
)
DATED = date(2026, 2, 27)


def plain(*rows: str) -> bytes:
    """Return a list in the plain form."""
    return (HEAD + "".join(rows) + f"end,{len(rows)}\n").encode()


def put_list(*rows: str, code: str = "invented", dated: date = DATED, now: datetime = NOW) -> ListVersion:
    """Import a list of these rows, or of all the invented ones."""
    data = plain(*(rows or ROWS))
    return import_list(actor=OPERATOR, list_code=code, data=data, file="list.csv", dated=dated, smaller=True, now=now)


def later(minutes: int) -> datetime:
    """Return an instant some minutes after the beginning."""
    return NOW + timedelta(minutes=minutes)


def case_of(code: str) -> Case:
    """Return the case of somebody."""
    return Case.objects.get(code=code)
