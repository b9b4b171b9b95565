"""The how-to and the units say what this Lionrock can do; `installing.py` follows them on a bare Debian."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from click import Group
from tests.config.commands import commands
from tests.operations.installing import blocks, script
from tests.tidy.files import ROOT

from lionrock.api.receiving import MOST_FILE_BYTES

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
TIMERS = sorted(DEPLOY.glob("*.timer"))
HARD = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateDevices": "yes",
    "PrivateTmp": "yes", "CapabilityBoundingSet": "", "RestrictNamespaces": "yes", "UMask": "0027",
    "SystemCallFilter": "@system-service", "User": "lionrock", "EnvironmentFile": "/etc/lionrock/environment",
}  # fmt: skip


def read(unit: Path) -> ConfigParser:
    found = ConfigParser(interpolation=None, strict=False)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(unit)
    return found


def has_command(words: list[str]) -> None:
    """Fail unless this is a command of `lionrock` with options that it takes."""
    known = next(
        (
            (tuple(words[:length]), found)
            for length in (3, 2, 1)
            if (found := commands().get(tuple(words[:length]))) and not isinstance(found, Group)
        ),
        None,
    )
    assert known, words
    known[1].make_context(words[0], words[len(known[0]) :])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_there_is_and_may_do_little_else(unit: Path) -> None:
    service = read(unit)["Service"]
    for key in ("ExecStartPre", "ExecStart"):
        if key in service:
            program, *words = shlex.split(service[key])
            assert program == "/srv/lionrock/.venv/bin/lionrock"
            has_command(words)
    assert {key: service.get(key) for key in HARD} == HARD


def test_every_timer_starts_a_unit() -> None:
    assert [timer.with_suffix(".service").exists() for timer in TIMERS] == [True] * len(TIMERS)
    assert TIMERS


def test_the_how_to_can_be_pasted_as_it_stands() -> None:
    text = script("/source.git", "portal.example.org")
    subprocess.run(["bash", "-n"], input=text, text=True, check=True)
    assert "export SOURCE=/source.git\n" in text
    assert "export PORTAL=portal.example.org\n" in text
    assert len(blocks()) >= 10


def test_the_how_to_names_files_and_commands_that_there_are() -> None:
    text = "\n".join(blocks())
    for name in re.findall(r"(?<![\w/])deploy/[\w.@-]+", text):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"lionrock[\w@-]*\.(?:service|timer)", text):
        assert (DEPLOY / name).exists(), name
    for line in re.findall(r"(?m)^lionrock (.+)$", text):
        has_command(shlex.split(line))


def test_the_proxy_passes_on_who_asks_and_hides_what_is_for_this_machine() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    for line in ("X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme", "Host $host"):
        assert text.count(f"proxy_set_header {line};") == text.count("proxy_pass") == 2
    for path in ("/metrics", "/health/ready"):
        assert f"location = {path} {{ return 404; }}" in text


def test_in_the_open_pages_are_led_to_tls_and_programs_are_refused() -> None:
    in_the_open, behind_tls = (DEPLOY / "nginx.conf").read_text().split("\nserver {")[-2:]
    assert "listen 80;" in in_the_open
    api = in_the_open.partition("location /api/ {")[2].partition("\n    }")[0]
    [answer] = re.findall(r"return 403 '(.+)';", api)
    assert json.loads(answer)["status"] == 403
    assert "application/problem+json" in api
    assert "30" not in re.findall(r"return (\d\d)", api)
    assert "location / { return 301 https://" in in_the_open
    assert "ssl_protocols       TLSv1.2 TLSv1.3;" in behind_tls


def test_the_proxy_lets_through_what_the_api_takes_and_waits_for_who_sends_slowly() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    api = text.rpartition("location /api/ {")[2].partition("}")[0]
    [most] = re.findall(r"client_max_body_size (\d+)m;", api)
    assert int(most) * 2**20 > MOST_FILE_BYTES
    assert "proxy_request_buffering on;" in api
