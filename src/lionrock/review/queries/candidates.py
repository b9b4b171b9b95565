"""Whom the office may ask to assess an application, and what ties each of them to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from django.db.models import Count, Q

from lionrock.applications.models import Admission, Answer, Application, Standing
from lionrock.people.domain import Role
from lionrock.people.models import Organisation, Person, RoleGrant
from lionrock.review.domain import (
    OPEN,
    Candidate,
    Case,
    Declared,
    Hint,
    Suggestion,
    Ties,
    hints,
    ranked,
)
from lionrock.review.models import AssessorProfile, Declaration
from lionrock.review.queries.roster import expertise_in

Key = TypeVar("Key")
Value = TypeVar("Value")


def suggested(application: Application, on: date) -> list[Suggestion]:
    """Return the programme's assessors, the best to ask first; a constant number of queries."""
    people = _assessors(application.call.programme)
    ties, case = ties_of(people), case_of(application)
    return ranked((_candidate(each, hints(ties[each.pk], case)) for each in people), words_of(application), on)


def _assessors(programme: str) -> list[Person]:
    still_open = Q(assignments__state__in=[state.value for state in OPEN])
    found = Person.objects.filter(
        is_active=True, pk__in=RoleGrant.objects.filter(role=Role.ASSESSOR.value, programme=programme).values("person")
    )
    return list(
        found.select_related("assessor_profile__organisation")
        .annotate(load=Count("assignments", filter=still_open))
        .order_by("email")
    )


def _candidate(person: Person, found: tuple[Hint, ...]) -> Candidate:
    profile: AssessorProfile | None = getattr(person, "assessor_profile", None)
    load: int = person.load  # type: ignore[attr-defined]
    plain = Candidate(person.email, person.name, frozenset(), load, None, None, found)
    if profile is None:
        return plain
    return replace(plain, expertise=frozenset(profile.expertise), most=profile.most, away_until=profile.away_until)


def ties_of(people: Collection[Person]) -> Mapping[int, Ties]:
    """Return what ties each of these persons to organisations and applications, by the person's key."""
    emails = [person.email for person in people]
    admitted = list(
        Admission.objects.filter(person__in=emails, standing__in=[Standing.AUTHOR, Standing.SHUT_OUT]).values_list(
            "person", "standing", "application", "application__organisation__code"
        )
    )
    began = Application.objects.filter(applicant__in=emails).values_list("applicant", "pk", "organisation__code")
    wrote = [*began, *((who, pk, code) for who, standing, pk, code in admitted if standing == Standing.AUTHOR)]
    writes_in = _gathered((who, pk) for who, pk, _ in wrote)
    wrote_for = _gathered((who, code) for who, _, code in wrote)
    shut_out = [(who, pk) for who, standing, pk, _ in admitted if standing == Standing.SHUT_OUT]
    declared = Declaration.objects.filter(declared=Declared.CONFLICT.value, assignment__assessor__in=people)
    about = declared.values_list("assignment__assessor", "assignment__application__organisation__code")
    kept_out, spoke_of = _gathered(shut_out), _gathered(about)
    organisations = _organisations(people)
    return {
        person.pk: Ties(
            organisations[person.pk],
            frozenset(writes_in[person.email]),
            frozenset(kept_out[person.email]),
            frozenset(wrote_for[person.email]),
            frozenset(spoke_of[person.pk]),
        )
        for person in people
    }


def _gathered(pairs: Iterable[tuple[Key, Value]]) -> defaultdict[Key, set[Value]]:
    found: defaultdict[Key, set[Value]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found


def _organisations(people: Collection[Person]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Return each person's organisations with their names: memberships, and where the profile says one works."""
    found: dict[int, dict[str, tuple[str, ...]]] = {person.pk: {} for person in people}
    grants = RoleGrant.objects.filter(person__in=people, role=Role.MEMBER.value).select_related("organisation")
    profiles = AssessorProfile.objects.filter(person__in=people).select_related("organisation")
    belongs = [(grant.person_id, grant.organisation) for grant in grants]
    belongs += [(profile.person_id, profile.organisation) for profile in profiles]
    for person, organisation in belongs:
        if organisation is not None:
            found[person][organisation.code] = _names(organisation)
    return found


def _names(organisation: Organisation) -> tuple[str, ...]:
    return tuple(filter(None, (organisation.name, organisation.name_zh_hant, organisation.name_zh_hans)))


def case_of(application: Application) -> Case:
    """Return the application as hints look at it; all that was typed is one text."""
    typed = [text for value in _values(application) for text in (value if isinstance(value, list) else [value])]
    return Case(application.pk, application.organisation.code, "\n".join(str(text) for text in typed))


def _values(application: Application) -> list[object]:
    return list(Answer.objects.filter(application=application).order_by("key").values_list("value", flat=True))


def words_of(application: Application) -> frozenset[str]:
    """Return what an application is about, in the form's own options and its category."""
    on = application.submitted_at or application.created_at
    known = {word for word, _ in expertise_in(application.call.programme, on)}
    chosen = {each for value in _values(application) for each in (value if isinstance(value, list) else [value])}
    return frozenset({str(each) for each in chosen} & known | {application.category})
