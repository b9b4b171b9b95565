"""The determination: of one item, or of a server by the worst of what is inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lionrock.controls.domain.answers import Determination, Near, Part, Question, Ruling, Told
from lionrock.controls.domain.asking import check_question
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.classifying import Classified, Subject, classify
from lionrock.controls.domain.deciding import Matter, heed, rule, severity, tell, without_exceptions
from lionrock.controls.domain.explaining import (
    class_findings,
    notice_findings,
    place_findings,
    review_finding,
    ruling_finding,
    scope_finding,
    unenforced_findings,
    use_findings,
    version_finding,
)
from lionrock.controls.domain.figures import measures
from lionrock.controls.domain.nearness import nearby
from lionrock.controls.domain.rules import UNKNOWN_PARAGRAPH, Authorisation, Book, Effect, Version
from lionrock.kernel.findings import Finding, Grade

_EXCEPTIONS: Final = (Authorisation.NAC, Authorisation.ACA)


def determine(book: Book, question: Question) -> Determination:
    """Answer a question; raises `Invalid` with every fault of it."""
    check_question(book, question)
    version = book.governing(question.on)
    parts = tuple(_part(book, version, item, question) for item in question.items)
    decisive = max(parts, key=lambda part: severity(part.authorisation, part.review))
    common = [
        version_finding(version, question.on),
        *unenforced_findings(book, question),
        *place_findings(question, book),
    ]
    findings = (*common, *(finding for part in parts for finding in part.findings))
    flags = dict.fromkeys([*(flag for part in parts for flag in part.flags), *_flags(book, question)])
    return Determination(question, version, parts, decisive, tuple(flags), findings)


def _part(book: Book, version: Version, item: Item, question: Question) -> Part:
    datacentre = item.datacentre if question.datacentre is None else question.datacentre
    matter = Matter(item, measures(item.figures), datacentre, question, book.atlas)
    classified = classify(version, Subject(matter.measured, item.figures.kind, datacentre))
    ruling = rule(version, classified.possible, matter)
    if question.uses:
        ruling = without_exceptions(ruling)
    final, told = heed(ruling, tell(book.notices, classified.possible, matter))
    near = tuple(nearby(book, version, matter, classified.paragraph, final))
    after = (scope_finding(version, classified, ruling, matter), review_finding(final.review, ruling))
    findings = [
        *class_findings(version, classified, matter),
        ruling_finding(ruling, matter),
        *(finding for finding in after if finding),
        *notice_findings(told),
        *use_findings(book, question),
    ]
    return Part(
        item=item,
        measured=matter.measured,
        datacentre=datacentre,
        paragraph=classified.paragraph,
        possible=classified.possible,
        authorisation=final.authorisation,
        review=final.review,
        flags=tuple(dict.fromkeys(_part_flags(classified, told, near, matter, findings, final.authorisation))),
        missing=_lacking(classified, ruling, final, matter),
        findings=tuple(findings),
        told=told,
        near=near,
        certify=final.certify,
    )


def _lacking(classified: Classified, ruling: Ruling, final: Ruling, matter: Matter) -> tuple[str, ...]:
    """Name what would have to be known, where anything is unknown."""
    if UNKNOWN_PARAGRAPH not in (classified.paragraph, final.authorisation.value) and not ruling.missing:
        return ()
    return tuple(dict.fromkeys([*_unmeasured(classified, matter), *ruling.missing]))


def _unmeasured(classified: Classified, matter: Matter) -> Iterator[str]:
    for test in classified.open:
        yield from matter.measured[test.quantity].missing
    if matter.datacentre is None and len(classified.possible) > 1:
        yield "datacentre_marketed"


def _part_flags(
    classified: Classified,
    told: tuple[Told, ...],
    near: tuple[Near, ...],
    matter: Matter,
    findings: list[Finding],
    authorisation: Authorisation,
) -> Iterator[str]:
    yield from (
        f"{'borderline' if each.borderline else 'near'}:{each.test.quantity.value}:{each.test.read.value}"
        for each in near
    )
    yield from (f"notice:{each.notice.id}" for each in told)
    yield from (f"unverified:{figure.value}" for figure in sorted(matter.item.unverified))
    if classified.paragraph == UNKNOWN_PARAGRAPH:
        yield "figures_missing"
    if (
        any(each.notice.effect is Effect.BY_LETTER and not each.decides for each in told)
        and authorisation in _EXCEPTIONS
    ):
        yield "letter_may_apply"
    if authorisation in _EXCEPTIONS:
        yield "exception_has_conditions"
    if any(
        read.citation and read.citation.grade is Grade.RECALLED for finding in findings for read in finding.parameters
    ):
        yield "rests_on_recalled_values"


def _flags(book: Book, question: Question) -> Iterator[str]:
    for version in book.unenforced(question.on):
        enforced = version.not_enforced is None or question.on < version.not_enforced
        yield f"{'published_not_binding' if enforced else 'not_enforced'}:{version.id}"
    yield from (f"use:{name}" for name in question.uses)
    if question.on > book.checked_until:
        yield f"facts_checked_until:{book.checked_until}"
    if len(question.items) > 1:
        yield "server_follows_worst_item"
