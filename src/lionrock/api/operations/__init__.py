"""The operations by subject; importing this package fills the table."""

from importlib import import_module
from pkgutil import iter_modules

from lionrock.api.registry import OPERATIONS

for _each in iter_modules(__path__):
    import_module(f"{__name__}.{_each.name}")

__all__ = ["OPERATIONS"]
