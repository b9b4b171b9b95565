"""An item of a dossier: what was put on file, what reviewers found; and the catalogue of items with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.applications.actions import Fate
from lionrock.applications.files import content_of
from lionrock.applications.pages.boxes import Clash
from lionrock.applications.pages.documents import handed_out
from lionrock.applications.pages.uploading import sent_files
from lionrock.assurance.actions import give_opinion, put_on_file, save_written, take_off_file
from lionrock.assurance.actions.filing import no_such_file, require_item
from lionrock.assurance.domain.rules import Item
from lionrock.assurance.domain.states import DossierState, Judgement
from lionrock.assurance.models import Dossier
from lionrock.assurance.pages.doings import chosen
from lionrock.assurance.pages.showing import item_standing
from lionrock.assurance.pages.writing import box_of, changes_in, clashes_of
from lionrock.assurance.queries.dossiers import dossier_by_code, reviews, writes
from lionrock.assurance.queries.standing import ITEM, assessed, book_now
from lionrock.kernel.errors import Fault, Invalid, LionrockError, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone, programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.shape import nearest
from lionrock.web.filling import Box, filled, typed_in


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """Show one item of a dossier with its sources; take what applicants put on file, and what reviewers find."""
    viewer = viewer_of(request)
    dossier = dossier_by_code(viewer, code)
    require_item(dossier, item)
    if request.method != "POST":
        return _page(request, viewer, dossier, item)
    try:
        clashes = _take(request, viewer, dossier, item)
    except Invalid as wrong:
        return _page(request, viewer, dossier_by_code(viewer, code), item, wrong=wrong)
    if clashes:
        return _page(request, viewer, dossier_by_code(viewer, code), item, clashes=clashes)
    messages.success(request, gettext("It is kept."))
    return redirect("assurance:item", code, item)


def _take(request: HttpRequest, viewer: Actor, dossier: Dossier, item: str) -> dict[str, Clash]:
    """Do what the form that was posted is for: a file, an opinion, or the text."""
    now, code = timezone.now(), dossier.application.code
    if request.POST.get("do") == "attach":
        for file in sent_files(request):
            content = cast("BinaryIO", file)
            put_on_file(actor=viewer, application=code, item=item, name=file.name or "", content=content, now=now)
        return {}
    if request.POST.get("do") == "opinion":
        typed = typed_in(_opinion_boxes(), request.POST)
        judgement = Judgement(chosen(typed, "judgement", [each.value for each in Judgement]))
        give_opinion(actor=viewer, application=code, item=item, judgement=judgement, text=typed["reason"], now=now)
        return {}
    changes = changes_in(dossier, request.POST, ())
    saved = save_written(actor=viewer, application=code, changes=changes, now=now)
    faults = [each.fault for each in saved.of(Fate.NOT_KEPT) if each.fault]
    if faults:
        raise Invalid("assurance.item", faults[0].message, faults=faults)
    return clashes_of(dossier_by_code(viewer, code), saved, programme_on_file(dossier.programme).zone, {})


def _opinion_boxes() -> list[Box]:
    choices = [
        (Judgement.ENOUGH.value, gettext("What is on file is enough")),
        (Judgement.NOT_ENOUGH.value, gettext("It is not enough")),
    ]
    help_text = gettext("The applicants read it; without your name.")
    return [
        Box("judgement", gettext("What you find"), kind="choice", choices=choices),
        Box("reason", gettext("Why, and what is missing"), kind="area", required=False, longest=4000, help=help_text),
    ]


def _page(
    request: HttpRequest,
    viewer: Actor,
    dossier: Dossier,
    name: str,
    *,
    wrong: LionrockError | None = None,
    clashes: Mapping[str, Clash] | None = None,
) -> HttpResponse:
    state = next(each for each in assessed(dossier).items if each.item.id == name)
    boxes, posted = _opinion_boxes(), request.POST
    faults: tuple[Fault, ...] = tuple(wrong.faults) if wrong else ()
    box = box_of(dossier, f"{ITEM}{name}", "", {}, clashes or {})
    context = {
        "dossier": dossier,
        "application": dossier.application,
        "state": state,
        "item": state.item,
        "standing": item_standing(dossier, state),
        "binds": f"binds_{state.item.binds.value}",
        "expertise": f"expertise_{state.item.expertise.value}",
        "box": box,
        "text": posted.get(box.key, box.value) if wrong else box.value,
        "writes": writes(viewer, dossier) and dossier.state != DossierState.REFUSED.value,
        "names_reviewers": not writes(viewer, dossier),
        "files": [file for file in dossier.evidence.all() if file.item == name and file.removed_at is None],
        "opinions": [each for each in dossier.opinions.all() if each.item == name],
        "asked": [each for each in dossier.asked.all() if each.item == name],
        "may_judge": state.item.expertise in reviews(viewer, dossier) and dossier.round > 0,
        "boxes": filled(boxes, typed_in(boxes, posted), faults) if wrong else boxes,
        "wrong": wrong,
        "zone": programme_on_file(dossier.programme).zone,
    }
    status = wrong.status if wrong else 422 if clashes else 200
    return render(request, "assurance/item.html", context, status=status)


@require_safe
def evidence(request: HttpRequest, code: str, file: int) -> FileResponse:
    """Hand out a file that was put on file, to whoever may see the dossier."""
    dossier = dossier_by_code(viewer_of(request), code)
    found = dossier.evidence.filter(pk=file).first()
    if found is None:
        raise no_such_file(code)
    return handed_out(content_of(found.sha256, found.name), found.name, found.media_type)


@require_POST
def remove(request: HttpRequest, code: str, file: int) -> HttpResponse:
    """Take a file out; what is out already stays out."""
    found = take_off_file(actor=viewer_of(request), application=code, evidence=file, now=timezone.now())
    messages.success(request, gettext("It was removed."))
    return redirect("assurance:item", code, found.item)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the items that stand today, of every profile."""
    on = local_date(timezone.now(), house_zone())
    book = book_now()
    edition = book.at(on)
    rows = [(each, f"binds_{each.binds.value}", book.profiles[each.profile]) for each in edition.items]
    context = {"rows": rows, "tiers": edition.tiers, "editions": edition.ids, "on": on}
    return render(request, "assurance/catalogue.html", context)


@require_safe
def catalogue_item(request: HttpRequest, item: str) -> HttpResponse:
    """Show one item with its sources, in every edition that is on file."""
    found = [each for each in book_now().items if each.id == item.upper()]
    if not found:
        said = message(
            gettext_noop("{item} is no item of review. Perhaps you meant: {known}."),
            item=item,
            known=nearest(item.upper(), {each.id for each in book_now().items}),
        )
        raise NotFound("assurance.item.unknown", said)
    context = {"editions": [_edition(each) for each in sorted(found, key=lambda each: each.since, reverse=True)]}
    return render(request, "assurance/catalogue_item.html", context | {"item": found[-1]})


def _edition(each: Item) -> tuple[Item, str, str]:
    return each, f"binds_{each.binds.value}", f"expertise_{each.expertise.value}"
