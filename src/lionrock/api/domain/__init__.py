"""What the API decides without Django: tokens and scopes, signatures and tries, addresses that may be called."""
