"""Who is screened, out of the tables: organisations, persons, owners, and who signed for an award."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lionrock.people.models import Organisation, Person
from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.parties import Party
from lionrock.screening.models import Owner, Particular, Screened, SubjectKind


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody who is screened: which kind, by which code, and all that is known."""

    kind: SubjectKind
    code: str
    party: Party

    @property
    def name(self) -> str:
        """The first name, as people know the subject."""
        return self.party.names[0] if self.party.names else self.code


def organisation_subject(organisation: Organisation) -> Subject:
    """Return an organisation as a subject, with all that is noted of it."""
    return _with_particulars([_organisation(organisation)])[0]


def person_subject(person: Person) -> Subject:
    """Return a person as a subject, with all that is noted of them."""
    return _with_particulars([_person(person)])[0]


def signatory_subject(code: str, name: str) -> Subject:
    """Return who signs for an award as a subject; `code` is the award's."""
    return _with_particulars([Subject(SubjectKind.SIGNATORY, code, Party((name,), Kind.PERSON))])[0]


def all_subjects() -> list[Subject]:
    """Return everybody who is to be screened: who is on file, who owns them, and who signed."""
    return _with_particulars([
        *map(_organisation, Organisation.objects.order_by("code")),
        *map(_person, Person.objects.filter(is_active=True).order_by("email")),
        *map(_owner, Owner.objects.order_by("code")),
        *_signatories(),
    ])  # fmt: skip


def _organisation(each: Organisation) -> Subject:
    names = (each.name, each.name_zh_hant, each.name_zh_hans)
    return Subject(SubjectKind.ORGANISATION, each.code, Party(_given(names), Kind.ORGANISATION))


def _person(each: Person) -> Subject:
    return Subject(SubjectKind.PERSON, each.email, Party(_given([each.name]), Kind.PERSON))


def _owner(each: Owner) -> Subject:
    return Subject(SubjectKind.OWNER, each.code, Party(_given([each.name]), Kind(each.kind)))


def _signatories() -> Iterator[Subject]:
    """Yield who signed, from the last time that each was screened."""
    last: dict[str, list[str]] = {}
    for code, names in Screened.objects.filter(kind=SubjectKind.SIGNATORY).order_by("id").values_list("code", "names"):
        last[code] = names
    for code in sorted(last):
        yield Subject(SubjectKind.SIGNATORY, code, Party(tuple(last[code][:1]), Kind.PERSON))


def _given(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _with_particulars(subjects: list[Subject]) -> list[Subject]:
    """Return the subjects with what is noted of each (one query)."""
    noted: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    codes = [subject.code for subject in subjects] if len(subjects) == 1 else None
    rows = Particular.objects.filter(code__in=codes) if codes else Particular.objects.all()
    for kind, code, what, value in rows.values_list("kind", "code", "what", "value"):
        noted[kind, code][what].append(value)
    return [_knowing(subject, noted[subject.kind, subject.code]) for subject in subjects]


def _knowing(subject: Subject, noted: dict[str, list[str]]) -> Subject:
    if not noted:
        return subject
    what, party = Particular.What, subject.party
    known = Party(
        names=_given([*party.names, *noted[what.NAME]]),
        kind=party.kind,
        countries=frozenset(noted[what.COUNTRY]),
        identifiers=frozenset(noted[what.IDENTIFIER]),
        addresses=tuple(noted[what.ADDRESS]),
        births=frozenset(noted[what.BIRTH]),
    )
    return Subject(subject.kind, subject.code, known)
