"""Where the demonstration's story plays: its programme, the month that is shown, the present."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lionrock.demo.story import Story
from lionrock.kernel.periods import Month, local_instant
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
