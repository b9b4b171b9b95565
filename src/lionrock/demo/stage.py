"""Where the demonstration's story plays: its programme, the month that is shown, the present."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lionrock.demo.story import Story
from lionrock.kernel.periods import Month, local_instant
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import actor_by_email
from lionrock.rules.programme import Programme


@dataclass(frozen=True)
class Stage:
    """Where the story plays: its programme, the month that is shown, and the present."""

    story: Story
    programme: Programme
    month: Month
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The programme's zone."""
        return self.programme.zone

    def before(self, days: timedelta) -> datetime:
        """Return nine in the morning, so many days before the month."""
        return local_instant(datetime.combine(self.month.first_day - days, time(9)), self.zone)

    def day(self, number: int) -> date:
        """Return a day of the month."""
        return self.month.first_day + timedelta(days=number - 1)


def everybody_with(stage: Stage, role: Role) -> list[str]:
    """Return the addresses of the staff who hold a role, in the order of the story."""
    return [one.email for one in stage.story.staff if one.role == role.value]


def acting(stage: Stage, role: Role) -> Actor:
    """Return the first of the staff who holds a role."""
    return actor_by_email(everybody_with(stage, role)[0])
