"""What can be done with sites."""

from lionrock.sites.actions.connecting import add_login, connect_site
from lionrock.sites.actions.discovering import discover_site
from lionrock.sites.actions.pooling import add_pool
from lionrock.sites.actions.registering import register_site

__all__ = ["add_login", "add_pool", "connect_site", "discover_site", "register_site"]
