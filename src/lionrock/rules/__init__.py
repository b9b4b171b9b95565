"""The rulebook: programmes as dated and cited data, and what follows from them."""
