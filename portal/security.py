"""What an endpoint does and who may do it: every endpoint names its action, or says that it is public.

The permission table itself is `registry/access/rules.py`; this file only asks it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.sql.base import ExecutableOption
from werkzeug.exceptions import Unauthorized
from werkzeug.routing import BaseConverter

from portal.extensions import READING_METHODS, db
from portal.sessions import SignedIn, current_person, current_strictness
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.rules import authorize, may
from registry.actions import Action
from registry.audit.trail import Trail
from registry.clock import utc_now
from registry.errors import NotVisible

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class ProofNeeded(Unauthorized):
    """The act is sensitive, and whoever is signed in did not prove lately who he is."""


class UnguardedEndpoint(Exception):
    """An endpoint names no action; the start is refused."""


@dataclass(frozen=True)
class Policy:
    """What an endpoint says of itself."""

    action: Action | None = None
    """None for a public endpoint."""
    model: type | None = None
    see: Action | None = None
    writes: bool = False
    """A GET that leaves an entry in the trail."""
    load: Sequence[ExecutableOption] = ()
    fresh: bool = False
    """Sensitive: changing anything here asks for a proof of the last few minutes."""

    @property
    def argument(self) -> str | None:
        """The view's argument that holds the record: AddressChange is `address_change`."""
        return snake_case(self.model.__name__) if self.model else None


class CodeConverter(BaseConverter):
    """`<code:site>`: the random public code of a record."""

    regex = "[2-9a-hj-km-np-z]{4,16}"


def allowed(
    action: Action,
    on: type | None = None,
    *,
    see: Action | None = None,
    writes: bool = False,
    load: Sequence[ExecutableOption] = (),
    fresh: bool = False,
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """The endpoint does `action`; with `on`, to the record of that model which its address names.

    The record is loaded (with the options of `load`) and handed to the view: NotVisible where it does not exist or the
    actor may not see it, NotAllowed where he sees it and may not do this. Seeing is `see`, by default the action
    `<noun>.see` of the same noun. A sensitive act is `fresh`: the profile says how recent a proof it asks for.
    """
    return guarded_by(action, Policy(action, on, see or seeing(action), writes, tuple(load), fresh))


def public(view: View) -> View:
    """The endpoint is open to everybody, signed in or not."""
    view.policy = Policy()  # type: ignore[attr-defined]  # the mark travels with the view
    return view


def guarded_by(
    action: Action, policy: Policy
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Guards a view with a policy and leaves the policy on it as a mark."""

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            return view(**admitted(action, policy, arguments))

        guarded.policy = policy  # type: ignore[attr-defined]  # the mark travels with the view
        return guarded

    return decorate


def admitted(action: Action, policy: Policy, arguments: dict[str, Any]) -> dict[str, Any]:
    """The view's arguments with the record in place of its code; raises where the actor is refused."""
    g.writes = policy.writes
    actor = current_actor()
    if policy.argument is not None:
        record = record_of(policy.model, arguments[policy.argument], policy.load)
        authorize(actor, action, record, see=policy.see)
        arguments = arguments | {policy.argument: record}
    else:
        authorize(actor, action)
    if policy.fresh and request.method not in READING_METHODS:
        require_proof()
    return arguments


def require_proof() -> None:
    """Raises ProofNeeded where the last proof is too old for a sensitive act."""
    person = current_person()
    stay = person.stay if person is not None else None
    if stay is None or not stay.is_fresh(current_strictness(), at=utc_now()):
        raise ProofNeeded


def record_of(model: Any, code: str, load: Sequence[ExecutableOption] = ()) -> Any:
    """The record with this public code; NotVisible where there is none."""
    record = db.session.scalar(sa.select(model).where(model.code == code).options(*load))
    if record is None:
        raise NotVisible
    return record


def current_actor() -> Actor:
    """Whoever is signed in; 401 where nobody is."""
    actor = signed_in_actor()
    if actor is None:
        raise Unauthorized
    return actor


def signed_in_actor() -> Actor | None:
    """Whoever is signed in, or nobody."""
    return current_user.actor if isinstance(current_user._get_current_object(), SignedIn) else None  # noqa: SLF001  # the proxy's own door


def actor_may(action: Action, record: Any = None) -> bool:
    """`may` with the signed-in actor in it, for templates."""
    actor = signed_in_actor()
    return actor is not None and may(actor, action, record)


def current_trail() -> Trail:
    """What operations need for their entries in the trail."""
    settings: Settings = current_app.extensions["settings"]
    actor = signed_in_actor()
    principal = actor.principal if actor is not None else None
    return Trail(settings.audit_key.encode(), g.get("request_id", ""), principal)


def seeing(action: Action) -> Action | None:
    """`address_change.confirm` is seen by `address_change.see`, where the table has it."""
    name = f"{action.partition('.')[0]}.see"
    return Action(name) if name in set(Action) else None


def snake_case(name: str) -> str:
    """AddressChange becomes address_change."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """What an endpoint says of itself, or nothing."""
    return getattr(app.view_functions[endpoint], "policy", None)


def refuse_unguarded_endpoints(app: Flask) -> None:
    """Called when all areas are registered; names every endpoint that forgot its action."""
    faults = [*_unmarked(app), *_without_code(app)]
    if faults:
        raise UnguardedEndpoint("; ".join(faults))


def guard_requests(app: Flask) -> None:
    """The second wall: a view that was registered later, or that lost its mark, is refused at run time."""

    @app.before_request
    def refuse_unmarked_view() -> None:
        if request.endpoint is not None and policy_of(app, request.endpoint) is None:
            raise UnguardedEndpoint(f"{request.endpoint} names no action")


def _unmarked(app: Flask) -> Iterator[str]:
    for endpoint in app.view_functions:
        if policy_of(app, endpoint) is None:
            yield f"{endpoint} names no action: add @allowed(Action.…) or @public"


def _without_code(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint)
        if policy and policy.argument and policy.argument not in rule.arguments:
            yield f"{rule.endpoint} acts on a record, but {rule.rule} does not name <code:{policy.argument}>"
