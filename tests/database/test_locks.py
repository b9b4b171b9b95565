"""Locks that the kernel gives back."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from lionrock.database.locks import becomes_free, open_owned, share, sharers, try_exclusive, wait_exclusive


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def test_a_lock_held_alone_is_free_when_it_is_closed(lock: Path) -> None:
    holder = open_owned(lock)
    assert try_exclusive(holder)
    assert not becomes_free(lock, 0)
    os.close(holder)
    assert becomes_free(lock, 0)


def test_many_share_and_the_last_one_frees(lock: Path) -> None:
    first, second = open_owned(lock), open_owned(lock)
    share(first)
    share(second)
    os.close(first)
    assert not becomes_free(lock, 0)
    assert sharers(lock) == [os.getpid()]
    os.close(second)
    assert becomes_free(lock, 0)
    assert sharers(lock) == []


def test_a_killed_holder_holds_nothing(lock: Path) -> None:
    descriptor = open_owned(lock)
    assert try_exclusive(descriptor)
    with subprocess.Popen(["sleep", "600"], pass_fds=[descriptor]) as heir:
        os.close(descriptor)
        assert not becomes_free(lock, 0.1)
        heir.send_signal(signal.SIGKILL)
    assert becomes_free(lock, 30)


def test_waiting_ends(lock: Path) -> None:
    holder, other = open_owned(lock), open_owned(lock)
    assert try_exclusive(holder)
    before = time.monotonic()
    assert not wait_exclusive(other, 0.1)
    assert time.monotonic() - before >= 0.1
    os.close(holder)
    os.close(other)


def test_a_link_in_place_of_a_lock_is_not_followed(lock: Path, tmp_path: Path) -> None:
    lock.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        open_owned(lock)
    assert not (tmp_path / "elsewhere").exists()
