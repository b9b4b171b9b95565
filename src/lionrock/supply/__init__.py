"""Supply: what is ordered, what authorises it, what has come, and what that makes of capacity."""
