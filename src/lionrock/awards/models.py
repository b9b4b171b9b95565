"""The table of awards: first terms fixed on the day of the decision, guarded by the database."""

from __future__ import annotations

import pgtrigger
from django.db import models

from lionrock.applications.models import Application
from lionrock.awards.domain import IN_FORCE, NEVER_ACCEPTED, NOT_OVER, AwardState
from lionrock.awards.domain.variations import VariationState
from lionrock.database.guards import rows_stand_for_ever
from lionrock.people.models import Organisation
from lionrock.rules.items import Mode

_ACCEPTANCE = ["accepted_at", "accepted_by", "signatory", "signatory_title", "in_force_from"]
UNFIXED = ["state", *_ACCEPTANCE, "ended_at", "end_reason"]
"""What changes in an award as it goes its way; all else stands from the decision on."""

_IN_FORCE = [state.value for state in IN_FORCE]
_NEVER_ACCEPTED = [state.value for state in NEVER_ACCEPTED]
_NOT_OVER = [state.value for state in NOT_OVER]


class Award(models.Model):
    """What a decision gives: devices of one kind, the scheme's share of their price, and a cap.

    It is valid from 00:00 on `valid_from` up to, not including, 00:00 on `valid_to`, in the
    programme's zone. Amounts are minor units of `currency`: `list_minor` is the list price of what
    was asked for on the day of the decision, `cap_minor` the most that the scheme will bear, and
    both are what was committed against the fund, whatever prices do later. `hours` are those of
    each device of a metered award, where that is less than the whole time. `reads` are the rulebook
    values that the terms rest on, `conditions` what the award is tied to, one a line.

    It is an offer until it is accepted, at the latest on `accept_by`; `in_force_from` is the day from
    which it is used and charged, then.
    """

    code = models.CharField(max_length=32, unique=True)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="award")
    programme = models.CharField(max_length=64, db_index=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="awards")
    item = models.CharField(max_length=64)
    mode = models.CharField(max_length=10, choices=[(mode.value, mode.name) for mode in Mode])
    count = models.PositiveIntegerField()
    hours = models.PositiveIntegerField(null=True, blank=True)
    share = models.DecimalField(max_digits=7, decimal_places=6)
    list_minor = models.BigIntegerField()
    cap_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    valid_to = models.DateField()
    decided_by = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    exceptional = models.BooleanField(default=False)
    findings = models.JSONField(default=list, blank=True)
    reads = models.JSONField(default=list, blank=True)
    conditions = models.TextField(blank=True)
    made_at = models.DateTimeField()
    accept_by = models.DateField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=254, blank=True)
    signatory = models.CharField(max_length=200, blank=True)
    signatory_title = models.CharField(max_length=200, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.name) for state in AwardState],
        default=AwardState.OFFERED.value,
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in AwardState]), name="awards_award_state"
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=[mode.value for mode in Mode]), name="awards_award_mode"
            ),
            models.CheckConstraint(condition=models.Q(valid_to__gt=models.F("valid_from")), name="awards_award_dates"),
            models.CheckConstraint(
                condition=models.Q(share__gte=0, share__lte=1, cap_minor__gte=0, list_minor__gte=0),
                name="awards_award_amounts",
            ),
            models.CheckConstraint(condition=models.Q(count__gte=1), name="awards_award_count"),
            models.CheckConstraint(
                condition=models.Q(exceptional=False) | (~models.Q(reason="") & ~models.Q(decided_by="")),
                name="awards_award_exceptional_why",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_NOT_OVER, ended_at__isnull=True)
                | (~models.Q(state__in=_NOT_OVER) & models.Q(ended_at__isnull=False)),
                name="awards_award_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, in_force_from__isnull=True)
                | models.Q(accepted_at__isnull=False, in_force_from__isnull=False),
                name="awards_award_accepted",
            ),
            models.CheckConstraint(
                condition=(~models.Q(state__in=_IN_FORCE) | models.Q(accepted_at__isnull=False))
                & (~models.Q(state__in=_NEVER_ACCEPTED) | models.Q(accepted_at__isnull=True)),
                name="awards_award_in_force",
            ),
        ]
        indexes = [models.Index(fields=["state", "accept_by"], name="awards_by_state")]
        triggers = [
            pgtrigger.ReadOnly(name="terms_are_fixed", exclude=UNFIXED),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code


class Variation(models.Model):
    """A change of an award that somebody asked for, and what was decided about it.

    `since`, `count`, `hours`, `valid_to` and `cap_minor` are what is to change, and empty what is not;
    `contact` and `scope` are words. `effect` is what was decided upon, shown before: list price, cap,
    what is left, quota, before and after. One request of an award is open at a time.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="variations")
    number = models.PositiveIntegerField()
    reason = models.TextField()
    since = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    hours = models.PositiveIntegerField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    cap_minor = models.BigIntegerField(null=True, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    scope = models.TextField(blank=True)
    requested_by = models.CharField(max_length=254)
    requested_at = models.DateTimeField()
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.name) for state in VariationState],
        default=VariationState.REQUESTED.value,
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decision_reason = models.TextField(blank=True)
    effect = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["award", "number"]
        indexes = [models.Index(fields=["state", "requested_at"], name="awards_variation_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="awards_variation_once"),
            models.UniqueConstraint(
                fields=["award"],
                condition=models.Q(state=VariationState.REQUESTED.value),
                name="awards_variation_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in VariationState]), name="awards_variation_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state=VariationState.REQUESTED.value, decided_at__isnull=True)
                | (~models.Q(state=VariationState.REQUESTED.value) & models.Q(decided_at__isnull=False)),
                name="awards_variation_decided",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="request_is_fixed", exclude=["state", "decided_at", "decided_by", "decision_reason", "effect"]
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.award_id}/{self.number}"


class AwardVersion(models.Model):
    """The terms of an award from `since` on, as a variation made them; the award itself has the first ones."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="versions")
    variation = models.OneToOneField(Variation, on_delete=models.PROTECT, related_name="version")
    since = models.DateField()
    count = models.PositiveIntegerField()
    hours = models.PositiveIntegerField(null=True, blank=True)
    valid_to = models.DateField()
    list_minor = models.BigIntegerField()
    cap_minor = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["award", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(valid_to__gt=models.F("since")), name="awards_version_dates"),
            models.CheckConstraint(
                condition=models.Q(count__gte=1, cap_minor__gte=0, list_minor__gte=0), name="awards_version_amounts"
            ),
        ]
        triggers = rows_stand_for_ever("the terms of an award are never removed", name="version_stands")

    def __str__(self) -> str:
        return f"{self.award_id} from {self.since}"


class Suspension(models.Model):
    """A time in which nothing new could be used under an award, and why; still going on without `resumed_at`."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="suspensions")
    since = models.DateTimeField()
    reason = models.TextField()
    suspended_by = models.CharField(max_length=254)
    resumed_at = models.DateTimeField(null=True, blank=True)
    resumed_because = models.TextField(blank=True)

    class Meta:
        ordering = ["award", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["award"], condition=models.Q(resumed_at__isnull=True), name="awards_suspension_one_open"
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="suspension_is_a_fact", exclude=["resumed_at", "resumed_because"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} since {self.since:%Y-%m-%d}"


class HeldAcceptance(models.Model):
    """An offer accepted in time by an organisation that is being checked; `taken_up_at` is when it took effect."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="held_acceptance")
    signatory = models.CharField(max_length=200)
    signatory_title = models.CharField(max_length=200)
    accepted_by = models.CharField(max_length=254)
    accepted_at = models.DateTimeField()
    taken_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = [
            pgtrigger.ReadOnly(name="acceptance_is_a_fact", exclude=["taken_up_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.accepted_at:%Y-%m-%d}"


class Project(models.Model):
    """Who answers for the work under an award, once that was said; without a row it is who applied for it.

    From `limited_at` on only the principal investigator, those named in `ProjectMember` and the organisation's
    administrators work on it and see it; before, every member of the organisation does.
    """

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="project")
    investigator = models.EmailField()
    since = models.DateTimeField()
    limited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.award_id} {self.investigator}"


class ProjectMember(models.Model):
    """Somebody who works on an award, from an instant until another, or until it was ended; nobody twice at once."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="project_members")
    person = models.EmailField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    named_by = models.EmailField()
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.EmailField(blank=True)

    class Meta:
        ordering = ["begins_at", "id"]
        indexes = [models.Index(fields=["person", "ended_at"], name="awards_projectmember_who")]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "person"],
                condition=models.Q(ended_at__isnull=True),
                name="awards_projectmember_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(begins_at__lt=models.F("ends_at")),
                name="awards_projectmember_span",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="naming_is_a_fact", exclude=["ended_at", "ended_by"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.person}"


class Paper(models.Model):
    """A paper that was sent or signed: all that stands in it, word for word, so that it can be printed again."""

    class Kind(models.TextChoices):
        """Which paper it is."""

        OFFER = "offer", "the letter that offers an award"
        AGREEMENT = "agreement", "the agreement that its acceptance makes"

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["award", "id"]
        constraints = [
            models.UniqueConstraint(fields=["award", "kind"], name="awards_paper_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["offer", "agreement"]), name="awards_paper_kind"),
        ]
        triggers = rows_stand_for_ever("what was sent is never removed", name="paper_stands")

    def __str__(self) -> str:
        return f"{self.award_id} {self.kind}"
