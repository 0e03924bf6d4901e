"""`portal report NAME`: a document as the button gives it, written to a file, with its check code on record."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of

if TYPE_CHECKING:
    from portal.documents.issuing import Issued

FORMATS = ("pdf", "docx")
ANNEXES = ("none", "institutions", "people")


@click.group("report")
def command() -> None:
    """Write a document to a file."""


@command.command("briefing")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="FILE.pdf or FILE.docx."
)
@click.option("--division", default="", metavar="CODE", help="The division; the account's own if left out.")
@click.option("--on", default="", metavar="DATE", help="The day, such as 2025-12-31; today if left out.")
@click.option("--figure", "code", default="qualified-share", show_default=True, metavar="CODE")
@click.option("--rule", default="", metavar="RULE", help="The counting rule: assigned or all-staff.")
@click.option(
    "--basis", default="", metavar="today|then", help="By today's divisions or by those of the day."
)
@click.option("--annex", type=click.Choice(ANNEXES), default="none", show_default=True)
@click.option("--language", "locale", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@as_option
def briefing(out: Path, code: str, locale: str, acting_as: str | None, **typed: str) -> None:
    """Write the 工作简报 of one division on one day to a file, whole or not at all."""
    from registry.documents.codes import grouped

    suffix = out.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise click.UsageError(f"--out must end in .pdf or .docx; it is {out.name!r}.")
    issued = _issue(out, code, typed | {"format": suffix}, locale=locale, acting_as=acting_as)
    document = issued.document
    counts = f"{document.numerator}/{document.denominator}  {document.percent}"
    click.echo(f"{out}  {counts}  check code {grouped(document.code)}  sha256 {document.sha256}")


def _issue(out: Path, code: str, typed: dict[str, str], *, locale: str, acting_as: str | None) -> "Issued":
    from portal.documents.files import write_whole
    from portal.documents.issuing import Issuer
    from portal.documents.making import question_of, refuse_people_beyond
    from portal.figures.asking import ask
    from registry.access.rules import authorize
    from registry.actions import Action
    from registry.clock import today, utc_now
    from registry.divisions.models import Division

    settings, now = load_settings(), utc_now()
    with open_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        asked = ask(typed, code=code, actor=actor, session=session, today=today(now))
        authorize(actor, Action.DOCUMENT_ISSUE, Division(code=asked.division))
        question = question_of(asked, typed, locale=locale)
        refuse_people_beyond(actor, question)
        issuer = Issuer(actor, now, settings, trail_of(settings))
        issued = issuer.issue(session, question, also=lambda data: write_whole(out, data))
        session.refresh(issued.document)
        session.expunge(issued.document)
    return issued
