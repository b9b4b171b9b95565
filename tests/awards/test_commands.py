"""The line from a terminal: from an organisation to the end of its award, and how each step can fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.applications.filling import put_all_that_is_missing
from tests.calls.world import DECLARED, SHIPPED

import lionrock.intake.commands  # noqa: F401  its list of applications is one of the group's commands
from lionrock.allocations.commands import allocation
from lionrock.applications.commands import application
from lionrock.applications.models import Application
from lionrock.awards.commands import award
from lionrock.calls.commands import call
from lionrock.ledger.commands import ledger
from lionrock.people.commands import organisation, person
from lionrock.sites.commands import site
from lionrock.terminal.errors import Group

Run = Callable[..., Result]
TERMINAL = Group("lionrock", commands=[call, application, award, allocation, ledger, organisation, person, site])
AT = ["--at", "2026-03-02T10:00+08:00"]


@pytest.fixture
def run(settings: Any, db: None) -> Run:
    """Return a function that runs one command line and, unless told otherwise, expects it to succeed."""
    settings.LIONROCK_RULEBOOK = SHIPPED

    def run_line(line: str, *more: str, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(TERMINAL, [*line.split(), *more])
        assert result.exit_code == exit_code, result.output
        return result

    return run_line


def _draft(run: Run, *more: str) -> Result:
    declared = [word for one in DECLARED for word in ("--declare", one)]
    line = "application draft CALL-2026-0001 --organisation harbour-university --category university --item h800-node"
    asked = ["--count", "1", "--months", "3", "--starts", "2026-04-01", "--no-other-subsidy"]
    drafted = run(line, *asked, *declared, "--title", "Weather models", *AT, *more)
    put_all_that_is_missing(Application.objects.latest("id"))
    return drafted


@pytest.fixture
def opened(run: Run) -> Run:
    """The terminal, once there is money, an organisation, a member and an open call."""
    run("organisation add harbour-university --name Harbour", *AT)
    run("site add here --name Here --programme hk-aiss-demo --driver local", *AT)
    run("person add chan@example.org --name Chan --password", "granite over the bay", *AT)
    run("person grant chan@example.org member --organisation harbour-university", *AT)
    run("ledger appropriate --programme hk-aiss-demo --amount 1000000.00 --reason vote --cause vote", *AT)
    run("call create --programme hk-aiss-demo --opens 2026-03-01T09:00+08:00 --title", "First call", *AT)
    run("call open CALL-2026-0001", *AT)
    return run


def test_a_whole_programme_from_a_terminal(opened: Run) -> None:
    drafted = _draft(opened, "--as", "chan@example.org")
    assert "yes  The applicant states that no other public subsidy" in drafted.output
    assert "  ?  No last day for applications is known." in drafted.output
    opened("application submit APP-2026-0001 --as chan@example.org", *AT)
    made = opened("award decide APP-2026-0001 approve --decided-by Committee", *AT)
    assert "AW-2026-0001 is offered until 2026-04-01: HKD 672,000.00 at a share of 0.7" in made.output
    assert opened("allocation list --award AW-2026-0001 --json").output.strip() == "[]"
    signed = ("--signatory", "Chan Tai Man", "--title", "Dean", "--as", "chan@example.org")
    accepted = opened("award accept AW-2026-0001", *signed, *AT)
    assert accepted.output == "AW-2026-0001 is active from 2026-04-01.\n"
    [listed] = json.loads(opened("award list --json").output)
    assert (listed["cap"], listed["valid_to"], listed["state"]) == ("HKD 672,000.00", "2026-07-01", "active")
    [allocated] = json.loads(opened("allocation list --award AW-2026-0001 --json").output)
    assert (allocated["remaining"], allocated["used"]) == (91 * 86400, 0)
    shown = opened("award show AW-2026-0001").output
    assert "committed: HKD 672,000.00" in shown
    assert "rests on subsidy.general_rate = 0.70 (since 2024-10-07)" in shown
    ended = opened("award end AW-2026-0001 --at 2026-07-01T00:00+08:00")
    assert ended.output == "AW-2026-0001 is ended.\n"
    opened("call close CALL-2026-0001", *AT)
    [closed] = json.loads(opened("call list --programme hk-aiss-demo --json").output)
    assert (closed["state"], closed["budget"]) == ("closed", None)


def test_an_exceptional_share_a_cap_and_a_refusal(opened: Run) -> None:
    _draft(opened)
    opened("application submit APP-2026-0001", *AT)
    decide = "award decide APP-2026-0001 approve --decided-by Committee"
    assert "(rules.quote.reason)" in opened(f"{decide} --share 0.90", *AT, exit_code=2).output
    assert "Ask for 0.90 or less." in opened(f"{decide} --share 0.91 --reason unique", *AT, exit_code=3).output
    assert "has more than 2 decimals" in opened(f"{decide} --cap 1.005", *AT, exit_code=2).output
    assert "HKD 5.00 at a share of 0.9" in opened(f"{decide} --share 0.90 --reason unique --cap 5.00", *AT).output
    assert "decided" not in opened(decide, *AT, exit_code=6).output


def test_what_is_granted_may_be_less_than_what_was_asked(opened: Run) -> None:
    _draft(opened, "--count", "4", "--months", "6")
    opened("application submit APP-2026-0001", *AT)
    decide = "award decide APP-2026-0001 approve --decided-by Committee"
    assert "above the largest request" in opened(f"{decide} --months 13", *AT, exit_code=3).output
    assert "cannot be meant" in opened(f"{decide} --count 0", *AT, exit_code=2).output
    granted = ("--count", "2", "--months", "1", "--starts", "2026-05-01", "--condition", "Publish the weights.")
    assert "from 2026-05-01 up to, not including, 2026-06-01" in opened(decide, *granted, *AT).output
    shown = json.loads(opened("award show AW-2026-0001 --json").output)
    assert (shown["count"], shown["cap"], shown["conditions"]) == (2, "HKD 448,000.00", "Publish the weights.")


def test_an_offer_is_refused_with_a_reason(opened: Run) -> None:
    _draft(opened)
    opened("application submit APP-2026-0001", *AT)
    opened("award decide APP-2026-0001 approve --decided-by Committee", *AT)
    refuse = "award refuse AW-2026-0001 --as chan@example.org --reason"
    opened(refuse, " ", *AT, exit_code=2)
    assert opened(refuse, "We bought our own.", *AT).output == "AW-2026-0001 is declined.\n"
    assert json.loads(opened("award show AW-2026-0001 --json").output)["committed"] == "HKD 0.00"
    assert "now" in opened(refuse, "again", *AT, exit_code=6).output


def test_a_declined_application_says_why(opened: Run) -> None:
    _draft(opened)
    opened("application submit APP-2026-0001", *AT)
    opened("award decide APP-2026-0001 decline --decided-by Committee", *AT, exit_code=2)
    opened("award decide APP-2026-0001 decline --decided-by Committee --reason vague", *AT)
    shown = json.loads(opened("application show APP-2026-0001 --json").output)
    assert (shown["state"], shown["decision_reason"], shown["call"]) == ("declined", "vague", "CALL-2026-0001")
    assert {finding["outcome"] for finding in shown["findings"]} == {"met", "unknown"}


def test_what_is_not_eligible_is_refused_with_everything_to_mend(opened: Run) -> None:
    _draft(opened, "--count", "13", "--months", "13")
    refused = opened("application submit APP-2026-0001", *AT, exit_code=3).output
    assert refused.count("[not_met]") == 2
    assert "Ask for 96 (card) or less." in refused
    assert "Ask for 12 (month) or less." in refused
    opened("application withdraw APP-2026-0001", *AT)
    assert "withdrawn" in opened("application list --call CALL-2026-0001").output


def test_a_scheme_whose_owner_left_values_open_cannot_open_a_call(run: Run) -> None:
    run("call create --programme hk-aiss --opens 2026-03-01T09:00+08:00 --title Call --budget 5.00", *AT)
    refused = run("call open CALL-2026-0001", *AT, exit_code=3).output
    assert "“How use is charged” (charging.modes) is not set." in refused
    assert refused.count("[unknown]") > 5


@pytest.mark.parametrize(
    ("line", "exit_code", "said"),
    [
        ("call open CALL-1999-0001", 5, "There is no call CALL-1999-0001"),
        ("award show AW-1999-0001", 5, "There is no award AW-1999-0001"),
        ("application show APP-1999-0001", 5, "There is no application APP-1999-0001"),
        ("call create --programme atlantis --title x --opens 2026-03-01T09:00+08:00", 5, "atlantis"),
        ("call create --programme hk-aiss --title x --opens yesterday", 2, "“yesterday” is not an instant"),
        ("call create --programme hk-aiss --title x --opens 2026-03-01T09:00+08:00 --budget 1.005", 2, "decimals"),
        ("award list --as nobody@example.org", 5, "nobody@example.org"),
    ],
)
def test_what_goes_wrong_says_what_and_ends_with_its_code(run: Run, line: str, exit_code: int, said: str) -> None:
    assert said in run(line, exit_code=exit_code).output


def test_lists_show_each_viewer_their_own(opened: Run) -> None:
    opened("organisation add delta-institute --name Delta", *AT)
    _draft(opened)
    _draft(opened, "--organisation", "delta-institute")
    mine = json.loads(opened("application list --as chan@example.org --json").output)
    assert [row["organisation"] for row in mine] == ["harbour-university"]
    assert len(json.loads(opened("application list --json").output)) == 2


@pytest.mark.parametrize("group", [call, application, award, allocation])
def test_each_command_shows_an_example(group: Any) -> None:
    for command in group.commands.values():
        for words, leaf in _leaves(command, command.name):
            assert f"Example: lionrock {group.name} {words}" in (leaf.help or ""), words


def _leaves(command: Any, words: str) -> list[tuple[str, Any]]:
    """Return the commands of a group with the words that lead to them; of a command, itself."""
    inner = getattr(command, "commands", None)
    return [(f"{words} {name}", each) for name, each in inner.items()] if inner else [(words, command)]
