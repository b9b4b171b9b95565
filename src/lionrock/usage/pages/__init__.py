"""The pages of use, and the tables that they hand out."""

from lionrock.usage.pages.clusters import cluster, clusters
from lionrock.usage.pages.efficiency import efficiency, efficiency_file
from lionrock.usage.pages.idle import idle, idle_file
from lionrock.usage.pages.using import steps_file, use, use_file
from lionrock.usage.pages.waits import waits, waits_file

__all__ = [
    "cluster",
    "clusters",
    "efficiency",
    "efficiency_file",
    "idle",
    "idle_file",
    "steps_file",
    "use",
    "use_file",
    "waits",
    "waits_file",
]
