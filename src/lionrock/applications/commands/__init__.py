"""`lionrock application`: what organisations ask for."""

from lionrock.applications.commands import filing, letters, showing, writing
from lionrock.applications.commands.group import application

__all__ = ["application", "filing", "letters", "showing", "writing"]
