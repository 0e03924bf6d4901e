"""Practitioners, their education, certificates and posts, and the majors that count."""
