"""`lionrock award`: decisions, offers, what they gave, and how it changes."""

from lionrock.awards.commands.awards import award
from lionrock.awards.commands.projects import people
from lionrock.awards.commands.varying import change, letter, resume, suspend

for each in (change, letter, people, resume, suspend):
    award.add_command(each)

__all__ = ["award"]
