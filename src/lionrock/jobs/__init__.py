"""Jobs submitted and followed from Lionrock."""
