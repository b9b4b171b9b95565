"""The second path from use to lines: whole files at a time, in integers, independent of the readable one."""
