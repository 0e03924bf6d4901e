"""The home page: the work that waits today."""
