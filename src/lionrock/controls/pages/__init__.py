"""The pages of export controls: a determination, two days, instead, the catalogue, a centre over time."""

from lionrock.controls.pages.choosing import alternatives
from lionrock.controls.pages.comparing import comparison
from lionrock.controls.pages.determining import determination, determination_file
from lionrock.controls.pages.items import catalogue, item
from lionrock.controls.pages.telling import over_time

__all__ = ["alternatives", "catalogue", "comparison", "determination", "determination_file", "item", "over_time"]
