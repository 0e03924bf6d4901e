"""Drafts: what is filled in over days and by several hands, handed in, returned with remarks, and handed in again."""
