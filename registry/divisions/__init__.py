"""The administrative tree: canonical codes, validity, population facts and division changes."""
