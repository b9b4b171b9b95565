"""`lionrock supply`: capacity, orders, papers, shipments and equipment at the terminal."""

from lionrock.supply.commands import doing, papers
from lionrock.supply.commands.reading import supply

for command in (*doing.COMMANDS, *papers.COMMANDS):
    supply.add_command(command)

__all__ = ["supply"]
