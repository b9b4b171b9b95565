"""The how-to of the client does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.remote.conftest import Terminals
from tests.tidy.files import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def test_the_example_of_the_how_to_runs(scene: Any, terminals: Callable[[str], Terminals], tmp_path: Path) -> None:
    member = terminals(scene.member.email)
    text = (ROOT / "docs" / "how-to" / "use-the-python-client.md").read_text()
    [program] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    given = [member.address, str(member.token_file), scene.awards[0].code]
    ran = subprocess.run([sys.executable, "-c", program, *given], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "A rule says no: jobs." in ran.stdout  # its months are over, and the example tells how that is met
