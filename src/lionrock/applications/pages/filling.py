"""The form, a page for each part and each entry of it: shown, and saved by its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.applications.actions import Change, Fate, Saved, save_answers
from lionrock.applications.domain.answers import Value
from lionrock.applications.pages.boxes import Clash, Held, Written, clash, digest, questions, slots_of, typed_in
from lionrock.applications.pages.costs import cost_of
from lionrock.applications.pages.sheets import Sheet, part_address, sheet_for_authors, steps_of
from lionrock.kernel.errors import Conflict, Fault, LionrockError, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.viewer import viewer_of
from lionrock.rules.forms import Core, FormPart, Slot
from lionrock.web.sentences import translate


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the form: a part, or one entry of a part that repeats."""

    sheet: Sheet
    part: FormPart
    number: int

    @property
    def slots(self) -> list[Slot]:
        """The boxes on it."""
        return slots_of(self.part, self.number, self.sheet.category)

    @property
    def address(self) -> str:
        """Where it stands."""
        return part_address(self.sheet.application.code, self.part.id, self.number)

    def faults(self) -> dict[str, Fault]:
        """Return what is wrong with the answers on file; an empty box is no fault, but a gap."""
        asked, values = self.sheet.asked, self.sheet.values
        found = {slot.key: asked.fault(slot, values[slot.key]) for slot in self.slots if slot.key in values}
        return {key: fault for key, fault in found.items() if fault is not None}


@require_safe
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to the first page of the form that has a gap, or to the last one when there is none."""
    sheet = sheet_for_authors(viewer_of(request), code, timezone.now())
    steps = steps_of(sheet)
    return redirect(next((step.address for step in steps if step.gaps), steps[-1].address))


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, code: str, part: str, number: int = 0) -> HttpResponse:
    """Show one page of the form; what is posted is saved, whatever is wrong with it."""
    sheet = sheet_for_authors(viewer_of(request), code, timezone.now())
    if request.method == "POST":
        return _posted(request, sheet, part, number)
    if not sheet.is_open:
        return redirect("applications:show", code)
    leaf = leaf_of(sheet, part, number)
    if leaf.part.repeats and not number:
        return _overview(request, leaf)
    return _page(request, leaf, Written(sheet.answers, faults=leaf.faults()))


def leaf_of(sheet: Sheet, part_id: str, number: int) -> Leaf:
    """Return a page of the form; raises `NotFound` for a part or an entry that it does not have."""
    found = sheet.asked.form.part(part_id)
    if found is None or (number and number not in sheet.entries.get(part_id, ())):
        said = message(
            gettext_noop("The form of {application} has no page {part} {number}. It may have been removed."),
            application=sheet.application.code,
            part=found.names if found else part_id,
            number=number or "",
        )
        raise NotFound("applications.form.no_page", said)
    return Leaf(sheet, found, number)


def _page(request: HttpRequest, leaf: Leaf, written: Written, status: int = HTTPStatus.OK) -> HttpResponse:
    asks_what = any(each.core is Core.ITEM for each in leaf.part.fields)
    context = {
        **frame(leaf.sheet, leaf.address),
        "leaf": leaf,
        "heading": leaf.sheet.title_of(leaf.part, leaf.number) if leaf.number else "",
        "questions": questions(leaf.sheet.asked, leaf.slots, written),
        "faults": list(written.faults.values()),
        "clashes": [slot for slot in leaf.slots if slot.key in written.clashes],
        "cost": cost_of(leaf.sheet.application, leaf.sheet.now) if asks_what else None,
    }
    return render(request, "applications/part.html", context, status=status)


def _overview(request: HttpRequest, leaf: Leaf) -> HttpResponse:
    """Show the entries of a part that repeats."""
    context = {
        **frame(leaf.sheet, leaf.address),
        "leaf": leaf,
        "last": max(leaf.sheet.entries.get(leaf.part.id, (0,))),
        "full": len(leaf.sheet.entries.get(leaf.part.id, ())) >= leaf.part.most,
        "gaps": leaf.sheet.completeness.of_part(leaf.part.id, 0),
        "rows": [step for step in steps_of(leaf.sheet) if step.number and step.label == leaf.part.names],
    }
    return render(request, "applications/entries.html", context)


def frame(sheet: Sheet, here: str) -> dict[str, object]:
    """Return what every page of the form shows around it: the application, all steps, the one before and after."""
    steps = steps_of(sheet)
    place = next((index for index, step in enumerate(steps) if step.address == here), 0)
    return {
        "sheet": sheet,
        "application": sheet.application,
        "steps": steps,
        "here": here,
        "place": place + 1,
        "before": steps[place - 1] if place else None,
        "after": steps[place + 1] if place + 1 < len(steps) else None,
    }


# What was posted ----------------------------------------------------------------------------------


def _posted(request: HttpRequest, sheet: Sheet, part_id: str, number: int) -> HttpResponse:
    """Save what was touched; where there is nothing any more to save it in, show it once again to be copied."""
    try:
        leaf = leaf_of(sheet, part_id, number)
        return _saved_by_hand(request, leaf)
    except (Conflict, NotFound) as gone:
        return _too_late(request, sheet, gone)


def _too_late(request: HttpRequest, sheet: Sheet, why: LionrockError) -> HttpResponse:
    keys = [name.removeprefix("read:") for name in request.POST if name.startswith("read:")]
    typed = [text for key in keys for text in request.POST.getlist(key) if text.strip()]
    context = {"application": sheet.application, "sentence": translate(why.message), "typed": typed}
    return render(request, "applications/too_late.html", context, status=why.status)


def _saved_by_hand(request: HttpRequest, leaf: Leaf) -> HttpResponse:
    """Save what was touched; come back with what is wrong, or go where the button says."""
    posted, sheet = request.POST, leaf.sheet
    typed = {slot.key: typed_in(posted, slot) for slot in leaf.slots if f"read:{slot.key}" in posted}
    reads = {key: posted[f"read:{key}"] for key in typed}
    touched = {key: text for key, text in typed.items() if key != posted.get("theirs") and is_touched(text, reads[key])}
    changes = [change(sheet.answers, key, text, reads[key]) for key, text in touched.items()]
    saved = save_answers(actor=sheet.viewer, application=sheet.application.code, changes=changes, now=sheet.now)
    again = leaf_of(sheet.reread(), leaf.part.id, leaf.number)
    clashes, faults = clashes_of(again.sheet, saved), {**again.faults(), **not_kept(saved)}
    if clashes or faults:
        kept = {key: text for key, text in typed.items() if key in clashes or key in not_kept(saved)}
        return _page(request, again, Written(again.sheet.answers, kept, faults, clashes), 422)
    return _onwards(request, again)


def is_touched(text: Value, read: str) -> bool:
    """Tell whether a text differs from the one that the page was made with."""
    return digest(text) != read.partition(".")[2]


def change(answers: Mapping[str, Held], key: str, text: Value, read: str, sent: Value | None = None) -> Change:
    """Return what was typed with the version that it was typed over.

    `sent` is a text that the same page sent before, without hearing whether it arrived: where that
    one stands now, it is the one that was typed over.
    """
    version, held = read.partition(".")[0], answers.get(key)
    if held is not None and sent is not None and held.value == sent:
        return Change(key, text, held.version)
    return Change(key, text, int(version) if version.isascii() and version.isdecimal() else 0)


def not_kept(saved: Saved) -> dict[str, Fault]:
    """Return why some texts could not even be kept."""
    return {each.key: each.fault for each in saved.of(Fate.NOT_KEPT) if each.fault is not None}


def clashes_of(sheet: Sheet, saved: Saved) -> dict[str, Clash]:
    """Return what others wrote meanwhile in the boxes that were changed."""
    slots = sheet.asked.boxes(sheet.entries)
    return {
        each.key: clash(sheet.asked, slots[each.key], sheet.answers.get(each.key), sheet.zone)
        for each in saved.of(Fate.STALE)
        if each.key in slots
    }


def _onwards(request: HttpRequest, leaf: Leaf) -> HttpResponse:
    addresses = [step.address for step in steps_of(leaf.sheet)]
    go, here = request.POST.get("go", ""), addresses.index(leaf.address)
    if go == "before" and here:
        return redirect(addresses[here - 1])
    if go == "after":
        return redirect(addresses[here + 1])
    messages.success(request, gettext("Saved."))
    return redirect(leaf.address)
