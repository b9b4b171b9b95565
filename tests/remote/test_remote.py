"""The same words at the server's own terminal and elsewhere come to the same: output, JSON, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from tests.api.asking import expired, token_for
from tests.remote.conftest import Terminals

from lionrock.api.domain.tokens import Scope
from lionrock.api.models import Token
from lionrock.remote.table import commands

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
Of = Callable[[str], Terminals]

ALIKE = (
    "allocation list",
    "award list",
    "award list --programme hk-aiss-demo",
    "call list",
    "job list --open",
    "settlement list",
    "statement list --month 2025-10",
    "usage held",
    "usage imports",
)
"""Commands whose tables and JSON are the same, here and there."""

ALIKE_AS_JSON = (
    "charge explain {statement}/1",
    "charge preview --programme hk-aiss-demo --month 2025-11",
    "ledger fund --programme hk-aiss-demo",
    "ledger show --programme hk-aiss-demo",
    "statement show {statement}",
    "webhook deliveries",
    "webhook list",
)
"""Commands whose JSON is the same; their text is plainer here."""

REFUSED = (
    ("award show AW-1999-0001", 5),
    ("statement list --month never", 2),
    ("screening screen Kite", 4),
)
"""Commands that end the same way: what is not there, what is wrong, what is not theirs."""


def test_commands_say_the_same_here_and_there(scene: Any, terminals: Of) -> None:
    office = terminals(scene.office.email)
    for words in ALIKE:
        there, here = office.there(*words.split()), office.here(*words.split())
        assert (here.output, here.exit_code) == (there.output, 0), words
    for template in (*ALIKE, *ALIKE_AS_JSON):
        words = template.format(statement=scene.statements[0].number)
        there, here = office.there(*words.split(), "--json"), office.here(*words.split(), "--json")
        assert json.loads(here.output) == json.loads(there.output), words
        assert here.exit_code == 0
    for words, code in REFUSED:
        there, here = office.there(*words.split()), office.here(*words.split())
        assert (here.output, here.exit_code) == (there.output, code), words


def test_forms_and_files_come_along(scene: Any, terminals: Of) -> None:
    office = terminals(scene.office.email)
    for words in ("job template list", "job template show train"):
        assert office.here(*words.split()).output == office.plain(*words.split()).output
    number = scene.statements[0].number
    written = office.here("statement", "write", number, "--format", "csv", "--output", "lines.csv")
    assert (written.output, written.exit_code) == ("lines.csv\n", 0)
    there = office.there("statement", "write", number, "--format", "csv", "--output", "-")
    assert (office.token_file.parent / "lines.csv").read_text() == there.output.removeprefix("\ufeff")


def test_what_is_written_is_written_there(scene: Any, terminals: Of) -> None:
    member = terminals(scene.member.email)
    made = member.here("webhook", "register", "x", "https://hooks.example.org/a", "--topic", "award.made", "--json")
    assert made.exit_code == 2  # the address of a person is a token's to say
    award = scene.awards[0].code
    words = ("job", "submit", "--award", award, "--time-limit", "10m", "--", "python3", "-c", "print(42)")
    sent, asked = member.here(*words), member.there(*words)
    assert sent.exit_code == asked.exit_code == 3  # its months are over
    assert sent.output.splitlines()[-1] == asked.output.splitlines()[-1] == "(jobs.request.not_covered)"


def test_a_deputy_and_a_hold_are_set_listed_and_ended_from_elsewhere(scene: Any, terminals: Of) -> None:
    office, place = terminals(scene.office.email), ("--programme", "hk-aiss-demo")
    days = ("--first", "2030-01-01", "--last", "2030-01-09")
    named = office.here("person", "name-deputy", office.email, scene.stranger.email, "office", *place, *days)
    assert (named.output.partition(":")[0], named.exit_code) == (
        f"{scene.stranger.email} stands in for {office.email} from 2030-01-01 to 2030-01-09", 0,
    )  # fmt: skip
    [row] = json.loads(office.here("person", "deputies", "--json").output)
    ended = office.here("person", "end-deputy", str(row["number"]))
    assert ended.output == f"{scene.stranger.email} does not stand in for {office.email} any more.\n"
    held = office.here("retention", "hold", "programme", "hk-aiss-demo", "--reason", "Case 12", *place)
    assert (held.exit_code, "(people.role.missing)" in held.output) == (4, True)


def test_a_token_that_does_not_count_is_refused_with_its_reason(scene: Any, terminals: Of) -> None:
    office = terminals(scene.office.email)
    past = office.signed_in(expired(token_for(office.email))).here("award", "list")
    assert (past.exit_code, "(api.token.expired)" in past.output) == (4, True)
    narrow = office.signed_in(token_for(office.email, Scope.WEBHOOKS)).here("award", "list")
    assert (narrow.exit_code, "(api.token.scope)" in narrow.output) == (4, True)
    secret = token_for(office.email)
    Token.objects.update(revoked_at=scene.office.created_at)
    gone = office.signed_in(secret).here("award", "list")
    assert (gone.exit_code, "(api.token.revoked)" in gone.output) == (4, True)
    assert secret not in gone.output


def test_commands_without_an_operation_say_where_they_run(scene: Any, terminals: Of) -> None:
    office = terminals(scene.office.email)
    without = next(each for each in commands().commands.values() if not each.operation)
    refused = office.here(*without.words.split(), "--whatever", "x")
    assert (refused.exit_code, "(remote.command.elsewhere)" in refused.output) == (2, True)
    as_another = office.here("award", "list", "--as", "chan@example.org")
    assert (as_another.exit_code, "--as counts only at the server's own terminal" in as_another.output) == (2, True)


def test_no_framework_is_loaded_and_a_server_that_is_away_ends_with_seven(tmp_path: Any) -> None:
    token = tmp_path / "token"
    token.write_text("lionrock_p_" + "a" * 40)
    token.chmod(0o600)
    script = (
        "import sys\nfrom lionrock.config.cli import main\nimport lionrock_client.connection as c\n"
        "c.Connection.__init__.__kwdefaults__['sleep'] = lambda seconds: None\n"
        f"try: main(['--server', 'http://127.0.0.1:9', '--token-file', {str(token)!r}, 'award', 'list'])\n"
        "except SystemExit as end: code = end.code\n"
        "print(code, sorted({'django', 'psycopg', 'pydantic', 'ninja'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "7 []"
    assert "(client.server.away)" in ran.stderr
