"""Where a request knocks from: the address, the browser in a few words, and whether it is a known device.

The device cookie lets nobody in. It only says under which count failures of this name go, so that whoever types a
colleague's name behind the same address does not lock the colleague's own browser.
"""

import hashlib
import secrets

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from portal.settings import Settings
from registry.access.sources import Source

HALF_A_YEAR = 180 * 24 * 3600
BROWSERS = (("Edg", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Harmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def source_of(username: str) -> Source:
    """Where this request comes from, for whoever gives this name."""
    return Source(
        address=request.remote_addr or "",
        browser=_browser(request.user_agent.string),
        device=_device_of(username),
    )


def remember_device(username: str) -> None:
    """This browser let the name in: from now on its failures are counted by themselves."""
    if _device_of(username):
        return
    value = _serializer().dumps([_short(username), secrets.token_hex(8)])

    @after_this_request
    def keep(response: Response) -> Response:
        is_secure = not _settings().is_demo
        response.set_cookie(
            _cookie(), value, max_age=HALF_A_YEAR, httponly=True, samesite="Lax", secure=is_secure
        )
        return response


def _device_of(username: str) -> str:
    try:
        name, device = _serializer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(device) if name == _short(username) else ""


def _browser(agent: str) -> str:
    found = [next((name for sign, name in table if sign in agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="device")


def _cookie() -> str:
    return "device" if _settings().is_demo else "__Host-device"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _short(username: str) -> str:
    return hashlib.sha256(username.encode()).hexdigest()[:16]
