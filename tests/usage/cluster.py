"""A cluster that answers what it is told to: its nodes and its queue, in Slurm's own words."""

from __future__ import annotations

from dataclasses import dataclass

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import message
from lionrock.usage.domain.live import SEPARATOR

NODE = (
    "NodeName={name} CPUAlloc=8 CPUTot=64 Gres=gpu:h800:8(S:0-1) State={state} Partitions={partitions} "
    "RealMemory=1000 CfgTRES=cpu=64,mem=1000M,billing=64,gres/gpu=8,gres/gpu:h800=8 "
    "AllocTRES=cpu=8,gres/gpu={used},gres/gpu:h800={used}{reason}\n"
)


def node(name: str, state: str = "IDLE", used: int = 0, partitions: str = "h800", reason: str = "") -> str:
    """Return a node of eight GPUs as `scontrol -o show node` prints it."""
    said = f" Reason={reason}" if reason else ""
    return NODE.format(name=name, state=state, used=used, partitions=partitions, reason=said)


def queued(partition: str, state: str, submitted: object = 1795399200, because: str = "None") -> str:
    """Return a line of `squeue`."""
    return SEPARATOR.join((partition, state, str(submitted), because)) + "\n"


@dataclass
class Cluster:
    """What `slurm_of` gives: the two programs that a look asks."""

    nodes: str = node("n1", "MIXED", 3) + node("n2") + node("n3", "IDLE+DRAIN", 0, reason="fan broken")
    queue: str = queued("h800", "RUNNING") + queued("h800", "PENDING", because="Resources")
    away: bool = False
    version: str = "24.11.5"
    asked: int = 0

    def run(self, program: str, *arguments: str, seconds: int = 60) -> str:
        """Print what it was told to."""
        self.asked += 1
        if self.away:
            raise Unavailable("sites.slurm.away", message("The cluster {cluster} does not answer now.", cluster="t"))
        return self.nodes if program == "scontrol" else self.queue
