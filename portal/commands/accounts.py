"""`portal accounts`: who may sign in."""

import secrets
from typing import TYPE_CHECKING

import click

from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of
from portal.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from registry.access.models import Account
    from registry.access.operations import NewAccount

ROLES = (
    "province", "city", "district", "street", "station", "provider", "sysadmin", "secadmin", "auditadmin",
)  # fmt: skip
"""Spelled out, so that the command starts without the register; a test compares them."""

FIRST_PASSWORD_BYTES = 15


@click.group("accounts")
def command() -> None:
    """Open and list accounts, and help whoever cannot get in."""


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
@click.option(
    "--first-password",
    is_flag=True,
    help="Print a first password for 24 hours, to be changed at once, in place of a one-time code.",
)
@as_option
def invite(
    username: str,
    name: str,
    role: str,
    division_code: str,
    organisation_code: str | None,
    first_password: bool,  # click hands flags over by name
    acting_as: str | None,
) -> None:
    """Open an account and print the one-time code, valid for 72 hours, with which its person sets a password.

    With PORTAL_PUBLIC_URL the code is printed as a link too. The first account of a register needs no --as; every
    further one is opened by a system administrator.
    """
    from registry.access.models import Role
    from registry.access.operations import NewAccount, invite_account
    from registry.access.queries import employer_by_code, has_accounts
    from registry.clock import today, utc_now
    from registry.divisions.queries import resolve

    settings = load_settings()
    with open_register(settings) as session:
        by = opener(session, settings, acting_as) if has_accounts(session) else ""
        division = resolve(session, division_code, today())
        organisation = employer_by_code(session, organisation_code) if organisation_code else None
        new = NewAccount(username, name, Role(role), division.code, organisation)
        if first_password:
            said = f"{username} {opened_with_password(session, settings, new)}"
        else:
            said = handed_out(
                settings, invite_account(session, new, at=utc_now(), trail=trail_of(settings), by=by)
            )
        session.commit()
    click.echo(said)


@command.command("new-code")
@click.argument("username")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(("password", "factor")),
    required=True,
    help="What was lost: the password, or the authenticator with its recovery codes.",
)
@as_option
def new_code(username: str, purpose: str, acting_as: str | None) -> None:
    """Print a one-time code, valid for 72 hours, for whoever lost his password or his authenticator."""
    from registry.access.models import CodePurpose
    from registry.access.one_time_codes import issue_code
    from registry.clock import utc_now

    settings = load_settings()
    with open_register(settings) as session:
        by = opener(session, settings, acting_as)
        account, trail = account_named(session, username), trail_of(settings)
        code = issue_code(session, account, CodePurpose(purpose), at=utc_now(), trail=trail, by=by)
        session.commit()
    click.echo(handed_out(settings, code) if purpose == CodePurpose.PASSWORD else code)


@command.command("list")
@as_option
def show(acting_as: str | None) -> None:
    """List the accounts: name, role, division, whether open."""
    from registry.access.queries import accounts

    settings = load_settings()
    with open_register(settings) as session:
        opener(session, settings, acting_as)
        for account in accounts(session):
            state = "open" if account.is_active else "closed"
            click.echo(f"{account.username}\t{account.role}\t{account.division_code}\t{state}")


def opener(session: "Session", settings: Settings, acting_as: str | None) -> str:
    """The code of the account that opens accounts; NotAllowed where it may not."""
    from registry.access.rules import authorize
    from registry.actions import Action

    actor = actor_named(session, settings, acting_as)
    authorize(actor, Action.ACCOUNT_OPEN)
    return actor.code


def account_named(session: "Session", username: str) -> "Account":
    """The open account of this name; exit code 2 where there is none."""
    from registry.access.queries import account_by_username

    account = account_by_username(session, username)
    if account is None or not account.is_active:
        raise click.UsageError(f"No open account has the name {username!r}; see: portal accounts list")
    return account


def opened_with_password(session: "Session", settings: Settings, new: "NewAccount") -> str:
    """The first password of the account, which satisfies every profile."""
    from registry.access.operations import open_account
    from registry.access.strictness import STRICTNESS
    from registry.clock import utc_now

    password = f"{secrets.token_urlsafe(FIRST_PASSWORD_BYTES)}-Aa7"
    strictness = STRICTNESS[settings.profile]
    open_account(
        session, new, password=password, at=utc_now(), strictness=strictness, trail=trail_of(settings)
    )
    return password


def handed_out(settings: Settings, code: str) -> str:
    """The code, and the address at which it is used where the portal knows its own."""
    return f"{code}\n{settings.public_url}/invitation?code={code}" if settings.public_url else code
