"""Releases: a file with more people than the cap, asked for by one, let go by another, taken once."""
