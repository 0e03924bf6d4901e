"""What the environment decides, read once at the start. Nothing else reads the environment."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

KEY_LENGTH = 32
"""Characters that a key needs at least."""

DEMO_URL = "http://127.0.0.1:8000"
"""Printed on papers of the demonstration."""

CIPHERS = ("aes", "sm4")
"""The suites of registry/sealing, by name: a command that seals nothing need not import them."""


class SettingsError(Exception):
    """A value is missing or unsafe; the message names it and says how to mend it."""


class Profile(StrEnum):
    """How strictly the portal guards itself."""

    DEMO = "demo"
    DENGBAO3 = "dengbao3"
    ASVS = "asvs"


@dataclass(frozen=True)
class Settings:
    """One running portal."""

    home: Path
    """Folder of the database, keys, uploads and logs."""
    database_url: str
    profile: Profile
    secret_key: str = field(repr=False)
    """Signs the session cookie and the tokens in forms."""
    audit_key: str = field(repr=False)
    """Seals the entries of the trail."""
    acting_as: str | None = None
    """The account that commands act as; `--as` overrides it."""
    public_url: str = ""
    """Where readers of printed documents find the portal; empty where it is not told: then no QR is printed."""
    duty_phone: str = ""
    """The help line printed at the foot of every page; empty where none was given."""
    heads_folder: Path | None = None
    """Where heads of the trail are exported to: a folder that is kept outside this machine, if one was given."""
    backups_folder: Path | None = None
    """Where backups are put: a folder on another disk or machine, if one was given."""
    map_approval: str = ""
    """审图号 of the boundaries in use; without one, maps say that they are schematics."""
    scanner: Path | None = None
    """The socket of a virus scanner (clamd) that looks at attached files; none is let in while it is silent."""
    proxies: int = 0
    """So many machines of our own stand in front; without any, what a request says of its way here is not believed."""

    limits_rates: bool = False
    """Whether requests are counted and refused beyond a limit. The environment says yes; tests and crawls, which ask
    faster than any person, say so only where they are about it."""
    cipher: str = "aes"
    """The suite that new values are sealed with: aes, or sm4 with SM3."""
    keys_folder: Path | None = None
    """Where the keys of sealed fields lie; None for `keys` in `home`."""

    @property
    def keys(self) -> Path:
        """The folder of the keys of sealed fields."""
        return self.keys_folder or self.home / "keys"

    @property
    def is_demo(self) -> bool:
        """Example data, plain cookies, this machine only."""
        return self.profile is Profile.DEMO

    @property
    def uploads(self) -> Path:
        """Files that were sent in."""
        return self.home / "uploads"

    @property
    def backups(self) -> Path:
        """Backups, one folder each."""
        return self.backups_folder or self.home / "backups"

    @property
    def heads(self) -> Path:
        """Heads of the trail, one a day."""
        return self.heads_folder or self.home / "heads"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Reads `PORTAL_*`; SettingsError where the start has to be refused."""
        profile = _profile(environ.get("PORTAL_PROFILE", Profile.DENGBAO3))
        refuse_debugger(environ, profile)
        home = Path(environ.get("PORTAL_HOME") or "instance").resolve()
        is_demo = profile is Profile.DEMO
        settings = cls(
            home=home,
            database_url=environ.get("PORTAL_DATABASE_URL") or f"sqlite:///{home / 'portal.sqlite'}",
            profile=profile,
            secret_key=_kept_key(home, "secret_key") if is_demo else _given_key(environ, "PORTAL_SECRET_KEY"),
            audit_key=_kept_key(home, "audit_key") if is_demo else _given_key(environ, "PORTAL_AUDIT_KEY"),
            acting_as=environ.get("PORTAL_AS") or ("demo-city" if is_demo else None),
            public_url=_public_url(environ.get("PORTAL_PUBLIC_URL", DEMO_URL if is_demo else "")),
            duty_phone=environ.get("PORTAL_DUTY_PHONE", ""),
            heads_folder=Path(environ["PORTAL_HEADS"]) if environ.get("PORTAL_HEADS") else None,
            backups_folder=Path(environ["PORTAL_BACKUPS"]) if environ.get("PORTAL_BACKUPS") else None,
            map_approval=environ.get("PORTAL_MAP_APPROVAL", "").strip(),
            cipher=_cipher(environ.get("PORTAL_CIPHER", CIPHERS[0])),
            keys_folder=Path(environ["PORTAL_KEYS"]).resolve() if environ.get("PORTAL_KEYS") else None,
            scanner=Path(environ["PORTAL_CLAMD_SOCKET"]) if environ.get("PORTAL_CLAMD_SOCKET") else None,
            proxies=_proxies(environ.get("PORTAL_PROXIES", "0")),
            limits_rates=_limits_rates(environ.get("PORTAL_RATES", "on"), profile),
        )
        return _refuse_one_key(settings)


def _public_url(typed: str) -> str:
    url = urlsplit(typed)
    if typed and (url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment):
        raise SettingsError(
            f"PORTAL_PUBLIC_URL is {typed!r}; it must be the portal's address, such as https://portal.example.cn."
        )
    return typed.rstrip("/")


def _cipher(name: str) -> str:
    if name not in CIPHERS:
        raise SettingsError(f"PORTAL_CIPHER is {name!r}; it must be one of {', '.join(CIPHERS)}.")
    return name


def _limits_rates(typed: str, profile: Profile) -> bool:
    if typed not in ("on", "off"):
        raise SettingsError(f"PORTAL_RATES is {typed!r}; it must be on or off.")
    if typed == "off" and profile is not Profile.DEMO:
        raise SettingsError("PORTAL_RATES is off; a register for work always limits rates. Unset it.")
    return typed == "on"


def _proxies(typed: str) -> int:
    if typed not in ("0", "1", "2", "3"):
        raise SettingsError(
            f"PORTAL_PROXIES is {typed!r}; it must be the number of proxies in front, 0 to 3."
        )
    return int(typed)


def refuse_debugger(environ: Mapping[str, str], profile: Profile) -> None:
    """The debugger runs whatever a visitor types; SettingsError where it would be switched on for work."""
    if profile is not Profile.DEMO and environ.get("FLASK_DEBUG", "0").lower() not in (
        "",
        "0",
        "false",
        "no",
    ):
        raise SettingsError("FLASK_DEBUG is set; a register for work never runs with the debugger. Unset it.")


def _profile(name: str) -> Profile:
    try:
        return Profile(name)
    except ValueError:
        choices = ", ".join(Profile)
        raise SettingsError(f"PORTAL_PROFILE is {name!r}; it must be one of {choices}.") from None


def _given_key(environ: Mapping[str, str], name: str) -> str:
    key = environ.get(name, "")
    if not key:
        raise SettingsError(
            f"{name} is missing; set it to {KEY_LENGTH} or more random characters and keep it."
        )
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_LENGTH // 4 or _repeats_itself(key):
        raise SettingsError(f"{name} is too easy to guess; it needs {KEY_LENGTH} or more random characters.")
    return key


def _repeats_itself(key: str) -> bool:
    """A word written again and again is as long as the word."""
    return key in f"{key}{key}"[1:-1]


def _refuse_one_key(settings: "Settings") -> "Settings":
    """Whoever learned the one would have the other."""
    if settings.secret_key == settings.audit_key:
        raise SettingsError("PORTAL_SECRET_KEY and PORTAL_AUDIT_KEY must differ.")
    return settings


def _kept_key(home: Path, name: str) -> str:
    """The demonstration makes its keys at the first start and keeps them, readable by its owner alone."""
    file = home / "keys" / name
    if not file.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        draft = file.with_suffix(".new")  # on a full disk half a key must not become the key
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(KEY_LENGTH))
        draft.replace(file)
    return file.read_text()


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_outside_address(settings: Settings, host: str) -> None:
    """The demonstration has known passwords, so it serves nobody else."""
    if settings.is_demo and not is_loopback(host):
        raise SettingsError(
            f"The demonstration is served to this machine only; {host} is no loopback address."
        )
