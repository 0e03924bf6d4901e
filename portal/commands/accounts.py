"""`portal accounts`: who may sign in."""

import secrets

import click

from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of

ROLES = (
    "province", "city", "district", "street", "station", "provider", "sysadmin", "secadmin", "auditadmin",
)  # fmt: skip
"""Spelled out, so that the command starts without the register; a test compares them."""


@click.group("accounts")
def command() -> None:
    """Open and list accounts."""


@command.command("invite")
@click.argument("username")
@click.option("--name", required=True, help="The person's name, as pages show it.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option(
    "--division", "division_code", required=True, metavar="CODE", help="The division it answers for."
)
@click.option(
    "--organisation", "organisation_code", metavar="CODE", help="Public code; for stations and providers."
)
@as_option
def invite(
    username: str,
    name: str,
    role: str,
    division_code: str,
    organisation_code: str | None,
    acting_as: str | None,
) -> None:
    """Open an account and print its first password.

    The first account of a register needs no --as; every further one is opened by a system administrator.
    """
    from registry.access.models import Role
    from registry.access.operations import NewAccount, open_account
    from registry.access.queries import employer_by_code, has_accounts
    from registry.access.rules import authorize
    from registry.actions import Action
    from registry.clock import today, utc_now
    from registry.divisions.queries import resolve

    settings = load_settings()
    with open_register(settings) as session:
        if has_accounts(session):
            authorize(actor_named(session, settings, acting_as), Action.ACCOUNT_OPEN)
        division = resolve(session, division_code, today())
        organisation = employer_by_code(session, organisation_code) if organisation_code else None
        new = NewAccount(username, name, Role(role), division.code, organisation)
        password = secrets.token_urlsafe(12)
        open_account(session, new, password=password, at=utc_now(), trail=trail_of(settings))
        session.commit()
    click.echo(f"{username} {password}")


@command.command("list")
@as_option
def show(acting_as: str | None) -> None:
    """List the accounts: name, role, division, whether open."""
    from registry.access.queries import accounts
    from registry.access.rules import authorize
    from registry.actions import Action

    settings = load_settings()
    with open_register(settings) as session:
        authorize(actor_named(session, settings, acting_as), Action.ACCOUNT_OPEN)
        for account in accounts(session):
            state = "open" if account.is_active else "closed"
            click.echo(f"{account.username}\t{account.role}\t{account.division_code}\t{state}")
