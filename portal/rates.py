"""How often somebody may ask: pages and searches of a person, knocks of a stranger (security, control 11).

Whoever is signed in is counted by himself, so that a house behind one address is not held up; whoever is not, by where
he asks from. Parts that a page fetches by itself are no pages; they have a wide limit of their own, because a request
only says of itself that it is one. The numbers are dated parameters. Where nothing can be counted, nobody is held up.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from flask import Flask, Response, current_app, g, make_response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import TooManyRequests

from portal.counters import Counters
from portal.errors import EXPLANATIONS, explained, record_refusal
from portal.extensions import READING_METHODS, db
from portal.htmx import asks_for_fragment, is_htmx
from portal.security import policy_of, signed_in_actor
from portal.settings import Settings
from registry.access.actors import Actor
from registry.actions import Action
from registry.clock import SHANGHAI, today
from registry.divisions.codes import NATION
from registry.messages import N_
from registry.policy.queries import parameter_if_set

COUNTERS, LIMITS = "rate_counters", "rate_limits"
REMEMBERED_SECONDS = 60.0
"""A parameter that was changed is in force after a minute."""
SEARCH = "q"
"""The argument of every list that takes a text."""
UNCOUNTED = frozenset({"health.show"})
"""Asked by the machine in front, again and again."""

EXPLANATION = replace(EXPLANATIONS[429], remedy=_l("到时刷新本页即可继续。"))

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rate:
    """So many requests within so long; the number is a parameter."""

    key: str
    seconds: int
    sentence: str


READS = Rate("rate.reads_per_minute", 60, N_("一分钟内打开的页面超过了%(most)s个，请在%(until)s之后再继续。"))
PARTS = Rate("rate.parts_per_minute", 60, N_("一分钟内的请求超过了%(most)s次，请在%(until)s之后再继续。"))
SEARCHES = Rate("rate.searches_per_minute", 60, N_("一分钟内查询超过了%(most)s次，请在%(until)s之后再查。"))
STRANGERS = Rate(
    "rate.strangers_per_minute",
    60,
    N_("从您所在的网络地址发来的未登录请求，一分钟内超过了%(most)s次，请在%(until)s之后再试。"),
)


ENQUIRIES = Rate(
    "rate.enquiries_per_hour",
    3600,
    N_("从您所在的网络地址提交的，一小时内超过了%(most)s条，请在%(until)s之后再试，或改打电话。"),
)
RECEIPTS = Rate(
    "rate.receipts_per_hour",
    3600,
    N_("从您所在的网络地址查询的，一小时内超过了%(most)s次，请在%(until)s之后再查。"),
)
OF_FORMS = {"public_enquiries.ask": ENQUIRIES, "public_enquiries.answer": RECEIPTS}
"""Forms without a sign-in: each has a rate of its own, for whoever is signed in too."""


class TooFast(TooManyRequests):
    """More requests than a rate allows."""

    def __init__(self, rate: Rate, most: int, until: float, *, is_first: bool) -> None:
        super().__init__()
        self.rate, self.most, self.until = rate, most, until
        self.is_first = is_first
        """The first one beyond the limit: one entry of the trail tells of all that follow."""


def limit_rates(app: Flask, settings: Settings) -> None:
    """Counts each request before anything is done for it."""
    app.register_error_handler(TooFast, hurried)
    if settings.limits_rates:
        app.extensions[COUNTERS] = Counters(settings.home / "rates.sqlite")
        app.extensions[LIMITS] = {}
        app.before_request(refuse_haste)


def refuse_haste() -> None:
    """TooFast beyond a limit."""
    if request.endpoint in UNCOUNTED:
        return
    actor, now = signed_in_actor(), time.time()
    place, asker = (actor.division_code, actor.code) if actor else (NATION, source())
    if request.method not in READING_METHODS and request.endpoint in OF_FORMS:
        form = OF_FORMS[request.endpoint]
        most = most_of(form, NATION)
        if most is not None:
            _count(form, source(), most, now=now)
    for rate in rates_of(actor):
        most = most_of(rate, place)
        if most is not None:
            _count(rate, asker, most, now=now)


def rates_of(actor: Actor | None) -> Iterator[Rate]:
    """What this request counts as."""
    if actor is None:
        yield STRANGERS
    elif request.method in READING_METHODS:
        yield PARTS if is_part() else READS
    if actor is not None and is_search():
        yield SEARCHES


def is_part() -> bool:
    """Fetched by a page that is open, not opened by somebody."""
    return request.environ.get("HTTP_SEC_FETCH_DEST") == "empty" or asks_for_fragment()


def is_search() -> bool:
    """A list asked for a text, or somebody looked up by a whole number."""
    if request.method in READING_METHODS:
        return bool(request.query_string) and bool(request.args.get(SEARCH, "").strip())
    policy = policy_of(current_app, request.endpoint) if request.endpoint else None
    return policy is not None and policy.action is Action.IDENTITY_SEARCH


def source() -> str:
    """Where a stranger asks from: an address, or the network that IPv6 gives to one household."""
    given = request.remote_addr or ""
    try:
        address = ip_address(given)
    except ValueError:
        return given
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(address, IPv6Address) else given


def most_of(rate: Rate, place: str) -> int | None:
    """The limit in force in a place; None where no parameter says one."""
    known: dict[tuple[str, str], tuple[float, int | None]] = current_app.extensions[LIMITS]
    until, most = known.get((rate.key, place), (0.0, None))
    if time.monotonic() < until:
        return most
    found = parameter_if_set(db.session(), rate.key, place, today())
    most = None if found is None else int(found)
    known[rate.key, place] = (time.monotonic() + REMEMBERED_SECONDS, most)
    return most


def hurried(error: TooFast) -> Response:
    """429, with the clock time until which; a page, a sentence for a part of one, or JSON."""
    actor = signed_in_actor()
    if error.is_first:
        _note(error, actor)
    until = datetime.fromtimestamp(ceil(error.until), UTC).astimezone(SHANGHAI)
    sentence = _(error.rate.sentence, most=error.most, until=f"{until:%H:%M:%S}")
    if is_htmx():
        answer = make_response(sentence, error.code)
        answer.mimetype = "text/plain"
    else:
        answer = explained(429, EXPLANATION, sentence)
    answer.headers["Retry-After"] = str(max(1, ceil(error.until - time.time())))
    return answer


def _count(rate: Rate, asker: str, most: int, *, now: float) -> None:
    counters: Counters = current_app.extensions[COUNTERS]
    counted = counters.count(f"{rate.key} {asker}", seconds=rate.seconds, now=now)
    if counted is not None and counted.number > most:
        raise TooFast(rate, most, counted.until, is_first=counted.number == most + 1)


def _note(error: TooFast, actor: Actor | None) -> None:
    if actor is None:
        log.warning("requests are refused: %s", error.rate.key, extra={"request_id": g.get("request_id", "")})
    else:
        record_refusal(actor, rate=error.rate.key)
