"""The parameters of the workload model, as published and as scaled to GPU clusters.

U. Lublin and D. G. Feitelson, "The workload on parallel supercomputers: modeling the characteristics
of rigid jobs", Journal of Parallel and Distributed Computing 63(11), pp. 1105-1122, November 2003. The
values are those of the authors' program m_lublin99.c for batch jobs (Parallel Workloads Archive).

Outcomes: M. Jeon et al., "Analysis of Large-Scale Multi-Tenant GPU Clusters for DNN Training
Workloads", USENIX ATC 2019, table of final states: passed 69.3 %, killed 13.5 %, unsuccessful 17.2 %
of jobs; 44.5 %, 37.7 % and 17.8 % of GPU time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

BUCKETS_A_DAY: Final = 48
"""The model's day is cut into half-hours."""
CYCLE_START: Final = 11
"""The bucket in which the model's day begins, 05:00: the quietest."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Shares of jobs by how they end. Killed ones are rare among short and common among long runs."""

    killed_if_short: float
    killed_if_long: float
    unsuccessful: float
    timeout_of_unsuccessful: float
    node_fail_of_unsuccessful: float


@dataclass(frozen=True, slots=True)
class ModelParameters:
    """One set of values of the model.

    Sizes: a share `serial` takes one unit; of the rest, a share `pow2 / (1 - serial)` a power of two;
    log2 of the size is uniform in [low, med] with probability `prob`, else in [med, high]. Run times:
    ln(seconds) is gamma(shape, scale) of the short kind with probability p = pa × size + pb, of the
    long kind otherwise, and no longer than `longest`. Arrivals: ln(gap) is gamma(`gap_shape`,
    `gap_scale`) and no longer than `longest_gap`, stretched by a daily cycle of gamma(`cycle_shape`,
    `cycle_scale`) in half-hours.
    """

    serial: float
    pow2: float
    low: float
    med: float
    high: float
    prob: float
    short_shape: float
    short_scale: float
    long_shape: float
    long_scale: float
    pa: float
    pb: float
    longest: float
    gap_shape: float
    gap_scale: float
    longest_gap: float
    cycle_shape: float
    cycle_scale: float
    outcomes: Outcomes


LUBLIN_FEITELSON_BATCH: Final = ModelParameters(
    serial=0.2927,
    pow2=0.6686,
    low=1.2,
    med=5,
    high=7,
    prob=0.875,
    short_shape=6.57,
    short_scale=0.823,
    long_shape=639.1,
    long_scale=0.0156,
    pa=-0.003,
    pb=0.6986,
    longest=12,
    # The rush-hour shape times the authors' arrive-rush-all ratio.
    gap_shape=6.0415 * 1.0519,
    gap_scale=0.8531,
    longest_gap=13,
    cycle_shape=6.1271,
    cycle_scale=5.2740,
    # The split of the unsuccessful into failures, time limits and nodes is our own choice.
    outcomes=Outcomes(
        killed_if_short=0.075,
        killed_if_long=0.42,
        unsuccessful=0.172,
        timeout_of_unsuccessful=0.12,
        node_fail_of_unsuccessful=0.03,
    ),
)
"""The published values for batch jobs of a machine of 128 nodes."""

GPU_CLUSTER: Final = replace(
    LUBLIN_FEITELSON_BATCH,
    serial=0.84,
    pow2=0.155,
    low=0.8,
    med=3.5,
    high=6,
    prob=0.95,
    short_shape=18.0,
    short_scale=0.41,
    long_shape=47.6,
    long_scale=0.21,
    pa=-0.06,
    pb=0.93,
    longest=13.1,
)
"""Sizes of 1 to 64 GPUs and run times between those of two GPU clusters (README.md compares them).

`med` is `high` - 2.5 as the authors advise; arrivals and the daily cycle are as published.
"""
