"""Tells stories: plain text, one step a line, and below it, indented, everything that has to come of it.

    programme hk-aiss-demo
    2026-03-02 finance appropriates 1000000.00 vote-1
        budget/appropriation -1000000.00 HKD
        budget/free 1000000.00 HKD

A step is a date (nine in the morning in the programme's zone), an actor, a verb, and words. The
actor is a role of the programme, or the code of an organisation, whose member then acts. What comes
of a step are the postings (account, amount, unit; summed over its journals), the documents issued,
or `refused CODE`: exactly those, in any order, so that a posting too many fails the story as well.
Below `prints` stand texts that the PDF has to show.
"""

from __future__ import annotations

import io
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from pypdf import PdfReader
from tests.applications.filling import put_all_that_is_missing
from tests.calls.world import OPERATOR, holder, member

from lionrock.applications.actions import draft_application, submit_application, withdraw_application
from lionrock.applications.domain import Request
from lionrock.awards.actions import accept_offer, decide_application, decline_offer, end_award, lapse_offers
from lionrock.awards.domain import Decision
from lionrock.calls.actions import create_call, open_call
from lionrock.charging.actions import close_month, record_usage
from lionrock.charging.usage_files import Origin, UsageRecord
from lionrock.kernel.errors import LionrockError
from lionrock.kernel.money import Money, parse_share
from lionrock.kernel.periods import Month, local_instant
from lionrock.ledger.actions import appropriate
from lionrock.ledger.domain.accounts import number_text
from lionrock.ledger.models import Journal, Posting
from lionrock.people.actions import register_organisation
from lionrock.people.domain import PROGRAMME_ROLES, Actor, Role
from lionrock.rules.programme import Programme
from lionrock.rules.rulebook import load_rulebook
from lionrock.sites.actions import register_site
from lionrock.statements.commands import content_of
from lionrock.statements.models import Document
from lionrock.statements.queries import document_by_number, paper_of

NINE = time(9)
ROLES = {role.value for role in PROGRAMME_ROLES}


@dataclass(frozen=True)
class Step:
    """One line of a story, with what is expected of it."""

    line: int
    day: date
    actor: str
    verb: str
    words: tuple[str, ...]
    named: dict[str, str]
    expected: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """A story as written."""

    programme: str
    steps: tuple[Step, ...]


def read_story(text: str) -> Story:
    """Read a story; raises `ValueError` naming the line that cannot be read."""
    programme, steps, expected = "", [], list[str]()
    numbered = list(enumerate(text.splitlines(), 1))
    for number, line in reversed(numbered):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.startswith(" "):
            expected.insert(0, " ".join(line.split()))
        elif line.startswith("programme "):
            programme = line.split()[1]
        else:
            steps.insert(0, _step(number, line, tuple(expected)))
            expected = []
    if not programme or expected:
        raise ValueError("a story begins with `programme ID`, and expects nothing before its first step")
    return Story(programme, tuple(steps))


def _step(number: int, line: str, expected: tuple[str, ...]) -> Step:
    try:
        day, actor, verb, *rest = shlex.split(line)
        if verb not in VERBS:
            raise ValueError(f"“{verb}” is not one of {', '.join(sorted(VERBS))}")
        named = dict(word.split("=", 1) for word in rest if "=" in word)
        words = tuple(word for word in rest if "=" not in word)
        return Step(number, date.fromisoformat(day), actor, verb, words, named, expected)
    except ValueError as wrong:
        raise ValueError(f"line {number}: {wrong}") from wrong


@dataclass
class Telling:
    """A story being told: the programme, and what each verb needs to remember."""

    story: Story
    programme: Programme = field(init=False)

    def __post_init__(self) -> None:
        self.programme = load_rulebook(settings.LIONROCK_RULEBOOK).programme(self.story.programme)

    def tell(self) -> list[str]:
        """Take every step; return a sentence for each that came to something else than expected."""
        return [fault for step in self.story.steps for fault in self._take(step)]

    def _take(self, step: Step) -> Iterator[str]:
        found, expected = Counter(self._outcome(step)), Counter(step.expected)
        if found != expected:
            missing, surplus = sorted((expected - found).elements()), sorted((found - expected).elements())
            yield f"line {step.line}, {step.verb}: missing {missing}, not expected {surplus}"

    def _outcome(self, step: Step) -> list[str]:
        posted = Posting.objects.order_by("-id").values_list("id", flat=True).first() or 0
        issued = set(Document.objects.values_list("number", flat=True))
        try:
            with transaction.atomic():
                shown = VERBS[step.verb](self, step)
        except LionrockError as error:
            return [f"refused {error.code}"]
        return [*(shown or []), *_postings(posted), *_documents(issued)]

    def actor(self, name: str) -> Actor:
        """Return who acts under that name, with exactly that role."""
        if name == "operator":
            return OPERATOR
        return holder(Role(name), self.programme.id) if name in ROLES else member(name)

    def instant(self, text: str) -> datetime:
        """Return a local date-time of the programme as an instant."""
        return local_instant(datetime.fromisoformat(text), self.programme.zone)

    def now(self, step: Step) -> datetime:
        """Return nine in the morning of the step's day."""
        return local_instant(datetime.combine(step.day, NINE), self.programme.zone)

    def money(self, text: str) -> Money:
        """Read an amount in the programme's currency."""
        return Money.parse(text, self.programme.currency)


def _postings(after: int) -> list[str]:
    """Return the postings since, summed by account; those that cancel out are told as nothing."""
    sums: Counter[tuple[str, str]] = Counter()
    for posting in Posting.objects.filter(id__gt=after).select_related("account"):
        sums[posting.account.path, posting.account.unit] += posting.amount
    assert not any(_total(journal) for journal in Journal.objects.filter(postings__id__gt=after))
    return [f"{path} {number_text(amount, unit)} {unit}" for (path, unit), amount in sums.items() if amount]


def _total(journal: Journal) -> int:
    return sum(journal.postings.values_list("amount", flat=True))


def _documents(before: set[str]) -> list[str]:
    return [_document(one) for one in Document.objects.exclude(number__in=before)]


def _document(one: Document) -> str:
    gross, subsidy, user = (Money(amount, one.currency).decimal for amount in (one.gross, one.subsidy, one.user))
    return f"{one.kind} {one.number} for {one.organisation.code}: {gross} = {subsidy} scheme + {user} user"


Verb = Callable[[Telling, Step], list[str] | None]
VERBS: dict[str, Verb] = {}


def verb(act: Verb) -> Verb:
    """Let stories use this verb, under the function's name with hyphens."""
    VERBS[act.__name__.strip("_").replace("_", "-")] = act
    return act


@verb
def registers(telling: Telling, step: Step) -> None:
    """`registers ORGANISATION…`."""
    for code in step.words:
        register_organisation(
            actor=telling.actor(step.actor), code=code, name=step.named.get("name", code), now=telling.now(step)
        )


@verb
def builds(telling: Telling, step: Step) -> None:
    """`builds SITE`: puts a site on file."""
    register_site(
        actor=telling.actor(step.actor), code=step.words[0], name=step.words[0], programme=telling.programme.id,
        driver="local", now=telling.now(step),
    )  # fmt: skip


@verb
def appropriates(telling: Telling, step: Step) -> None:
    """`appropriates AMOUNT CAUSE`."""
    amount, cause = step.words
    appropriate(
        actor=telling.actor(step.actor), programme=telling.programme.id, amount=telling.money(amount), reason=cause,
        cause=cause, now=telling.now(step),
    )  # fmt: skip


@verb
def opens(telling: Telling, step: Step) -> None:
    """`opens TITLE`: prepares a call and opens it."""
    actor, now = telling.actor(step.actor), telling.now(step)
    call = create_call(actor=actor, programme=telling.programme.id, title=step.words[0], opens=now, now=now)
    open_call(actor=actor, call=call.code, now=now)


@verb
def applies(telling: Telling, step: Step) -> None:
    """`applies CALL category= item= count= months= starts= [hours=]`: drafts, completes and submits, all declared."""
    actor, now, asked = telling.actor(step.actor), telling.now(step), step.named
    terms = telling.programme.at(step.day)
    draft = draft_application(
        actor=actor,
        call=step.words[0],
        organisation=step.actor,
        category=asked["category"],
        title=asked.get("title", "A model"),
        request=Request(
            asked["item"], int(asked["count"]), int(asked["months"]), date.fromisoformat(asked["starts"]),
            int(asked["hours"]) if "hours" in asked else None,
        ),
        declarations=[declaration.id for declaration in terms.declarations()],
        other_subsidy=False,
        now=now,
    )  # fmt: skip
    put_all_that_is_missing(draft)
    submit_application(actor=actor, application=draft.code, now=now)


@verb
def withdraws(telling: Telling, step: Step) -> None:
    """`withdraws APPLICATION`."""
    withdraw_application(actor=telling.actor(step.actor), application=step.words[0], now=telling.now(step))


@verb
def approves(telling: Telling, step: Step) -> None:
    """`approves APPLICATION [share=] [cap=] [reason=]`."""
    given = step.named
    decide_application(
        actor=telling.actor(step.actor),
        application=step.words[0],
        decision=Decision.APPROVE,
        decided_by="the committee",
        reason=given.get("reason", ""),
        share=parse_share(given["share"]) if "share" in given else None,
        cap=telling.money(given["cap"]) if "cap" in given else None,
        now=telling.now(step),
    )


@verb
def accepts(telling: Telling, step: Step) -> None:
    """`accepts AWARD [signatory=] [title=]`."""
    accept_offer(
        actor=telling.actor(step.actor), award=step.words[0], signatory=step.named.get("signatory", "A Signatory"),
        title=step.named.get("title", "Director"), now=telling.now(step),
    )  # fmt: skip


@verb
def refuses(telling: Telling, step: Step) -> None:
    """`refuses AWARD reason=`: the applicant does not want what was offered."""
    decline_offer(
        actor=telling.actor(step.actor), award=step.words[0], reason=step.named["reason"], now=telling.now(step)
    )


@verb
def lapses(telling: Telling, step: Step) -> None:
    """`lapses`: lets every offer lapse whose last day has passed."""
    lapse_offers(telling.now(step))


@verb
def declines(telling: Telling, step: Step) -> None:
    """`declines APPLICATION [reason=]`."""
    decide_application(
        actor=telling.actor(step.actor), application=step.words[0], decision=Decision.DECLINE,
        decided_by="the committee", reason=step.named.get("reason", ""), now=telling.now(step),
    )  # fmt: skip


@verb
def ends(telling: Telling, step: Step) -> None:
    """`ends AWARD [reason=]`."""
    end_award(
        actor=telling.actor(step.actor), award=step.words[0], reason=step.named.get("reason", ""), now=telling.now(step)
    )


@verb
def meters(telling: Telling, step: Step) -> list[str]:
    """`meters JOB of= site= item= count= from= to= [award=] [revision=]`: takes in a run of a job.

    Says `held CODE` for each fault when it cannot be taken in.
    """
    told = step.named
    run = UsageRecord(
        site=told["site"],
        job=step.words[0],
        start=telling.instant(told["from"]),
        end=telling.instant(told["to"]),
        account=told["of"],
        award=told.get("award"),
        devices={told["item"]: int(told["count"])},
        device_seconds={},
        state="COMPLETED",
        revision=int(told.get("revision", "0")),
        interim=False,
        origin=Origin("story", step.line),
        cluster_key="",
    )
    intake = record_usage(
        [run], actor=telling.actor(step.actor), programme=telling.programme.id, now=telling.now(step), source="story"
    )
    return [f"held {fault.code}" for _, fault in intake.held]


@verb
def closes(telling: Telling, step: Step) -> None:
    """`closes MONTH`."""
    close_month(
        actor=telling.actor(step.actor), programme=telling.programme.id, month=Month.parse(step.words[0]),
        now=telling.now(step),
    )  # fmt: skip


@verb
def prints(telling: Telling, step: Step) -> list[str]:
    """`prints NUMBER [language=]`: returns those of the expected texts that the PDF shows."""
    paper = paper_of(document_by_number(telling.actor(step.actor), step.words[0]))
    pdf = PdfReader(io.BytesIO(content_of(paper, "pdf", step.named.get("language", "en"))))
    shown = " ".join("".join(page.extract_text() for page in pdf.pages).split())
    return [text for text in step.expected if text in shown]


STORIES = sorted((Path(__file__).parent / "stories").glob("*.txt"))
