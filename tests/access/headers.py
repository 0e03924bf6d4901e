"""What every answer must tell the browser: control 8 of the threat model, written out."""

import re
from collections.abc import Iterator, Mapping

from werkzeug.test import TestResponse

FIXED: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = re.compile(
    r"default-src 'none'; script-src 'self' 'nonce-([\w-]{22})'; style-src 'self' 'nonce-\1'; "
    r"img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; "
    r"frame-ancestors 'none'; base-uri 'none'"
)
ASKED_AGAIN, FOR_GOOD = "private, no-cache", "private, max-age=31536000, immutable"
FOR_EVERYBODY = "public, max-age=300"
KEPT: Mapping[str, str] = {
    "map.geometry": FOR_GOOD,
    **dict.fromkeys(
        (
            "api.document",
            "api_divisions.index",
            "api_figures.index",
            "api_figures.show",
            "api_lists.providers",
            "api_lists.sites",
        ),
        ASKED_AGAIN,
    ),
    **dict.fromkeys(
        (
            "public.apply",
            "public.area",
            "public.find",
            "public.index",
            "public.leaflet",
            "public.map_page",
            "public.place",
            "public_check.index",
            "public_check.show",
        ),
        FOR_EVERYBODY,
    ),
}
"""What may be kept though somebody is signed in: boundaries under the hash of their contents, and what the interface
tells of institutions, sites and counts; and pages of the public, which are the same for everybody. Nobody's name,
number or page is among it."""
LEAVING = frozenset({"access.sign_out", "own.end_every"})
TYPES = ("text/html", "application/json", "text/csv", "application/pdf", "image/svg+xml", "application/vnd.")


def header_faults(
    endpoint: str, answer: TestResponse, *, is_secure: bool = False, is_view: bool = True
) -> Iterator[str]:
    """What an answer lacks, or says wrongly; `is_view`: the endpoint itself gave it."""
    headers = answer.headers
    yield from (
        f"{name} holds what no server sends: {value}" for name, value in headers if not value.isascii()
    )
    yield from (
        f"{name} is {headers.getlist(name)}"
        for name, value in FIXED.items()
        if headers.getlist(name) != [value]
    )
    if not POLICY.fullmatch(headers.get("Content-Security-Policy", "")):
        yield f"the policy is {headers.get('Content-Security-Policy')}"
    if not re.fullmatch("[0-9a-f]{16}", headers.get("X-Request-Id", "")):
        yield "it has no request id"
    keeps = KEPT.get(endpoint, "no-store") if answer.status_code == 200 and is_view else "no-store"
    if headers.get("Cache-Control") != keeps:
        yield f"it may be kept: {headers.get('Cache-Control')}"
    if ("Strict-Transport-Security" in headers) != is_secure:
        yield f"HTTPS for a year is {headers.get('Strict-Transport-Security')}"
    yield from faults_of_contents(endpoint, answer)


def faults_of_contents(endpoint: str, answer: TestResponse) -> Iterator[str]:
    """A type that we serve, nothing of the server, and nothing left in the browser of whoever goes."""
    headers = answer.headers
    if answer.data and not headers.get("Content-Type", "").startswith(TYPES):
        yield f"it is a {headers.get('Content-Type')}"
    if "Server" in headers or "X-Powered-By" in headers:
        yield "it says what it runs on"
    if answer.status_code == 303 and endpoint in LEAVING and "Clear-Site-Data" not in headers:
        yield "it leaves something behind"
