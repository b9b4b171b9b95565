"""`lionrock job`: submit, follow and stop jobs; templates, efficiency and quota."""

from lionrock.jobs.commands.jobs import job
from lionrock.jobs.commands.standing import efficiency, quota, requeue
from lionrock.jobs.commands.templates import template

for each in (requeue, efficiency, quota, template):
    job.add_command(each)

__all__ = ["job"]
