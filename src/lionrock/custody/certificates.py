"""The certificate of deletion: every copy that there ever was, who deleted it and how, and the seal of the chain."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lionrock.custody.domain.chain import Copy, broken, custody_of
from lionrock.custody.models import DataSet
from lionrock.custody.queries.placing import places
from lionrock.custody.queries.sets import events_of
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.programmes import programme_on_file
from lionrock.rules.shape import Names
from lionrock.web.pdf import render_pdf


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the certificate says; `seal` is the digest of the last event, `broken` the events that seal nothing."""

    data: DataSet
    programme: Names
    zone: ZoneInfo
    copies: tuple[tuple[Copy, str], ...]
    events: int
    seal: str
    broken: tuple[int, ...]


def certificate_of(data_set: DataSet) -> Certificate:
    """Return the certificate of a data set; raises `Conflict` while a copy lies anywhere, or none ever arrived."""
    events = events_of(data_set)
    custody = custody_of(events)
    if not custody.over:
        lying = ", ".join(copy.place for copy in custody.lying) or "–"
        template = gettext_noop(
            "There is no certificate of deletion of {data} yet: every copy has to be deleted first. Copies lie at: "
            "{places}"
        )
        raise Conflict("custody.certificate.early", message(template, data=data_set.code, places=lying))
    programme = programme_on_file(data_set.award.programme)
    names = {row.code: row.name for row in places([programme.id])}
    return Certificate(
        data_set,
        programme.names,
        programme.zone,
        tuple((copy, names.get(copy.place, copy.place)) for copy in custody.copies),
        len(events),
        events[-1].digest,
        broken(data_set.code, events),
    )


def certificate_pdf_of(certificate: Certificate, language: str) -> bytes:
    """Return a certificate as a PDF in a language."""
    return render_pdf("custody/certificate_document.html", {"certificate": certificate}, language)
