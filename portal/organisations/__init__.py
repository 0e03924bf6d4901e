"""Institutions and their sites: two lists and two detail pages."""
