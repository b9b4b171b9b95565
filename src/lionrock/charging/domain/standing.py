"""Which record of each run stands, whatever the order in which the records arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lionrock.charging.domain.awards import AwardBook
from lionrock.charging.domain.runs import Run, RunKey, faults_of, rank
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop, message


@dataclass(slots=True)
class HeldRun:
    """A record that cannot be rated, and why; nothing else waits for it (convention 11)."""

    run: Run
    faults: list[Fault]


@dataclass(slots=True)
class Standing:
    """The runs as they stand: of several revisions the highest, repeats change nothing (convention 9)."""

    runs: dict[RunKey, Run] = field(default_factory=dict)
    held: dict[RunKey, HeldRun] = field(default_factory=dict)

    def take(self, run: Run, more: Sequence[Fault] = ()) -> None:
        """Take in one record: it stands, is passed over as older or the same, or is held.

        `more` are faults that the caller found, such as an unknown award. A record with faults is
        held only while no sound one of its revision or a higher stands, so that order of arrival
        plays no part.
        """
        faults = [*faults_of(run), *more]
        known = self.runs.get(run.key)
        if known is not None and (rank(run) < rank(known) or (faults and rank(run) == rank(known))):
            return
        if known is not None and rank(known) == rank(run) and known != run:
            faults = [contradiction(run)]
        if faults:
            self._hold(run, faults)
        elif known is None or rank(run) > rank(known):
            self.runs[run.key] = run
            self._release(run)

    def _hold(self, run: Run, faults: list[Fault]) -> None:
        """Hold a record, but not in the place of one of a higher rank, which may wait for longer."""
        held = self.held.get(run.key)
        if held is None or rank(held.run) <= rank(run):
            self.held[run.key] = HeldRun(run, faults)

    def _release(self, run: Run) -> None:
        held = self.held.get(run.key)
        if held is not None and rank(held.run) <= rank(run):
            del self.held[run.key]


def contradiction(run: Run) -> Fault:
    """Return the fault of a record that differs from another of the same revision."""
    said = message(
        gettext_noop(
            "Job {job} arrived twice as revision {value} with different content. "
            "The first stands; send the right one with a higher revision."
        ),
        job=run.job,
        value=run.revision,
    )
    return Fault("charging.run.contradiction", said, field="revision", value=str(run.revision))


def unknown_award(run: Run, awards: AwardBook) -> list[Fault]:
    """Return the fault of a record that names an award which its account does not hold."""
    known = awards.by_code.get(run.award) if run.award is not None else None
    if run.award is None or (known is not None and known.account == run.account):
        return []
    return [award_not_held(run)]


def award_not_held(run: Run) -> Fault:
    """Return the fault itself, for who knows in another way which account holds which award."""
    said = message(
        gettext_noop(
            "Job {job} names the award {value}, which {account} does not hold. Correct the award or the account."
        ),
        job=run.job,
        value=run.award,
        account=run.account,
    )
    return Fault("charging.run.award", said, field="award", value=run.award)
