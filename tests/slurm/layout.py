"""The configuration of a test cluster: which nodes it claims to have, and the files that say so."""

from __future__ import annotations

import random
import secrets
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PORT, LAST_PORT = 18000, 31000
"""Below the ports that the kernel lends to outgoing connections, so that none is gone by the time it is used."""


@dataclass(frozen=True)
class Group:
    """Nodes of one kind: `kind`-1, `kind`-2, … and a partition of that name; no GPUs make plain nodes."""

    kind: str
    nodes: int
    gpus: int = 0
    options: str = ""

    @property
    def names(self) -> list[str]:
        return [f"{self.kind}-{number}" for number in range(1, self.nodes + 1)]


GROUPS = (
    Group("h800", 2, 8),
    Group("a100", 2, 8),
    Group("cpu", 2, options="Default=YES"),
    # One job at a time: what the contract of drivers is tried on.
    Group("single", 1, options="OverSubscribe=EXCLUSIVE"),
)


@dataclass(frozen=True)
class Layout:
    """Everything that is chosen when a cluster is made. `conf` is added to slurm.conf, `lua` is its job_submit.lua.

    `credentials_last` are the seconds within which a node must begin a job, and after which one that was
    put back runs again.
    """

    folder: Path
    name: str = "test"
    groups: tuple[Group, ...] = GROUPS
    cpus: int = 64
    memory_mb: int = 512_000
    enforce: str = "associations,limits,qos,safe"
    conf: str = ""
    lua: str = ""
    credentials_last: int = 10
    ports: list[int] = field(default_factory=list)

    @property
    def nodes(self) -> list[str]:
        return [name for group in self.groups for name in group.names]

    @property
    def slurm_conf(self) -> Path:
        return self.folder / "etc" / "slurm.conf"

    @property
    def restd_port(self) -> int:
        return self.ports[3]


def free_ports(count: int) -> list[int]:
    """Return so many neighbouring ports of the loopback interface that nobody listens on."""
    for _ in range(200):
        first = random.randrange(FIRST_PORT, LAST_PORT - count)
        if all(_is_free(port) for port in range(first, first + count)):
            return list(range(first, first + count))
    raise AssertionError(f"No {count} free ports in a row were found from {FIRST_PORT} to {LAST_PORT}.")


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def write(layout: Layout) -> None:
    """Make the folders, the keys and the configuration of a new cluster."""
    folder = layout.folder
    folder.mkdir(mode=0o755)
    for name in ("etc", "run", "run/mysql", "log", "db", "ctld", "spool", "dev", "home"):
        (folder / name).mkdir(mode=0o755)
    shared = folder / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    for name in ("log", "ctld"):
        shutil.chown(folder / name, "slurm", "slurm")
    for name in ("run/mysql", "db"):
        shutil.chown(folder / name, "mysql", "mysql")
    _write_keys(folder / "etc")
    layout.slurm_conf.write_text(_slurm_conf(layout))
    (folder / "etc" / "gres.conf").write_text(_gres_conf(layout))
    if layout.lua:
        (folder / "etc" / "job_submit.lua").write_text(layout.lua)
    if _major_version() >= 23:
        (folder / "etc" / "cgroup.conf").write_text("CgroupPlugin=disabled\n")
    _private(folder / "etc" / "slurmdbd.conf", _slurmdbd_conf(layout).encode())


def _major_version() -> int:
    return int(subprocess.run(["slurmctld", "-V"], capture_output=True, text=True, check=True).stdout.split()[1][:2])


def _write_keys(etc: Path) -> None:
    subprocess.run(["mungekey", "--create", "--keyfile", etc / "munge.key"], check=True)
    _private(etc / "jwt.key", secrets.token_bytes(32))
    _private(etc / "db.password", secrets.token_hex(16).encode())


def _private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
    shutil.chown(path, "slurm", "slurm")


def _auth(layout: Layout) -> str:
    # The credential's age is also how long a job that was put back must wait: 120 s by default.
    folder = layout.folder
    return f"""AuthType=auth/munge
AuthInfo=socket={folder}/run/munge.sock,cred_expire={layout.credentials_last}
AuthAltTypes=auth/jwt
AuthAltParameters=jwt_key={folder}/etc/jwt.key
SlurmUser=slurm
"""


def _slurmdbd_conf(layout: Layout) -> str:
    folder, ports = layout.folder, layout.ports
    return f"""DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort={ports[1]}
{_auth(layout)}PidFile={folder}/ctld/slurmdbd.pid
LogFile={folder}/log/slurmdbd.log
DebugLevel=info
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort={ports[2]}
StorageUser=slurm
StoragePass={(folder / "etc" / "db.password").read_text()}
StorageLoc=slurm_acct
"""


def _slurm_conf(layout: Layout) -> str:
    """Return a slurm.conf with real scheduling and accounting, and no checks of the hardware.

    A budget in GPU-minutes is counted by the multifactor plugin, and must not decay. Each type of GPU
    is a resource of its own in accounting, so that limits and reports can name it.
    """
    folder, ports = layout.folder, layout.ports
    types = "".join(f",gres/gpu:{group.kind}" for group in layout.groups if group.gpus)
    return f"""ClusterName={layout.name}
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={ports[0]}
StateSaveLocation={folder}/ctld
SlurmctldPidFile={folder}/ctld/slurmctld.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmctldDebug=info
SlurmdSpoolDir={folder}/spool/%n
SlurmdPidFile={folder}/spool/%n.pid
SlurmdLogFile={folder}/log/slurmd-%n.log
SlurmdDebug=info
MailProg=/bin/true
{_auth(layout)}AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort={ports[1]}
AccountingStoragePass={folder}/run/munge.sock
AccountingStorageTRES=gres/gpu{types}
AccountingStorageEnforce={layout.enforce}
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=30
PriorityType=priority/multifactor
PriorityDecayHalfLife=0
PriorityUsageResetPeriod=YEARLY
PriorityCalcPeriod=1
PreemptType=preempt/qos
PreemptMode=REQUEUE
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmdParameters=config_overrides
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=1000
GresTypes=gpu
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=5,sched_min_interval=0,default_queue_depth=1000
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=60
KillWait=2
InactiveLimit=0
WaitTime=0
MinJobAge=300
MaxJobCount=100000
MaxArraySize=50001
{_node_lines(layout)}{"JobSubmitPlugins=lua" if layout.lua else ""}
{layout.conf}
"""


def _node_lines(layout: Layout) -> str:
    port, lines = layout.ports[4], []
    for group in layout.groups:
        gres = f" Gres=gpu:{group.kind}:{group.gpus}" if group.gpus else ""
        listed = f"{group.kind}-[1-{group.nodes}]"
        where = f"NodeHostname=localhost NodeAddr=127.0.0.1 Port=[{port}-{port + group.nodes - 1}]"
        claims = f"CPUs={layout.cpus} RealMemory={layout.memory_mb} State=UNKNOWN{gres}"
        options = f"DefaultTime=60 MaxTime=INFINITE State=UP {group.options}"
        lines += [f"NodeName={listed} {where} {claims}\n", f"PartitionName={group.kind} Nodes={listed} {options}\n"]
        port += group.nodes
    return "".join(lines)


def _gres_conf(layout: Layout) -> str:
    """Return a gres.conf in which copies of /dev/null stand for GPUs, so that jobs get indices of them."""
    lines = ["AutoDetect=off\n"]
    most = max((group.gpus for group in layout.groups), default=0)
    for number in range(most):
        subprocess.run(["mknod", layout.folder / "dev" / f"gpu{number}", "c", "1", "3"], check=True)
    for group in layout.groups:
        if group.gpus:
            device = f"{layout.folder}/dev/gpu[0-{group.gpus - 1}]"
            lines.append(f"NodeName={group.kind}-[1-{group.nodes}] Name=gpu Type={group.kind} File={device}\n")
    return "".join(lines)
