"""Binds the provider that seals fields to an application or a command; the keys themselves stay in their folder."""

from flask import Flask, current_app

from portal.settings import Settings, SettingsError
from registry.sealing.keyring import KeyRing
from registry.sealing.providers import Cipher, KeysMissing, SealProvider

PROVIDER = "seal_provider"


def key_ring(settings: Settings) -> KeyRing:
    """The keys that the settings name; SettingsError where there are none. The demonstration makes its own."""
    ring = KeyRing(settings.keys, Cipher(settings.cipher), makes_missing=settings.is_demo)
    if not settings.is_demo:
        try:
            ring.check()
        except KeysMissing as error:
            raise SettingsError(str(error)) from None
    return ring


def add_key_ring(app: Flask, settings: Settings) -> None:
    """Refuses the start where a register could neither open nor seal."""
    app.extensions[PROVIDER] = key_ring(settings)


def current_seals() -> SealProvider:
    """What seals and opens in this application."""
    provider: SealProvider = current_app.extensions[PROVIDER]
    return provider
