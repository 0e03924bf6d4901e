"""The two blueprints with all their pages."""

from portal.organisations.detail import show, show_site
from portal.organisations.lists import providers, sites

__all__ = ["providers", "show", "show_site", "sites"]
