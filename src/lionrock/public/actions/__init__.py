"""Keeping a project's title and organisation out of the public register, and showing them again."""

from lionrock.public.actions.withholding import show_again, withhold_project

__all__ = ["show_again", "withhold_project"]
