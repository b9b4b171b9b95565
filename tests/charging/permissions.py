"""Who may decide charges, suppose others, see a close under way; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.allocations.permissions import lease
from tests.config.rows import OWN, SEE_ALL, VIEWERS, CommandRow
from tests.people.rows import ActionRow

from lionrock.charging.models import ClosingTask
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month, local_midnight
from lionrock.people.programmes import programme_on_file

HARBOUR = "harbour-university"
DECIDED = {
    "programme": OWN,
    "amount": Money(1_00, "HKD"),
    "month": Month(2026, 5),
    "reason": "a test",
    "cause": "note 1",
}
WORDS = f"--programme {OWN} --amount 1.00 --month 2026-05 --reason test --cause note-1"
PAUSE = "--from 2026-05-02T00:00+08:00 --to 2026-05-03T00:00+08:00 --reason power --cause note-2"


def pause(award: str) -> dict[str, object]:
    """Return a pause of a day of a lease."""
    starts, ends = (local_midnight(date(2026, 5, day), programme_on_file(OWN).zone) for day in (2, 3))
    return {"award": award, "starts": starts, "ends": ends, "reason": "no power", "cause": "note 2"}


def begun_close() -> ClosingTask:
    """Return a close that is under way."""
    given = {"month": date(2026, 5, 1), "begun_at": datetime(2026, 6, 1, tzinfo=UTC), "last_record": 0}
    return ClosingTask.objects.update_or_create(programme=OWN, defaults={**given, "stopped_by": ""})[0]


ACTIONS = {
    "charging.adjust": ActionRow("finance", lambda _: {**DECIDED, "account": HARBOUR}),
    "charging.share_fee": ActionRow("finance", lambda _: {**DECIDED, "weights": {HARBOUR: 1}}),
    "charging.ask_close": ActionRow("finance", lambda _: {"programme": OWN, "month": Month(2025, 12)}),
    "charging.stop_close": ActionRow("finance", lambda _: {"programme": begun_close().programme}),
    "charging.pause_lease": ActionRow("finance", lambda scene: pause(lease(scene))),
}
COMMANDS = {
    ("charge", "adjust"): CommandRow({"finance"}, lambda _: f"{WORDS} --account {HARBOUR}"),
    ("charge", "share-fee"): CommandRow({"finance"}, lambda _: f"{WORDS} --weight {HARBOUR}=1"),
    ("charge", "pause-lease"): CommandRow({"finance"}, lambda scene: f"--award {lease(scene)} {PAUSE}"),
    ("charge", "decided"): CommandRow(VIEWERS),
    ("charge", "closing"): CommandRow(VIEWERS),
    ("charge", "what-if"): CommandRow(SEE_ALL, lambda _: f"--programme {OWN} --month 2026-05 --share 0.5"),
}
