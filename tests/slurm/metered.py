"""What ran on a real cluster, read into the books: jobs of the metered award, from submission to record."""

from __future__ import annotations

from tests.metering.world import ACCOUNT, ADMIN, SITE
from tests.slurm.cluster import Cluster

from lionrock.metering.actions import collect
from lionrock.metering.actions.collecting import Collected
from lionrock.metering.models import MeteredRun


def give_account(cluster: Cluster) -> None:
    for words in (("account", ACCOUNT), ("user", cluster.users[0], f"account={ACCOUNT}")):
        cluster.attempt("sacctmgr", "-i", "add", *words)


def submit(cluster: Cluster, script: str, *options: str) -> str:
    return cluster.submit(script, "-p", "h800", "--gres=gpu:h800:2", "-t", "10", *options, account=ACCOUNT)


def read(cluster: Cluster) -> Collected:
    return collect(actor=ADMIN, site=SITE, now=cluster.clock.now)


def going_on(cluster: Cluster, job: str) -> None:
    """Wait until a job has run for a second at least, as the accounting says."""

    def runs() -> bool:
        read(cluster)
        return MeteredRun.objects.filter(job=job, busy__gt=0).exists()

    cluster.wait(job, "RUNNING")
    cluster.until(runs, f"{job} running")


def whole(cluster: Cluster, *jobs: str) -> None:
    """Read until the accounting has the end of these jobs."""

    def ended() -> bool:
        read(cluster)
        runs = [MeteredRun.objects.filter(key__startswith=f"{job}@") for job in jobs]
        return all(each.exists() and not each.filter(end__isnull=True).exists() for each in runs)

    for job in jobs:
        cluster.wait(job)
    cluster.until(ended, f"{jobs} in the books")
