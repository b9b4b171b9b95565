"""How the office judges what the rules leave open, and how long applications wait; without Django."""
