"""The pages of supply: capacity against its goal, orders, papers and suppliers, and what else could be bought."""

from lionrock.supply.pages.capacity import capacity, capacity_file, index
from lionrock.supply.pages.choices import choices
from lionrock.supply.pages.order import order
from lionrock.supply.pages.orders import new, orders, orders_file
from lionrock.supply.pages.papers import papers

__all__ = ["capacity", "capacity_file", "choices", "index", "new", "order", "orders", "orders_file", "papers"]
