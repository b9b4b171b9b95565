"""Pages of jobs: the list, the forms, one job with its log and files, and what an award's page shows."""

from lionrock.jobs.pages.files import log_file, output_file
from lionrock.jobs.pages.listing import index, panel, quota_panel
from lionrock.jobs.pages.making import from_template, new
from lionrock.jobs.pages.showing import cancel, requeue, show

__all__ = [
    "cancel",
    "from_template",
    "index",
    "log_file",
    "new",
    "output_file",
    "panel",
    "quota_panel",
    "requeue",
    "show",
]
