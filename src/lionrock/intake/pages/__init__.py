"""The pages of the office's desk: the board with its files, the service report, and the check of one application."""

from lionrock.intake.pages.board import file, index, service, service_file, show
from lionrock.intake.pages.decided import decided
from lionrock.intake.pages.desk import check, panel, take

__all__ = ["check", "decided", "file", "index", "panel", "service", "service_file", "show", "take"]
