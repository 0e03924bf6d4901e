"""`portal routes`: every address of the site with its action."""

import json
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.settings import Profile, Settings

if TYPE_CHECKING:
    from flask import Flask


@click.command("routes")
@click.option("--json", "as_json", is_flag=True, help="Endpoint, rule, methods, action, public.")
def command(as_json: bool) -> None:
    """List the addresses of the site and who may use them."""
    from portal import create_app

    with tempfile.TemporaryDirectory() as folder:
        found = routes_of(create_app(throwaway_settings(Path(folder))))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for route in found:
        click.echo(f"{','.join(route['methods']):10} {route['rule']:50} {route['action'] or 'public'}")


def routes_of(app: "Flask") -> list[dict[str, Any]]:
    """One entry per rule, in the order of their addresses."""
    from portal.security import policy_of

    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        policy = policy_of(app, rule.endpoint)
        action = policy.action if policy else None
        found.append(
            {
                "endpoint": rule.endpoint,
                "rule": rule.rule,
                "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                "action": action.value if action else None,
                "public": action is None,
            }
        )
    return found


def throwaway_settings(home: Path) -> Settings:
    """The addresses are the same whatever the settings are, so none need to be given."""
    key = secrets.token_urlsafe(32)
    return Settings(home=home, database_url="sqlite://", profile=Profile.DEMO, secret_key=key, audit_key=key)
