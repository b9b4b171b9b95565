"""What decides: the chain of custody, where data may lie, how they cross a border, when somebody is reminded."""
