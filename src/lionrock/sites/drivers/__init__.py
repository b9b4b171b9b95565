"""The outside world of a site: a protocol, the real local driver, and a fake; one set of tests for both."""
