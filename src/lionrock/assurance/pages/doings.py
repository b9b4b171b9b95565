"""What can be done with a dossier, each on a page of its own: for whom, with which boxes, by which action."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language, gettext

from lionrock.assurance import actions
from lionrock.assurance.domain.assessing import State
from lionrock.assurance.domain.concluding import Conclusion
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.domain.states import OPEN_TO_APPLICANTS, TRANSITIONS, UNDER_REVIEW, DossierState, Expertise
from lionrock.assurance.models import Dossier
from lionrock.assurance.queries.dossiers import concludes, reviews, writes
from lionrock.assurance.queries.standing import assessed, edition_of, standing_ruling
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import holders_of
from lionrock.web.filling import Box
from lionrock.web.words import word

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to do: its name in the address, its heading, what is said above the boxes, the button."""

    name: str
    label: str
    lede: str
    button: str
    may: Callable[[Actor, Dossier], bool]
    boxes: Callable[[Actor, Dossier], Sequence[Box]]
    act: Callable[[Actor, Dossier, Typed, datetime], object]


def doings(viewer: Actor, dossier: Dossier) -> list[Thing]:
    """Return what the viewer can do with a dossier as it stands, labels in the language of the page."""
    return [_said(thing) for thing in THINGS if thing.may(viewer, dossier)]


def _said(thing: Thing) -> Thing:
    return replace(thing, label=gettext(thing.label), lede=gettext(thing.lede), button=gettext(thing.button))


def _state(dossier: Dossier, *states: DossierState) -> bool:
    return dossier.state in [state.value for state in states]


def _by_applicant(*states: DossierState) -> Callable[[Actor, Dossier], bool]:
    return lambda viewer, dossier: _state(dossier, *states) and writes(viewer, dossier)


def _by_officer(*states: DossierState) -> Callable[[Actor, Dossier], bool]:
    return lambda viewer, dossier: _state(dossier, *states) and concludes(viewer, dossier)


def _reason(label: str = gettext_noop("Why; it is kept in the history")) -> Box:
    return Box("reason", gettext(label), kind="area", longest=4000)


def chosen(typed: Typed, field: str, known: Sequence[str]) -> str:
    """Return what was chosen in a box; raises `Invalid` when nothing was that is offered there."""
    if typed.get(field, "") in known:
        return typed[field]
    said = message(gettext_noop("Nothing is chosen in {field}. Choose one."), field=field)
    raise Invalid("assurance.choose", said, faults=[Fault("assurance.choose", said, field=field, value="")])


def _to(dossier: Dossier, actor: Actor, now: datetime) -> dict[str, Any]:
    return {"actor": actor, "application": dossier.application.code, "now": now}


# Applicants -----------------------------------------------------------------------------------------


def _reply(actor: Actor, dossier: Dossier, typed: Typed, now: datetime) -> object:
    asked = chosen(typed, "asked", [value for value, _ in _open_questions(dossier)])
    return actions.answer_reviewer(**_to(dossier, actor, now), asked=int(asked), text=typed["text"])


def _open_questions(dossier: Dossier) -> list[tuple[str, str]]:
    return [(str(row.pk), row.text) for row in dossier.asked.filter(answered_at=None)]


def _reply_boxes(_viewer: Actor, dossier: Dossier) -> list[Box]:
    choices = _open_questions(dossier)
    first = choices[0][0] if len(choices) == 1 else ""
    return [
        Box("asked", gettext("Which question"), kind="choice", choices=choices, value=first),
        Box("text", gettext("Your answer"), kind="area", longest=4000),
    ]


def _pass_point(actor: Actor, dossier: Dossier, typed: Typed, now: datetime) -> object:
    point = Binding.BEFORE_MILESTONE if typed["milestone"] else Binding.BEFORE_RELEASE
    return actions.pass_point(**_to(dossier, actor, now), point=point, milestone=typed["milestone"])


def _point_boxes(_viewer: Actor, _dossier: Dossier) -> list[Box]:
    help_text = gettext("Leave it empty when the results are released: put to use or published.")
    return [Box("milestone", gettext("Which milestone"), help=help_text, required=False)]


# Reviewers ------------------------------------------------------------------------------------------


def _ask_boxes(_viewer: Actor, dossier: Dossier) -> list[Box]:
    return [
        Box("item", gettext("About which item"), kind="select", choices=_items(dossier), required=False),
        Box("reason", gettext("Your question"), kind="area", longest=4000),
    ]


def _items(dossier: Dossier) -> list[tuple[str, str]]:
    language = get_language() or "en"
    applying = [each.item for each in assessed(dossier).items if each.state is not State.NOT_APPLICABLE]
    named = [(item.id, f"{item.id} {item.names.in_language(language)}") for item in applying]
    return [("", gettext("The whole")), *named]


def _ask(actor: Actor, dossier: Dossier, typed: Typed, now: datetime) -> object:
    return actions.ask_applicants(**_to(dossier, actor, now), text=typed["reason"], item=typed["item"])


def _may_ask(viewer: Actor, dossier: Dossier) -> bool:
    return not _state(dossier, DossierState.DRAFT) and (concludes(viewer, dossier) or bool(reviews(viewer, dossier)))


# Who concludes --------------------------------------------------------------------------------------

_CONCLUSIONS: Final = {
    Conclusion.THROUGH: gettext_noop("Pass"),
    Conclusion.WITH_CONDITIONS: gettext_noop("Pass with the conditions that are laid down"),
    Conclusion.REFER: gettext_noop("Refer to a specialist"),
    Conclusion.REFUSE: gettext_noop("Refuse"),
}


def _conclude_boxes(_viewer: Actor, dossier: Dossier) -> list[Box]:
    state = DossierState(dossier.state)
    choices = [
        (each.value, gettext(label)) for each, label in _CONCLUSIONS.items() if (state, each.value) in TRANSITIONS
    ]
    return [Box("conclusion", gettext("How it ends"), kind="choice", choices=choices), _reason()]


def _conclude(actor: Actor, dossier: Dossier, typed: Typed, now: datetime) -> object:
    conclusion = Conclusion(chosen(typed, "conclusion", [each.value for each in Conclusion]))
    return actions.conclude(**_to(dossier, actor, now), conclusion=conclusion, reason=typed["reason"])


def _reviewer_boxes(_viewer: Actor, dossier: Dossier) -> list[Box]:
    people = holders_of(Role.ASSESSOR, Role.COMPLIANCE, programme=dossier.programme)
    expertises = [(each.value, word(f"expertise_{each.value}")) for each in Expertise]
    return [
        Box("person", gettext("Who"), kind="select", choices=[(email, email) for email in people]),
        Box("expertise", gettext("For which items"), kind="choice", choices=expertises),
    ]


def _ask_reviewer(actor: Actor, dossier: Dossier, typed: Typed, now: datetime) -> object:
    expertise = Expertise(chosen(typed, "expertise", [each.value for each in Expertise]))
    return actions.ask_reviewer(**_to(dossier, actor, now), person=typed["person"], expertise=expertise)


def _tier_boxes(_viewer: Actor, dossier: Dossier) -> list[Box]:
    language = get_language() or "en"
    choices = [(tier.id, tier.names.in_language(language)) for tier in edition_of(dossier).tiers]
    return [Box("tier", gettext("The tier that the review sets"), kind="choice", choices=choices), _reason()]


def _set_tier(actor: Actor, dossier: Dossier, typed: Typed, now: datetime) -> object:
    return actions.set_tier(**_to(dossier, actor, now), tier=typed["tier"], reason=typed["reason"])


def _may_agree(viewer: Actor, dossier: Dossier) -> bool:
    ruling = standing_ruling(dossier)
    waits = ruling is not None and ruling.agreed_at is None
    return waits and ruling is not None and ruling.asked_by != viewer.email and concludes(viewer, dossier)


def _agree_boxes(_viewer: Actor, _dossier: Dossier) -> list[Box]:
    choices = [("agree", gettext("I agree to the lower tier")), ("refuse", gettext("The tier stays as it is"))]
    return [Box("agree", gettext("What you decide"), kind="choice", choices=choices), _reason()]


def _agree(actor: Actor, dossier: Dossier, typed: Typed, now: datetime) -> object:
    agree = chosen(typed, "agree", ["agree", "refuse"]) == "agree"
    return actions.agree_to_lower(**_to(dossier, actor, now), agree=agree, reason=typed["reason"])


def _condition_boxes(_viewer: Actor, dossier: Dossier) -> list[Box]:
    points = [(each.value, word(f"binds_{each.value}")) for each in Binding]
    return [
        Box("item", gettext("On which item"), kind="select", choices=_items(dossier)[1:]),
        Box("proof", gettext("What has to be handed in"), kind="area", longest=2000),
        Box(
            "owner",
            gettext("Who has to meet it"),
            kind="email",
            help=gettext("The e-mail address of a person on file."),
        ),
        Box("due", gettext("Until when"), kind="date"),
        Box("binds", gettext("Before what it binds"), kind="choice", choices=points),
        Box("milestone", gettext("Which milestone"), required=False),
    ]


def _lay(actor: Actor, dossier: Dossier, typed: Typed, now: datetime) -> object:
    binds = Binding(chosen(typed, "binds", [each.value for each in Binding]))
    return actions.lay_condition(
        **_to(dossier, actor, now),
        item=typed["item"],
        owner=typed["owner"],
        due=_day(typed["due"]),
        proof=typed["proof"],
        binds=binds,
        milestone=typed["milestone"],
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        said = message(gettext_noop("“{value}” is no day. Write one such as 2026-12-31."), value=text)
        fault = Fault("assurance.condition.day", said, field="due", value=text)
        raise Invalid(fault.code, said, faults=[fault]) from wrong


def _reopen(actor: Actor, dossier: Dossier, typed: Typed, now: datetime) -> object:
    return actions.reopen_dossier(**_to(dossier, actor, now), reason=typed["reason"])


_SETTLED: Final = (DossierState.PASSED, DossierState.CONDITIONAL)
THINGS: Final[tuple[Thing, ...]] = (
    Thing(
        "reply",
        gettext_noop("Answer a question of the reviewers"),
        gettext_noop("An answer stays as it was given. When all are answered, hand the dossier in again."),
        gettext_noop("Answer"),
        lambda viewer, dossier: bool(_open_questions(dossier)) and writes(viewer, dossier),
        _reply_boxes,
        _reply,
    ),
    Thing(
        "hand-in",
        gettext_noop("Hand it in"),
        gettext_noop(
            "A project of the lowest tier passes at once, by its declaration. Any other goes to the reviewers."
        ),
        gettext_noop("Hand it in"),
        _by_applicant(*OPEN_TO_APPLICANTS),
        lambda _viewer, _dossier: [],
        lambda actor, dossier, _typed, now: actions.hand_in(**_to(dossier, actor, now)),
    ),
    Thing(
        "point",
        gettext_noop("Pass a milestone, or release the results"),
        gettext_noop("What binds there has to be settled first; nothing passes before."),
        gettext_noop("Pass it"),
        _by_applicant(*_SETTLED),
        _point_boxes,
        _pass_point,
    ),
    Thing(
        "ask",
        gettext_noop("Ask the applicants"),
        gettext_noop("While the review is not concluded, the dossier is with them until they have answered."),
        gettext_noop("Ask"),
        _may_ask,
        _ask_boxes,
        _ask,
    ),
    Thing(
        "reviewer",
        gettext_noop("Ask a reviewer"),
        gettext_noop("Who is asked declares interests first, and sees nothing of it before."),
        gettext_noop("Ask"),
        _by_officer(*DossierState),
        _reviewer_boxes,
        _ask_reviewer,
    ),
    Thing(
        "condition",
        gettext_noop("Lay down a condition"),
        gettext_noop("It carries its item to the point before which it binds: the system holds the project there."),
        gettext_noop("Lay it down"),
        _by_officer(*UNDER_REVIEW, DossierState.QUESTIONED, *_SETTLED),
        _condition_boxes,
        _lay,
    ),
    Thing(
        "tier",
        gettext_noop("Set another tier"),
        gettext_noop("A higher one stands at once. A lower one waits for a second person."),
        gettext_noop("Set it"),
        _by_officer(*UNDER_REVIEW),
        _tier_boxes,
        _set_tier,
    ),
    Thing(
        "agree",
        gettext_noop("Agree to a lower tier, or not"),
        gettext_noop("You are the second person: look at it yourself."),
        gettext_noop("Keep this"),
        _may_agree,
        _agree_boxes,
        _agree,
    ),
    Thing(
        "conclude",
        gettext_noop("Conclude the review"),
        gettext_noop("What binds before the award has to be found enough, or carried by a condition."),
        gettext_noop("Conclude"),
        _by_officer(*UNDER_REVIEW),
        _conclude_boxes,
        _conclude,
    ),
    Thing(
        "reopen",
        gettext_noop("Open the review again"),
        gettext_noop("Until it is concluded again, the project is held."),
        gettext_noop("Open it again"),
        _by_officer(*_SETTLED, DossierState.REFUSED),
        lambda _viewer, _dossier: [_reason()],
        _reopen,
    ),
)
"""In this order on the page."""
