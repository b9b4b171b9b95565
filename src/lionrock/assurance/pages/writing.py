"""Boxes in which applicants choose and write: saved as typed by the form's script, and by its buttons without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import QueryDict

from lionrock.applications.actions import Change, Fate, Saved
from lionrock.applications.domain.answers import Value
from lionrock.applications.pages.boxes import Choice, Clash, token
from lionrock.applications.pages.filling import change, is_touched
from lionrock.assurance.domain.rules import Question
from lionrock.assurance.models import Dossier, Written
from lionrock.assurance.queries.standing import NONE, QUESTION, written_of
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.shape import Names
from lionrock.web import writing
from lionrock.web.sentences import translate


@dataclass(frozen=True, slots=True)
class Box:
    """One box: what stands in it, which version that was read from, what is wrong with it, what clashed."""

    key: str
    value: Value
    read: str
    fault: Fault | None = None
    conflict: Clash | None = None
    lang: str = ""

    @property
    def chosen(self) -> list[str]:
        """What is chosen in it, in a box of choices."""
        return self.value if isinstance(self.value, list) else [self.value]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as the form's template shows it."""

    names: Names
    required: bool = True
    help: None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with its box and its choices, as `applications/parts/question.html` takes it."""

    field: Asking
    boxes: tuple[Box, ...]
    choices: tuple[Choice, ...]
    control: str


def shown(question: Question, box: Box) -> Shown:
    """Return a question to be shown; one that takes several answers offers "none of these", too."""
    choices = tuple(Choice(option.id, option.names) for option in question.options)
    if question.many:
        choices = (*choices, Choice(NONE, message(gettext_noop("None of these"))))
    return Shown(Asking(question.names), (box,), choices, "checkbox" if question.many else "radio")


def box_of(dossier: Dossier, key: str, empty: Value, faults: Mapping[str, Fault], clashes: Mapping[str, Clash]) -> Box:
    """Return one box of a dossier; after a clash it counts as read from the version that is shown now."""
    held = written_of(dossier).get(key)
    return Box(key, held.value if held else empty, token(held), faults.get(key), clashes.get(key))


def changes_in(dossier: Dossier, posted: QueryDict, many: Iterable[str]) -> list[Change]:
    """Return what was touched in a form that was posted; `many` are the keys that hold lists."""
    written, lists, found = written_of(dossier), set(many), []
    for name in posted:
        key = name.removeprefix("read:")
        if key == name or key == posted.get("theirs"):
            continue
        value, read = _typed(posted, key, lists), posted.get(name, "")
        if is_touched(value, read):
            found.append(change(written, key, value, read))
    return found


def _typed(posted: QueryDict, key: str, lists: set[str]) -> Value:
    if key in lists:
        return posted.getlist(key)
    return posted.get(key, "").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def clashes_of(dossier: Dossier, saved: Saved, zone: ZoneInfo, named: Mapping[str, str]) -> dict[str, Clash]:
    """Return what others wrote meanwhile in the boxes that were changed; `named` gives options their names."""
    written = written_of(dossier)
    return {each.key: _clash(written.get(each.key), zone, named) for each in saved.of(Fate.STALE)}


def _clash(theirs: Written | None, zone: ZoneInfo, named: Mapping[str, str]) -> Clash:
    template = gettext_noop("{author} changed this on {at}, while you were writing. What stands there now:")
    if theirs is None:
        said = message(gettext_noop("Somebody emptied this while you were writing."))
        return Clash(said, "", "", token(None))
    said = message(template, author=theirs.by, at=writing.instant(theirs.at, zone))
    value = theirs.value
    text = ", ".join(named.get(each, each) for each in value) if isinstance(value, list) else named.get(value, value)
    return Clash(said, value, text, token(theirs))


def faults_by_key(faults: Iterable[Fault]) -> dict[str, Fault]:
    """Return the faults of answers by the key of their box."""
    return {f"{QUESTION}{fault.field}": fault for fault in faults}


def answered(dossier: Dossier, saved: Saved, clashes: Mapping[str, Clash]) -> dict[str, object]:
    """Return what the form's script is told of each change: its new version, what is wrong, what clashed."""
    written = written_of(dossier)
    return {
        each.key: {
            "read": token(written.get(each.key)),
            "fault": translate(each.fault.message) if each.fault else "",
            "conflict": _both(clashes[each.key]) if each.key in clashes else None,
        }
        for each in saved.answers
    }


def _both(clash: Clash) -> dict[str, object]:
    return {"said": translate(clash.said), "value": clash.value, "shown": clash.shown, "read": clash.read}
