"""Raising and following up for everybody, the cases for who sees them, and changes of projects."""

from lionrock.concerns.pages.acting import act
from lionrock.concerns.pages.changing import change, panel
from lionrock.concerns.pages.public import follow, raise_page
from lionrock.concerns.pages.showing import index, show

__all__ = ["act", "change", "follow", "index", "panel", "raise_page", "show"]
