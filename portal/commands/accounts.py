"""`portal accounts`: who may sign in."""

import secrets
from typing import TYPE_CHECKING

import click

from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of
from portal.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from registry.access.actors import Actor
    from registry.access.models import Account
    from registry.access.operations import NewAccount

ROLES = (
    "province", "city", "district", "street", "station", "provider", "charity", "association", "socialwork",
    "health", "police", "finance", "hr", "dpf", "sysadmin", "secadmin", "auditadmin",
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
    further one is opened by a security administrator.
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


@command.command("give-position")
@click.argument("username")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option(
    "--division", "division_code", required=True, metavar="CODE", help="The division it answers for."
)
@click.option(
    "--organisation", "organisation_code", metavar="CODE", help="Public code, for organisation roles."
)
@as_option
def give(
    username: str, role: str, division_code: str, organisation_code: str | None, acting_as: str | None
) -> None:
    """Let somebody hold one more position, and print its code; he switches between them without signing out."""
    from registry.access.models import Role
    from registry.access.operations import give_further_position
    from registry.access.positions import Charge
    from registry.access.queries import employer_by_code
    from registry.clock import today, utc_now
    from registry.divisions.queries import resolve

    settings = load_settings()
    with open_register(settings) as session:
        by = opener(session, settings, acting_as)
        division = resolve(session, division_code, today())
        organisation = employer_by_code(session, organisation_code) if organisation_code else None
        position = give_further_position(
            session,
            account_named(session, username),
            Charge(Role(role), division.code, organisation),
            at=utc_now(),
            trail=trail_of(settings),
            by=by,
        )
        session.commit()
        click.echo(position.code)


@command.command("end-position")
@click.argument("code")
@click.option("--reason", required=True, help="Why, for the trail.")
@click.option(
    "--leave-above", is_flag=True, help="Leave open work to whoever stands above, who names a successor."
)
@as_option
def end(
    code: str,
    reason: str,
    leave_above: bool,  # click hands flags over by name
    acting_as: str | None,
) -> None:
    """End a position from today on; whoever is signed in with it is out at once.

    Refused where it would leave open work to nobody: hand the work over first, or say --leave-above.
    """
    from registry.access.positions import end_position, position_by_code
    from registry.clock import today, utc_now
    from registry.handovers.leaving import count_left_alone
    from registry.handovers.leaving import leave_above as leave_to_above

    settings = load_settings()
    with open_register(settings) as session:
        by = opening_actor(session, settings, acting_as)
        position = position_by_code(session, code)
        if position is None:
            raise click.UsageError(f"There is no position {code!r}; see: portal accounts list")
        at, trail = utc_now(), trail_of(settings)
        if leave_above:
            leave_to_above(session, position, actor=by, at=at, trail=trail, note=reason)
        elif count := count_left_alone(session, position, today(at)):
            raise click.UsageError(
                f"{count} pieces of open work would be left to nobody: hand them over, or say --leave-above."
            )
        end_position(session, position, on=today(at), at=at, trail=trail, by=by, reason=reason)
        session.commit()


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
            for position in account.positions:
                ended = f"until {position.ended_on}" if position.ended_on else ""
                facts = (account.username, position.role, position.division_code, state, position.code, ended)
                click.echo("\t".join(facts).rstrip())


def opener(session: "Session", settings: Settings, acting_as: str | None) -> str:
    """The code of the account that opens accounts; NotAllowed where it may not."""
    return opening_actor(session, settings, acting_as).code


def opening_actor(session: "Session", settings: Settings, acting_as: str | None) -> "Actor":
    """Whoever opens accounts; NotAllowed where he may not."""
    from registry.access.rules import authorize
    from registry.actions import Action

    actor = actor_named(session, settings, acting_as)
    authorize(actor, Action.ACCOUNT_OPEN)
    return actor


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
