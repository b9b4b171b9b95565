"""A synthetic month of a GPU cluster, drawn from a published workload model; see README.md."""

from lionrock.demo.workload.accounting import write_sacct
from lionrock.demo.workload.month import AccountMix, WorkloadJob, generate_month
from lionrock.demo.workload.parameters import GPU_CLUSTER, LUBLIN_FEITELSON_BATCH, ModelParameters

__all__ = [
    "GPU_CLUSTER",
    "LUBLIN_FEITELSON_BATCH",
    "AccountMix",
    "ModelParameters",
    "WorkloadJob",
    "generate_month",
    "write_sacct",
]
