"""`lionrock application`: what organisations ask for."""

from lionrock.applications.commands import filing, showing, writing
from lionrock.applications.commands.group import application

__all__ = ["application", "filing", "showing", "writing"]
