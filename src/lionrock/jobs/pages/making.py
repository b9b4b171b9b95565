"""Choosing a template, filling it in, seeing script, cost and waiting time, and submitting."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.awards.domain import AwardState
from lionrock.awards.models import Award
from lionrock.awards.queries import awards
from lionrock.jobs.actions import submit_job
from lionrock.jobs.domain.requests import MOST_FILE_BYTES, JobRequest, read_after
from lionrock.jobs.domain.templates import (
    SCRIPT_FILE,
    FilledIn,
    Kind,
    Parameter,
    Template,
    duration_text,
    fill_in,
    wrong_value,
)
from lionrock.jobs.estimating import Estimate, estimate_job
from lionrock.jobs.queries import driver_of, job_by_code, template_by_id, templates
from lionrock.jobs.templated import templated_request
from lionrock.kernel.errors import Fault, Invalid, LionrockError, NotAllowed, NotFound, Refused, Unavailable, collecting
from lionrock.kernel.messages import gettext_noop
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.items import Item
from lionrock.rules.shape import Names
from lionrock.sites.models import Site
from lionrock.sites.queries import sites
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.listing import in_language
from lionrock.web.uploads import was_cut_off


@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """Show the templates to choose from."""
    viewer = viewer_of(request)
    context = {
        "templates": list(templates().values()),
        "award": request.GET.get("award", ""),
        "awards": _own_awards(viewer),
    }
    return render(request, "jobs/new.html", context)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was brought: its text, or why there is none; `kept` carries it from one try to the next."""

    text: str = ""
    kept: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """A form as it was sent: the boxes' texts and the files."""

    typed: Mapping[str, str]
    uploads: Mapping[str, Upload]


@require_http_methods(["GET", "HEAD", "POST"])
def from_template(request: HttpRequest, template: str) -> HttpResponse:
    """Show the form of a template; sent back, show script and estimate, hand out the script, or submit the job."""
    viewer, form, now = viewer_of(request), template_by_id(template), timezone.now()
    boxes = _boxes(viewer, form, request)
    if request.method != "POST":
        filling = _again(viewer, form, request.GET.get("again", ""))
        return _form(request, viewer, form, filled(boxes, filling.typed), filling, now)
    filling = Filling(typed_in(boxes, request.POST), _uploads(form, request))
    verb = request.POST.get("verb", "look")
    try:
        asked = request_of(form, filling)
        if verb == "save":
            return _script(form, asked)
        if verb == "submit":
            job = submit_job(actor=viewer, request=asked, now=now)
            messages.success(request, gettext("The job is submitted."))
            return redirect("jobs:show", job.code)
    except Invalid as wrong:
        return _form(request, viewer, form, boxes, filling, now, wrong)
    except Refused as wrong:
        return _form(request, viewer, form, filled(boxes, filling.typed), filling, now, wrong)
    return _form(request, viewer, form, filled(boxes, filling.typed), filling, now)


def request_of(form: Template, filling: Filling) -> JobRequest:
    """Return what is asked for; raises `Invalid` with every fault of the form."""
    faults: list[Fault] = []
    made: FilledIn | None = None
    after: tuple[tuple[str, str], ...] = ()
    values = {one.name: filling.typed.get(one.name, "") for one in form.parameters}
    for one in form.parameters:
        if one.kind is Kind.FILE:
            upload = filling.uploads.get(one.name, Upload())
            values[one.name] = upload.text
            if upload.wrong:
                faults += wrong_value(one, "", upload.wrong, most=one.longest).faults
    with collecting(faults):
        made = fill_in(form, values)
    with collecting(faults):
        after = read_after(filling.typed.get("after", "").replace(",", " ").split())
    if faults or made is None:
        raise Invalid("jobs.template.invalid", faults[0].message, faults=faults)
    return _asked(made, form, filling.typed, after)


def _asked(made: FilledIn, form: Template, typed: Mapping[str, str], after: tuple[tuple[str, str], ...]) -> JobRequest:
    award = Award.objects.filter(code=typed.get("award", "")).first()
    return templated_request(
        form,
        made,
        award=typed.get("award", ""),
        site=typed.get("site", ""),
        name=typed.get("name", ""),
        array=made.array if award and _has_arrays(award, typed.get("site", "")) else "",
        after=after,
        requeue=typed.get("requeue") == "yes",
    )


def _has_arrays(award: Award, site: str) -> bool:
    """Tell whether the site has arrays; one without them gets the script alone, which runs all tasks itself."""
    found = Site.objects.filter(programme=award.programme)
    chosen = (found.filter(code=site) if site else found).first()
    return chosen is not None and driver_of(chosen).capabilities().arrays


def _own_awards(viewer: Actor) -> list[Award]:
    """Return the awards under which the viewer may submit, the latest first."""
    found = awards(viewer).filter(state=AwardState.ACTIVE.value).select_related("application", "organisation")
    found = found if viewer.operator else found.filter(organisation__code__in=viewer.organisations())
    return list(found.order_by("-accepted_at", "-code"))


def _boxes(viewer: Actor, form: Template, request: HttpRequest) -> list[Box]:
    held = _own_awards(viewer)
    choices = [(each.code, f"{in_language(each.application, 'title')} ({each.code})") for each in held]
    asked = request.GET.get("award", "")
    award = asked if asked in dict(choices) else (choices[0][0] if choices else "")
    programmes = {each.programme for each in held}
    places = [(site.code, in_language(site, "name")) for site in sites(viewer).filter(programme__in=programmes)]
    boxes = [Box("award", gettext("Award that pays"), kind="select", choices=choices, value=award)]
    if len(places) > 1:
        boxes.append(Box("site", gettext("Where it runs"), kind="select", choices=places, value=places[0][0]))
    boxes += [_box(one) for one in form.parameters]
    return [*boxes, *_more()]


MORE = ("name", "after", "requeue")
"""Boxes that most people leave as they are."""


def _more() -> list[Box]:
    yes_no = [("no", gettext("No")), ("yes", gettext("Yes"))]
    return [
        Box("name", gettext("Name of the job"), required=False, longest=100),
        Box(
            "after",
            gettext("Start only after these jobs"),
            required=False,
            help=gettext(
                "Codes such as JOB-2026-0001. They have to succeed; afterany:JOB-2026-0001 waits for any end."
            ),
        ),
        Box(
            "requeue",
            gettext("May the site run it again by itself when a machine fails?"),
            kind="choice",
            choices=yes_no,
            value="no",
        ),
    ]


_TYPES = {Kind.CHOICE: "select", Kind.FILE: "file"}


def _box(one: Parameter) -> Box:
    kind = "area" if one.lines > 1 else _TYPES.get(one.kind, "text")
    return Box(
        one.name,
        _named(one.label),
        kind=kind,
        help=_help(one),
        required=one.required,
        longest=one.longest if one.kind is Kind.TEXT else 40,
        choices=[(value, _named(label)) for value, label in one.choices],
        value=one.default,
    )


def _help(one: Parameter) -> str:
    written = _named(one.help) if one.help else ""
    if one.kind is Kind.FILE:
        limits = gettext("At most {most} KiB.").format(most=one.longest // 1024)
    elif one.least is not None and one.most is not None:
        limits = gettext("From {least} to {most}.").format(least=_limit(one, one.least), most=_limit(one, one.most))
    else:
        limits = ""
    return " ".join(part for part in (written, limits) if part)


def _limit(one: Parameter, value: object) -> str:
    return duration_text(int(str(value))) if one.kind is Kind.TIME else str(value)


def _named(names: Names) -> str:
    return names.in_language(get_language() or "en")


def _uploads(form: Template, request: HttpRequest) -> dict[str, Upload]:
    cut_off = was_cut_off(request)
    return {one.name: _upload(one, request, cut_off) for one in form.parameters if one.kind is Kind.FILE}


def _upload(one: Parameter, request: HttpRequest, cut_off: bool) -> Upload:
    brought = request.FILES.get(one.name)
    if not isinstance(brought, UploadedFile):
        return Upload(wrong=_TOO_LARGE) if cut_off else _kept(request.POST.get(f"{one.name}-kept", ""))
    if (brought.size or 0) > min(one.longest, MOST_FILE_BYTES):
        return Upload(wrong=_TOO_LARGE)
    try:
        text = brought.read().decode("utf-8")
    except UnicodeDecodeError:
        return Upload(wrong=_NO_TEXT)
    return Upload(text, _as_kept(text))


_TOO_LARGE = gettext_noop("The file for {field} is larger than {most} bytes. Put data where the job can read it.")
_NO_TEXT = gettext_noop("The file for {field} is not a text in UTF-8. Put data where the job can read it.")


def _as_kept(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _kept(written: str) -> Upload:
    try:
        text = base64.b64decode(written, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return Upload()
    return Upload(text, written)


def _again(viewer: Actor, form: Template, code: str) -> Filling:
    """Return what was filled in for an earlier job, to submit it again; nothing without one."""
    if not code:
        return Filling({}, {})
    job = job_by_code(viewer, code)
    if job.template != form.id:
        return Filling({}, {})
    typed = {"award": job.award.code, "site": job.site.code, "name": job.name}
    uploads: dict[str, Upload] = {}
    for one in form.parameters:
        value = str(job.parameters.get(one.name, one.default))
        text = str(job.files.get(one.into, "")) if one.into and value else value
        if one.kind is Kind.FILE:
            uploads[one.name] = Upload(text, _as_kept(text)) if text else Upload()
        else:
            typed[one.name] = text
    return Filling(typed, uploads)


def _script(form: Template, asked: JobRequest) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{form.id}.sh"', "Cache-Control": "private, no-store"}
    return HttpResponse(asked.files[SCRIPT_FILE], content_type="text/x-shellscript; charset=utf-8", headers=headers)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown beside the form: the script, and the estimate or why there is none."""

    script: str
    estimate: Estimate | None
    wrong: LionrockError | None

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone of the times: the programme's."""
        return programme_on_file(self.estimate.award.programme).zone if self.estimate else None

    @property
    def item(self) -> Item | None:
        """What the award is for."""
        award = self.estimate.award if self.estimate else None
        return programme_on_file(award.programme).item(award.item) if award else None


def _answer(viewer: Actor, form: Template, filling: Filling, boxes: list[Box], now: datetime) -> Answer | None:
    typed = {box.name: box.value for box in boxes}
    try:
        asked = request_of(form, replace(filling, typed=typed))
    except Invalid:
        return None
    script = asked.files[SCRIPT_FILE]
    if not asked.award:
        return Answer(script, None, None)
    try:
        return Answer(script, estimate_job(actor=viewer, request=asked, now=now), None)
    except (Invalid, Refused, Unavailable, NotFound, NotAllowed) as error:
        return Answer(script, None, error)


def _form(
    request: HttpRequest,
    viewer: Actor,
    form: Template,
    boxes: list[Box],
    filling: Filling,
    now: datetime,
    wrong: LionrockError | None = None,
) -> HttpResponse:
    if isinstance(wrong, Invalid):
        wrong = in_words(wrong, boxes)
        boxes = filled(boxes, filling.typed, wrong.faults)
    context = {
        "form": form,
        "rows": [_row(box, filling) for box in boxes if box.name not in MORE],
        "more": [box for box in boxes if box.name in MORE],
        "wrong": wrong,
        "answer": None if isinstance(wrong, Invalid) else _answer(viewer, form, filling, boxes, now),
        "has_award": bool(boxes[0].choices),
    }
    return render(request, "jobs/form.html", context, status=wrong.status if wrong else 200)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A box as the template writes it; a file box says what it holds already."""

    box: Box
    kept: str
    kept_bytes: int

    @property
    def alone(self) -> list[Box]:
        """The box as the list that `web/parts/boxes.html` takes."""
        return [self.box]


def _row(box: Box, filling: Filling) -> FormRow:
    upload = filling.uploads.get(box.name, Upload())
    return FormRow(box, upload.kept, len(upload.text.encode()))
