"""Who may do what with jobs, and with what it is tried; see tests/config/rows.py."""

from __future__ import annotations

from tests.config.rows import EVERYBODY, SEES, CommandRow, PageRow
from tests.people.rows import ActionRow

CHARGE_OF = {"member", "cluster_admin"}
AT = "--at 2026-04-20T09:00+08:00"
NOT_NOW = frozenset({6})
"""A job that is over, or waits, cannot be run again: who may is told so."""
ACTIONS = {"jobs.requeue_job": ActionRow("member, cluster_admin", lambda scene: {"code": scene.job})}
ELSEWHERE_RECORDED = {"jobs.requeue_job": "tested with a job that runs, in tests/jobs"}
COMMANDS = {
    ("job", "requeue"): CommandRow(CHARGE_OF, lambda scene: f"{scene.job} {AT}", ends=NOT_NOW),
    ("job", "efficiency"): CommandRow(SEES, lambda scene: f"{scene.job} {AT}"),
    ("job", "quota"): CommandRow(SEES, lambda scene: f"{scene.award} {AT}"),
}
PAGES = {
    "jobs:list": PageRow(SEES, shows=lambda scene: scene.job),
    "jobs:new": PageRow(EVERYBODY),
    "jobs:template": PageRow(EVERYBODY, lambda _: ["train"]),
    "jobs:show": PageRow(SEES, lambda scene: [scene.job]),
    "jobs:cancel": PageRow(CHARGE_OF, lambda scene: [scene.waiting_job], posted=lambda _: {}),
    "jobs:requeue": PageRow(CHARGE_OF, lambda scene: [scene.waiting_job], posted=lambda _: {}),
    "jobs:log": PageRow(SEES, lambda scene: [scene.job, "stdout"], ends=frozenset({404})),
    "jobs:file": PageRow(SEES, lambda scene: [scene.job, "loss.csv"], ends=frozenset({404})),
}
