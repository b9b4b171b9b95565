"""How well a job used what it held."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Efficiency:
    """What is known: whole per cents of processors and memory; None where the site does not say."""

    processors: int | None
    memory: int | None
    peak_memory_bytes: int | None
    cpus: int | None


def efficiency_of(
    *,
    elapsed_seconds: int | None,
    cpu_milliseconds: int | None,
    cpus: int | None,
    peak_memory_bytes: int | None,
    asked_memory_bytes: int | None,
) -> Efficiency:
    """Return how well processors and memory were used, cut to whole per cents."""
    held = (elapsed_seconds or 0) * (cpus or 0) * 1000
    processors = None if cpu_milliseconds is None or held <= 0 else min(100, cpu_milliseconds * 100 // held)
    memory = None
    if peak_memory_bytes is not None and asked_memory_bytes:
        memory = min(100, peak_memory_bytes * 100 // asked_memory_bytes)
    return Efficiency(processors, memory, peak_memory_bytes, cpus)
