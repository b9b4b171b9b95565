"""Every write of the room."""

from lionrock.oversight.actions.erasing import carry_out_erasure, erase_due, propose_erasure
from lionrock.oversight.actions.holding import place_hold, release_hold

__all__ = ["carry_out_erasure", "erase_due", "place_hold", "propose_erasure", "release_hold"]
