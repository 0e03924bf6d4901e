"""Figures on pages: the reading, its parts, and the people behind it."""
