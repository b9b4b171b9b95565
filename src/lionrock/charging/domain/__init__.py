"""Rating, splitting and closing as pure functions: no Django, no clock, no database."""
