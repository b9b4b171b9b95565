"""Names and how alike they are, lists and what differs between them, ownership, and what becomes of a hit."""
