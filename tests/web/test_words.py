"""Every state, kind and unit that a page may show has a word."""

from __future__ import annotations

from enum import StrEnum

import pytest

from lionrock.allocations.domain import AllocationState
from lionrock.applications.domain import ApplicationState
from lionrock.awards.domain import AwardState
from lionrock.calls.domain import CallState
from lionrock.charging.domain.closing import DocumentKind
from lionrock.kernel.findings import Grade, Outcome
from lionrock.rules.items import Mode
from lionrock.sites.drivers.protocol import JobState
from lionrock.web.words import Tone, tone, word


@pytest.mark.parametrize(
    "kind", [AllocationState, ApplicationState, AwardState, CallState, DocumentKind, Grade, JobState, Mode, Outcome]
)
def test_no_page_shows_a_bare_code(kind: type[StrEnum]) -> None:
    codes = [member.value.lower().replace(" ", "_") for member in kind]
    assert [code for code in codes if word(code) == code] == []


def test_a_code_without_a_word_stays_as_it_is() -> None:
    assert word("something_new") == "something_new"
    assert tone("something_new") is Tone.PLAIN


def test_tones_tell_good_from_bad() -> None:
    assert [tone(code) for code in ("met", "not_met", "unknown")] == [Tone.GOOD, Tone.STOP, Tone.CAUTION]
