"""The programming interface: the same figures as the pages, as JSON."""
