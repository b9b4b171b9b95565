"""Erasing what is personal in an application that nobody keeps any longer; that it was there stays on file."""

from __future__ import annotations

from functools import partial

import pgtrigger
from django.db import transaction

from lionrock.applications.files import place_of
from lionrock.applications.models import Admission, Answer, Application, Attachment, Letter, Submission

ERASED = "erased"


def people_of(application: Application) -> frozenset[str]:
    """Return the addresses of who applied, and of who wrote in it, in small letters."""
    authors = application.admissions.filter(standing="author").values_list("person", flat=True)
    writers = application.letters.filter(from_applicant=True).values_list("author", flat=True)
    return frozenset(address.lower() for address in (application.applicant, *authors, *writers) if address != ERASED)


@transaction.atomic
def erase_application(application: Application) -> dict[str, int]:
    """Erase names, addresses, texts and files of an application; return how many of each kind of thing.

    What is left says which organisation asked which call for how much, what became of it and when. Files go
    when the transaction is through, unless another application holds the same.
    """
    files = list(application.attachments.exclude(name=ERASED))
    with pgtrigger.ignore("applications.Submission:submissions_stand", "applications.Letter:letters_stand"):
        letters = Letter.objects.filter(application=application)
        told = {
            "letters": letters.update(text=ERASED),
            "submissions": Submission.objects.filter(application=application).update(
                content={ERASED: True}, submitted_by=ERASED
            ),
        }
        letters.filter(from_applicant=True).update(author=ERASED)
    told["answers"] = Answer.objects.filter(application=application).delete()[0]
    told["people"] = Admission.objects.filter(application=application, standing="author").delete()[0]
    told["files"] = Attachment.objects.filter(application=application).update(name=ERASED, added_by=ERASED)
    words = dict.fromkeys(("applicant", "title", "title_zh_hant", "title_zh_hans", "purpose"), ERASED)
    reason = ERASED if application.decision_reason else ""
    Application.objects.filter(pk=application.pk).update(**words, declarations=[], findings=[], decision_reason=reason)
    for sha256 in {file.sha256 for file in files}:
        if not Attachment.objects.filter(sha256=sha256).exclude(name=ERASED).exists():
            transaction.on_commit(partial(place_of(sha256).unlink, missing_ok=True))
    return told
