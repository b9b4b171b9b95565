"""Publishing a study."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.calls.numbering import next_code
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.planning.models import Study
from lionrock.planning.policies import require_publisher
from lionrock.planning.scenarios.answers import Answer, to_data
from lionrock.terminal.output import to_json

LONGEST: Final = 200


@transaction.atomic
def publish_study(*, actor: Actor, programme: str, question: str, answer: Answer, now: datetime) -> Study:
    """Keep an answer for those who work for the programme; raises `Invalid` for a question that is none."""
    require_publisher(actor, programme)
    question = " ".join(question.split())
    if not 0 < len(question) <= LONGEST:
        said = message(
            gettext_noop("A question has 1 to {longest} characters. Write what is decided."), longest=LONGEST
        )
        raise Invalid(
            "planning.study.question", said, faults=[Fault("planning.study.question", said, field="question")]
        )
    today = local_date(now, programme_on_file(programme).zone)
    study = Study.objects.create(
        code=next_code("PLAN", today.year),
        programme=programme,
        question=question,
        answer=json.loads(to_json(to_data(answer))),
        published_at=now,
        published_by=actor.email,
    )
    details = {"question": question, "options": [[each.id, each.digest] for each in answer.options]}
    record("planning.publish_study", study.code, actor=actor.email, now=now, programme=programme, details=details)
    return study
