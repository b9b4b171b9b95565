"""Draws from the model of Lublin and Feitelson: sizes, run times, arrivals. Reads `parameters.py`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple

from lionrock.demo.workload.parameters import BUCKETS_A_DAY, CYCLE_START, ModelParameters

BUCKET: Final = 86400 // BUCKETS_A_DAY
"""Seconds of a half-hour."""


class Runtime(NamedTuple):
    """Seconds a job would run, at least 1, and which of the two kinds it is of."""

    seconds: int
    long: bool


def draw_size(random: Random, model: ModelParameters) -> int:
    """Draw how many units a job takes."""
    kind = random.random()
    if kind <= model.serial:
        return 1
    low, high = (model.low, model.med) if random.random() <= model.prob else (model.med, model.high)
    log2 = random.uniform(low, high)
    if kind <= model.serial + model.pow2:
        log2 = math.floor(log2 + 0.5)
    return math.floor(2**log2 + 0.5)


def draw_runtime(random: Random, model: ModelParameters, size: int) -> Runtime:
    """Draw how long a job of that size runs; larger jobs run longer."""
    short_share = min(1.0, max(0.0, model.pa * size + model.pb))
    while True:
        long = random.random() > short_share
        shape, scale = (model.long_shape, model.long_scale) if long else (model.short_shape, model.short_scale)
        log_seconds = random.gammavariate(shape, scale)
        if log_seconds <= model.longest:
            return Runtime(max(1, math.floor(math.exp(log_seconds))), long)


def day_weights(model: ModelParameters) -> list[float]:
    """Return the share of arrivals in each half-hour of the day from midnight, 1 on average."""
    weights = [0.0] * BUCKETS_A_DAY
    for at in range(CYCLE_START, CYCLE_START + BUCKETS_A_DAY):
        weights[(at - 1) % BUCKETS_A_DAY] = _gamma_mass(at, model.cycle_shape, model.cycle_scale)
    mean = sum(weights) / BUCKETS_A_DAY
    return [weight / mean for weight in weights]


def _gamma_mass(middle: float, shape: float, scale: float) -> float:
    """Return what is proportional to gamma's mass within a half of `middle`, by Simpson's rule."""

    def density(x: float) -> float:
        return math.exp((shape - 1) * math.log(x) - x / scale)

    return (density(middle - 0.5) + 4 * density(middle) + density(middle + 0.5)) / 6


def draw_arrivals(random: Random, model: ModelParameters, count: int, seconds: int) -> Iterator[int]:
    """Yield the seconds after midnight at which that many jobs arrive, in order, within `seconds`.

    The model's gaps are scaled so that the jobs fill the time; its burstiness and its day remain.
    """
    gaps = [_draw_gap(random, model) for _ in range(count + 1)]
    points = list(accumulate(gaps))
    weights = day_weights(model)
    buckets = seconds // BUCKET
    to_spend = sum(weights[bucket % BUCKETS_A_DAY] for bucket in range(buckets))
    bucket, spent = 0, 0.0
    for point in points[:-1]:
        target = point / points[-1] * to_spend
        while bucket < buckets - 1 and spent + weights[bucket % BUCKETS_A_DAY] < target:
            spent += weights[bucket % BUCKETS_A_DAY]
            bucket += 1
        within = min(1.0, (target - spent) / weights[bucket % BUCKETS_A_DAY])
        yield min(seconds - 1, math.floor((bucket + within) * BUCKET))


def _draw_gap(random: Random, model: ModelParameters) -> float:
    while True:
        log_gap = random.gammavariate(model.gap_shape, model.gap_scale)
        if log_gap <= model.longest_gap:
            return math.exp(log_gap)
