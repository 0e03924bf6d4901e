"""Backups: taken while the portal serves, sealed, restored beside what is there, verified, and only then put in place.

A backup is a folder: `manifest.json`, `database.sealed`, `files.sealed`. Keys are in none of them.
"""
