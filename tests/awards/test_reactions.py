"""The table of reactions: checked when it is installed, followed in order, undone together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from lionrock.config.reactions import TABLE, install_reactions
from lionrock.kernel.errors import Broken
from lionrock.kernel.events import Reaction, Timing, install, publish
from lionrock.kernel.messages import Message


@dataclass(frozen=True)
class Rained:
    """An event of these tests."""

    place: str


@dataclass
class Changeable:
    """No event: it could change between two reactions."""

    place: str


heard: list[str] = []


def open_umbrella(*, place: str) -> None:
    heard.append(f"umbrella in {place}")


def close_window(*, place: str) -> None:
    heard.append(f"window in {place}")


def ask_for_more(*, place: str, hour: int) -> None:
    heard.append(f"{place} at {hour}")


def fail(*, place: str) -> None:
    raise Broken("test.fail", Message(place))


def _row(event: type, action: Callable[..., object]) -> Reaction:
    return Reaction(event, action, Timing.SAME_TRANSACTION, "because")


@pytest.fixture(autouse=True)
def _own_table() -> Iterator[None]:
    heard.clear()
    yield
    install_reactions()


def test_reactions_run_in_the_order_of_the_table() -> None:
    install([_row(Rained, close_window), _row(Rained, open_umbrella)])
    publish(Rained("Sha Tin"))
    assert heard == ["window in Sha Tin", "umbrella in Sha Tin"]


def test_an_error_in_a_reaction_reaches_the_publisher() -> None:
    install([_row(Rained, open_umbrella), _row(Rained, fail), _row(Rained, close_window)])
    with pytest.raises(Broken, match="Sha Tin"):
        publish(Rained("Sha Tin"))
    assert heard == ["umbrella in Sha Tin"]


@pytest.mark.parametrize(
    "table",
    [
        [_row(Rained, ask_for_more)],
        [_row(Rained, open_umbrella), _row(Rained, open_umbrella)],
        [_row(Changeable, open_umbrella)],
        [_row(str, open_umbrella)],
    ],
)
def test_a_table_that_cannot_work_is_refused_when_installed(table: list[Reaction]) -> None:
    with pytest.raises(Broken) as raised:
        install(table)
    assert raised.value.code == "kernel.events.row"


def test_an_event_that_nobody_hears_is_a_defect() -> None:
    install([])
    with pytest.raises(Broken) as raised:
        publish(Rained("Sha Tin"))
    assert raised.value.code == "kernel.events.unheard"


def test_the_real_table_fits_and_says_why() -> None:
    assert all(row.fits and row.why for row in TABLE)
    names = [(row.event_name, row.action_name) for row in TABLE]
    assert ("awards.AwardMade", "allocations.grant_allocation") in names
