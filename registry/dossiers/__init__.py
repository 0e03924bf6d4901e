"""Dossiers: charities and associations brought in from the authority's list and checked (建档), never approved here."""
