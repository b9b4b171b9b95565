"""Keeping what a letter or an agreement says, when it is sent or signed."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from lionrock.applications.models import Application
from lionrock.awards.domain import AwardTerms
from lionrock.awards.domain.letters import Offered, agreement_content, by_month, digest_of, offer_content, span_of
from lionrock.awards.models import Award, Paper
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date
from lionrock.rules.programme import Programme
from lionrock.rules.shape import Names


def keep_offer(award: Award, terms: AwardTerms, rules: Programme, now: datetime) -> Paper:
    """Keep the letter that offers an award."""
    application = award.application
    today = local_date(now, rules.zone)
    offered = _offered(award, application, rules, now)
    months = by_month(
        terms.list_price,
        terms.cap,
        terms.share,
        span=span_of(terms.valid_from, terms.valid_to, rules.zone),
        zone=rules.zone,
        mode=terms.mode,
        rule=rules.at(today).proration(),
    )
    return _keep(award, Paper.Kind.OFFER, offer_content(offered, months), now)


def _offered(award: Award, application: Application, rules: Programme, now: datetime) -> Offered:
    organisation = award.organisation
    return Offered(
        award=award.code,
        application=application.code,
        programme=rules.names,
        body=award.decided_by,
        title=Names(application.title, application.title_zh_hant or None, application.title_zh_hans or None),
        organisation=Names(organisation.name, organisation.name_zh_hant or None, organisation.name_zh_hans or None),
        item=rules.item(award.item).names,
        mode=rules.item(award.item).mode,
        asked_count=application.count or award.count,
        asked_months=application.months or 0,
        asked_starts=application.starts or award.valid_from,
        count=award.count,
        hours=award.hours,
        valid_from=award.valid_from,
        valid_to=award.valid_to,
        share=Fraction(award.share),
        exceptional=award.exceptional,
        reason=award.reason,
        listed=Money(award.list_minor, award.currency),
        cap=Money(award.cap_minor, award.currency),
        conditions=tuple(line.strip() for line in award.conditions.splitlines() if line.strip()),
        made_on=local_date(now, rules.zone),
        accept_by=award.accept_by,
        findings=award.findings,
        reads=award.reads,
    )


def keep_agreement(award: Award, rules: Programme, now: datetime) -> Paper | None:
    """Keep the agreement of an award just accepted; None for one whose offer was made before there were letters."""
    offer = award.papers.filter(kind=Paper.Kind.OFFER).first()
    if offer is None or award.in_force_from is None:
        return None
    content = agreement_content(
        offer.content,
        signatory=award.signatory,
        title=award.signatory_title,
        accepted_on=local_date(now, rules.zone),
        in_force_from=award.in_force_from,
    )
    return _keep(award, Paper.Kind.AGREEMENT, content, now)


def _keep(award: Award, kind: Paper.Kind, content: dict[str, object], now: datetime) -> Paper:
    return Paper.objects.create(award=award, kind=kind, content=content, sha256=digest_of(content), made_at=now)
