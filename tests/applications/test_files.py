"""Files sent with an application: what is taken, what is refused, who sees it, and what a killed process leaves."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.applications.filling import pdf
from tests.applications.spoilt_files import REFUSED, TAKEN, office, png
from tests.calls.world import NOW, World, holder, member

from lionrock.applications.actions import attach, remove_attachment, submit_application
from lionrock.applications.actions.attaching import clean_name
from lionrock.applications.files import arriving, file_of, keep, place_of
from lionrock.applications.models import Admission, Application, Attachment, Standing
from lionrock.applications.queries import attachments_of, files_of
from lionrock.audit.models import AuditRecord
from lionrock.intake.actions import return_application
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotFound, Unavailable
from lionrock.people.domain import Actor, Role

MEMBER = member("harbour-university")
OFFICE = holder(Role.OFFICE, "hk-aiss-demo")
LARGEST = 20 << 20


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """A home of its own."""
    settings.LIONROCK_HOME = tmp_path / "home"
    return tmp_path / "home"


@pytest.fixture
def draft(world: World) -> Application:
    """An application with all the documents that are owed, and no others."""
    return world.drafted(world.open_call())


def sent(
    draft: Application, content: bytes, document: str = "other", name: str = "plan.pdf", **more: Any
) -> Attachment:
    """Attach a file."""
    given = {"actor": MEMBER, "application": draft.code, "document": document, "name": name, "now": NOW}
    return attach(content=io.BytesIO(content), **(given | more))


def left_on_disk(home: Path) -> list[str]:
    """Return the names of all files under the home."""
    return sorted(path.name for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_is_told_by_its_content(name: str, home: Path) -> None:
    content, media_type, pages = TAKEN[name]
    with arriving(io.BytesIO(content), name="named-anyhow.exe", most_bytes=LARGEST, now=NOW) as arrived:
        assert (arrived.media_type, arrived.pages, arrived.size) == (media_type, pages, len(content))
        assert keep(arrived).read_bytes() == content
    assert left_on_disk(home) == [arrived.sha256]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_why_and_leaves_nothing(name: str, home: Path) -> None:
    content, code = REFUSED[name]
    with pytest.raises(Invalid) as refused, arriving(io.BytesIO(content), name=name, most_bytes=LARGEST, now=NOW):
        pass
    (fault,) = refused.value.faults
    assert (fault.code, fault.field, fault.value) == (f"applications.file.{code}", "file", name)
    assert name in str(fault)
    assert left_on_disk(home) == []


def test_a_file_above_the_limit_is_not_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        read_so_far = 0

        def read(self, size: int = -1) -> bytes:
            self.read_so_far += size
            return b"%PDF-" + b"x" * (size - 5)

    endless = Endless()
    with (
        pytest.raises(Invalid, match="more than 20 MB"),
        arriving(endless, name="big.pdf", most_bytes=LARGEST, now=NOW),
    ):  # type: ignore[arg-type]
        pass
    assert endless.read_so_far < LARGEST * 2


def test_a_file_is_attached_once_and_found_again(draft: Application, home: Path) -> None:
    made = sent(draft, pdf(2))
    assert (made.name, made.media_type, made.pages, made.added_by) == ("plan.pdf", "application/pdf", 2, MEMBER.email)
    assert sent(draft, pdf(2), name="again.pdf") == made
    assert AuditRecord.objects.filter(action="applications.attach").count() == 1
    assert file_of(MEMBER, draft.code, made.pk).path.read_bytes() == pdf(2)
    assert left_on_disk(home) == [made.sha256]
    assert place_of(made.sha256).stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"


@pytest.mark.parametrize(
    ("document", "content", "code"),
    [
        ("diary", pdf(), "applications.file.document"),
        ("proposal", office(), "applications.file.kind"),
        ("proposal", png(), "applications.file.kind"),
        ("team", png(), "applications.file.kind"),
        ("proposal", pdf(11), "applications.file.pages"),
        ("other", b"\0" * (LARGEST + 1), "applications.file.large"),
    ],
)
def test_each_document_takes_what_the_programme_says(
    draft: Application, document: str, content: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        sent(draft, content, document)
    assert refused.value.code == code
    assert not AuditRecord.objects.filter(action="applications.attach").exists()


def test_ten_pages_are_ten(draft: Application) -> None:
    assert sent(draft, pdf(10), "proposal").pages == 10


def test_all_files_together_stay_below_the_limit(draft: Application) -> None:
    Attachment.objects.filter(application=draft).update(size=(LARGEST - len(pdf())) // 3)
    assert sent(draft, pdf()).size == len(pdf())
    with pytest.raises(Invalid, match="21 MB together; 20 are allowed") as refused:
        sent(draft, png(), "other")
    assert refused.value.code == "applications.file.large_together"
    remove_attachment(actor=MEMBER, application=draft.code, attachment=files_of(draft)[0].pk, now=NOW)
    assert sent(draft, png(), "other")


def test_there_are_not_endlessly_many(draft: Application) -> None:
    model = files_of(draft)[0]
    Attachment.objects.bulk_create(
        Attachment(**{**{field.name: getattr(model, field.name) for field in model._meta.fields}, "id": None})
        for _ in range(57)
    )
    with pytest.raises(Invalid, match="file 61; 60 are taken"):
        sent(draft, pdf())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\chan\\計劃書.pdf", "計劃書.pdf"),
        ("two\nlines\x00.pdf", "twolines.pdf"),
        ("right\u202efdp.exe", "rightfdp.exe.pdf"),
        ("...", "file.pdf"),
        ("plan", "plan.pdf"),
        ("PLAN.PDF", "PLAN.PDF"),
        ("x" * 400 + ".pdf", "x" * 140 + ".pdf"),
    ],
)
def test_a_name_becomes_one_that_can_be_shown_and_no_path(draft: Application, name: str, kept: str) -> None:
    assert sent(draft, pdf(), name=name).name == kept
    assert clean_name(kept) == kept, "so that it comes back the same from an archive"


def test_a_removed_file_is_out_and_stays_on_file(draft: Application) -> None:
    made = sent(draft, pdf())
    for _ in range(2):
        remove_attachment(actor=MEMBER, application=draft.code, attachment=made.pk, now=NOW)
    assert made not in files_of(draft)
    assert file_of(MEMBER, draft.code, made.pk).attachment.removed_at == NOW
    assert sent(draft, pdf()) != made


def test_a_file_of_another_application_cannot_be_removed(world: World, draft: Application) -> None:
    other = files_of(world.drafted(world.open_call()))[0]
    with pytest.raises(NotFound):
        remove_attachment(actor=MEMBER, application=draft.code, attachment=other.pk, now=NOW)


def test_nothing_is_attached_to_what_was_handed_in(draft: Application) -> None:
    submit_application(actor=MEMBER, application=draft.code, now=NOW)
    with pytest.raises(Conflict):
        sent(draft, pdf())
    with pytest.raises(Conflict):
        remove_attachment(actor=MEMBER, application=draft.code, attachment=files_of(draft)[0].pk, now=NOW)


# Who sees it ------------------------------------------------------------------------------------


def seen(viewer: Actor, draft: Application) -> set[str]:
    """Return the names of the files that a viewer may see."""
    try:
        return {each.name for each in attachments_of(viewer, draft)}
    finally:
        for each in draft.attachments.all():
            may = attachments_of(viewer, draft).filter(pk=each.pk).exists()
            if not may:
                with pytest.raises(NotFound):
                    file_of(viewer, draft.code, each.pk)


def test_the_office_sees_what_was_handed_in_and_authors_see_all(draft: Application) -> None:
    owed = {"proposal.pdf", "team.pdf", "financial-proof.pdf"}
    never = sent(draft, pdf(4), name="never.pdf")
    remove_attachment(actor=MEMBER, application=draft.code, attachment=never.pk, now=NOW)
    at = iter(NOW + timedelta(minutes=minute) for minute in range(1, 9))
    submit_application(actor=MEMBER, application=draft.code, now=next(at))
    assert seen(OFFICE, draft) == owed
    return_application(actor=OFFICE, application=draft.code, question="A better plan?", now=next(at))
    old = files_of(draft).get(document="proposal")
    remove_attachment(actor=MEMBER, application=draft.code, attachment=old.pk, now=next(at))
    sent(draft, pdf(5), "proposal", "better.pdf", now=next(at))
    assert seen(OFFICE, draft) == owed, "what is being mended is the authors' own affair"
    assert seen(MEMBER, draft) == owed | {"never.pdf", "better.pdf"}
    submit_application(actor=MEMBER, application=draft.code, now=next(at))
    assert seen(OFFICE, draft) == owed | {"better.pdf"}


def test_who_does_not_see_the_application_does_not_see_its_files(draft: Application) -> None:
    made = sent(draft, pdf())
    submit_application(actor=MEMBER, application=draft.code, now=NOW)
    reader, in_conflict = Actor("reader@example.org"), Actor("member@harbour-university.example", MEMBER.grants)
    Admission.objects.create(application=draft, person=reader.email, standing=Standing.READER, since=NOW)
    Admission.objects.create(application=draft, person=in_conflict.email, standing=Standing.SHUT_OUT, since=NOW)
    assert file_of(reader, draft.code, made.pk)
    for stranger in (in_conflict, member("delta-institute"), holder(Role.OFFICE, "hk-aiss"), Actor("nobody@x.org")):
        with pytest.raises(NotFound):
            file_of(stranger, draft.code, made.pk)


def test_a_lost_file_is_said_to_be_lost(draft: Application) -> None:
    made = sent(draft, pdf())
    place_of(made.sha256).unlink()
    with pytest.raises(Unavailable, match=r"“plan\.pdf” is not on file here"):
        file_of(MEMBER, draft.code, made.pk)


# The scanner ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "error", "code"),
    [
        ("grep -q A.page && exit 1; exit 0", None, ""),
        ("exit 1", Invalid, "applications.file.virus"),
        ("exit 2", Unavailable, "applications.file.no_scanner"),
        ("kill -9 $$", Unavailable, "applications.file.no_scanner"),
        (None, Unavailable, "applications.file.no_scanner"),
    ],
)
def test_the_scanner_has_the_last_word(
    draft: Application, settings: Any, tmp_path: Path, script: str | None, error: type[LionrockError] | None, code: str
) -> None:
    scanner = tmp_path / "a scanner"
    if script is not None:
        scanner.write_text(f'#!/bin/sh\nset -- "$2"; [ -s "$1" ] || exit 3; exec <"$1"\n{script}\n')
        scanner.chmod(0o755)
    settings.LIONROCK_SCANNER = f"'{scanner}' --quiet"
    if error is None:
        assert sent(draft, pdf())
        return
    with pytest.raises(error) as stopped:
        sent(draft, pdf())
    assert stopped.value.code == code
    assert not files_of(draft).filter(document="other").exists()


# A killed process -------------------------------------------------------------------------------

KILLED = """
import io, os, sys, time
import django
django.setup()
from datetime import UTC, datetime
from lionrock.applications.files import arriving

class Slow(io.RawIOBase):
    def read(self, size=-1):
        print("reading", flush=True)
        time.sleep(0.2)
        return b"%PDF-" + b"x" * 1000

with arriving(Slow(), name="slow.pdf", most_bytes=1 << 30, now=datetime.now(UTC)):
    pass
"""


@pytest.mark.integration
def test_a_process_that_is_killed_in_mid_upload_leaves_nothing_that_counts(home: Path) -> None:
    environment = os.environ | {"LIONROCK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "lionrock.config.settings"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.wait(30)
    process.stdout.close()
    (left,) = (path for path in (home / "attachments").iterdir() if path.is_file())
    assert left.name.startswith(".arriving-")
    a_day_later = datetime.fromtimestamp(time.time(), UTC) + timedelta(days=1, seconds=9)
    with arriving(io.BytesIO(pdf()), name="a.pdf", most_bytes=LARGEST, now=a_day_later) as arrived:
        keep(arrived)
    assert [path.name for path in (home / "attachments").iterdir()] == [arrived.sha256[:2]]
