"""Tables of meetings: agenda, attendance, recusals, votes, resolutions, minutes, and what members try."""

from __future__ import annotations

from django.db import models

from lionrock.applications.models import Application
from lionrock.awards.domain import Decision
from lionrock.committee.domain import Choice, ItemState, Line, MeetingState
from lionrock.database.guards import rows_stand_for_ever


def _choices(kind: type[MeetingState | ItemState | Choice | Decision | Line]) -> list[tuple[str, str]]:
    return [(each.value, each.name) for each in kind]


class Meeting(models.Model):
    """A meeting of the body that decides for a programme.

    `when` is when it is to begin. `key` is that of the form it was planned with, so that a form
    posted twice plans one meeting.
    """

    code = models.CharField(max_length=32, unique=True)
    key = models.UUIDField(null=True, blank=True, unique=True)
    programme = models.CharField(max_length=64, db_index=True)
    title = models.CharField(max_length=200)
    title_zh_hant = models.CharField(max_length=200, blank=True)
    title_zh_hans = models.CharField(max_length=200, blank=True)
    when = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=_choices(MeetingState), default=MeetingState.PLANNED.value)
    state_since = models.DateTimeField()
    created_by = models.CharField(max_length=254)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-when", "-code"]
        indexes = [models.Index(fields=["programme", "state", "when"], name="committee_meeting_coming")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in MeetingState]), name="committee_meeting_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state=MeetingState.CLOSED.value, opened_at__isnull=False, closed_at__isnull=False)
                | (~models.Q(state=MeetingState.CLOSED.value) & models.Q(closed_at__isnull=True)),
                name="committee_meeting_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AgendaItem(models.Model):
    """One application on the agenda of one meeting, and what is proposed for it.

    `number` orders the agenda, which is the committee's ranking too. `round` counts proposals; 0 is
    none yet, and votes are given on a round. `rate` is the scheme's share; what is null is as asked
    for, or the general rate.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="agenda_items")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=_choices(ItemState), default=ItemState.OPEN.value)
    state_since = models.DateTimeField()
    end_reason = models.TextField(blank=True)
    round = models.PositiveIntegerField(default=0)
    decision = models.CharField(max_length=10, choices=_choices(Decision), default=Decision.APPROVE.value)
    rate = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    months = models.PositiveIntegerField(null=True, blank=True)
    starts = models.DateField(null=True, blank=True)
    conditions = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    proposed_by = models.CharField(max_length=254, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "application"], name="committee_agendaitem_once"),
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(state=ItemState.OPEN.value),
                name="committee_agendaitem_one_agenda",
                violation_error_message="It is undecided on the agenda of another meeting.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ItemState]), name="committee_agendaitem_state"
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=[each.value for each in Decision]), name="committee_agendaitem_decision"
            ),
            models.CheckConstraint(
                condition=models.Q(rate__isnull=True) | models.Q(rate__gt=0, rate__lte=1),
                name="committee_agendaitem_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.application_id}"


class Attendance(models.Model):
    """Whether a member is in the room; `name` as it was when the member came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    person = models.EmailField()
    name = models.CharField(max_length=200)
    present = models.BooleanField()
    since = models.DateTimeField()

    class Meta:
        ordering = ["person"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="committee_attendance_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.meeting_id}"


class Recusal(models.Model):
    """A member takes no part in an item. `automatic`: the system knew of the conflict by itself."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="recusals")
    person = models.EmailField()
    reason = models.CharField(max_length=500)
    automatic = models.BooleanField(default=False)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        ordering = ["person"]
        indexes = [models.Index(fields=["person"], name="committee_recusal_who")]
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="committee_recusal_once")]
        triggers = rows_stand_for_ever("recusals are never taken back")

    def __str__(self) -> str:
        return f"{self.person} {self.item_id}"


class Vote(models.Model):
    """What a member said to a proposal; a change of mind is a new row, and the last one counts."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="votes")
    round = models.PositiveIntegerField()
    person = models.EmailField()
    choice = models.CharField(max_length=10, choices=_choices(Choice))
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["item", "round"], name="committee_vote_round")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(choice__in=[choice.value for choice in Choice]), name="committee_vote_choice"
            ),
        ]
        triggers = rows_stand_for_ever("votes are never removed")

    def __str__(self) -> str:
        return f"{self.item_id} {self.person} {self.choice}"


class Resolution(models.Model):
    """What the committee decided on an item, by which votes, and why; made with the award itself.

    `committed_minor` is what an approval committed, in minor units of `currency`. `findings` are
    those of quorum and majority.
    """

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="resolution")
    decision = models.CharField(max_length=10, choices=_choices(Decision))
    in_favour = models.PositiveIntegerField()
    against = models.PositiveIntegerField()
    abstained = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    decided_by = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    award = models.CharField(max_length=32, blank=True)
    committed_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    findings = models.JSONField(default=list, blank=True)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision=Decision.DECLINE.value, award="", committed_minor__isnull=True)
                | (models.Q(decision=Decision.APPROVE.value, committed_minor__isnull=False) & ~models.Q(award="")),
                name="committee_resolution_award",
            ),
        ]
        triggers = rows_stand_for_ever("resolutions are never removed")

    def __str__(self) -> str:
        return f"{self.item_id} {self.decision}"


class Minutes(models.Model):
    """The minutes of a closed meeting, word for word; `sha256` is their seal (see `domain/minutes.py`)."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    fixed_by = models.CharField(max_length=254)
    fixed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "minutes"
        triggers = rows_stand_for_ever("minutes are never removed")

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.sha256[:8]}"


class Trial(models.Model):
    """What one member tries on the ranking of a meeting, until it is proposed or thrown away.

    `rows` is the order, each with its application's code and the texts typed for it.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="trials")
    person = models.EmailField()
    rule = models.CharField(max_length=10, choices=_choices(Line))
    rows = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="committee_trial_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.person}"
