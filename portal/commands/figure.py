"""`portal figure`: one figure, its parts, its rows."""

import json
from typing import TYPE_CHECKING, Any

import click

from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of

if TYPE_CHECKING:
    from portal.figures.asking import Asked
    from portal.figures.people import PersonRow
    from portal.settings import Settings
    from registry.access.actors import Actor
    from reports.figures.readings import Reading

REST = "未划入以上区划"
REASONS = ("inspection", "reporting", "correction", "training", "letters", "other")
"""Spelled out, so that the command starts without the register; a test compares them."""


@click.command("figure")
@click.argument("code")
@click.option("--division", default="", metavar="CODE", help="The division; the account's own if left out.")
@click.option("--on", default="", metavar="DATE", help="The day, such as 2025-12-31; today if left out.")
@click.option(
    "--by", default="", metavar="LEVEL", help="The level of the parts: city, district, township or site."
)
@click.option("--rule", default="", metavar="RULE", help="The counting rule: assigned or all-staff.")
@click.option(
    "--basis", default="", metavar="today|then", help="By today's divisions or by those of the day."
)
@click.option("--rows", "with_rows", is_flag=True, help="Also every person: who counts, why, until when.")
@click.option("--reason", default="", help=f"With --rows, what they are needed for: {', '.join(REASONS)}.")
@click.option("--note", default="", help="With --rows, the document, meeting or matter they are needed for.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
@as_option
def command(
    code: str, acting_as: str | None, with_rows: bool, as_json: bool, reason: str, note: str, **typed: str
) -> None:
    """One figure in one division on one day, with its parts.

    CODE is qualified-share, certified-share, trained-share, registered-share, staff or staff-per-10000. Rows are
    people: they are asked for with a purpose, and who took them is entered in the trail.
    """
    from portal.figures.asking import ask
    from registry.clock import today
    from reports.figures.readings import share

    settings = load_settings()
    with open_register(settings) as session:
        actor = actor_named(session, settings, acting_as)
        asked = ask(typed, code=code, actor=actor, session=session, today=today())
        reading = share(
            session,
            asked.figure,
            division=asked.division,
            on=asked.on,
            rule=asked.rule,
            by=asked.by,
            basis=asked.basis,
        )
        rows = _rows(session, asked, actor) if with_rows else None
        if rows is not None:
            _record(session, settings, asked, actor, len(rows), reason=reason, note=note)
    if as_json:
        click.echo(json.dumps(_as_json(reading, rows), ensure_ascii=False, indent=2))
    else:
        _print(reading, rows)


def _rows(session: Any, asked: "Asked", actor: "Actor") -> "list[PersonRow]":
    from portal.figures.people import person_rows
    from registry.workforce.counting import Place

    return person_rows(session, asked, Place(asked.division, asked.basis), actor=actor)


def _record(
    session: Any, settings: "Settings", asked: "Asked", actor: "Actor", rows: int, *, reason: str, note: str
) -> None:
    """In the trail before anything is printed."""
    from registry.access.exports import Purpose, TakenAlong, record_people_export
    from registry.access.rules import authorize
    from registry.actions import Action
    from registry.clock import utc_now
    from registry.divisions.codes import NATION

    authorize(actor, Action.PRACTITIONER_EXPORT)
    place = asked.division if asked.division != NATION else actor.division_code
    facts = {"format": "text", "what": "people"} | asked.values()
    taken = TakenAlong("figure", asked.figure.code, place, rows, facts)
    purpose = Purpose.of(reason, note)
    record_people_export(session, taken, purpose, actor=actor, at=utc_now(), trail=trail_of(settings))
    session.commit()


def _as_json(reading: "Reading", rows: "list[PersonRow] | None") -> dict[str, Any]:
    from reports.figures.contract import reading_as_json, row_as_json

    said = reading_as_json(reading, rest_name=REST)
    if rows is not None:
        said["rows"] = [row_as_json(one.row, name=one.name, reason=str(one.row.reason)) for one in rows]
    return said


def _print(reading: "Reading", rows: "list[PersonRow] | None") -> None:
    from reports.figures.wording import percent_text, target_text

    one = reading.share
    place = reading.name if reading.code != "0" else "全国"
    click.echo(f"{reading.figure.title}  {place}  {reading.on.isoformat()}  口径：{reading.rule.title}")
    verdict = f"{percent_text(one)}  {one.numerator}/{one.denominator}  目标 {target_text(one)}  {one.verdict.value}"
    click.echo(verdict)
    for part in reading.parts:
        name = REST if part.is_rest else part.name
        counts = f"{part.share.numerator}/{part.share.denominator}"
        click.echo(f"{part.code}\t{name}\t{counts}\t{percent_text(part.share)}\t{part.share.verdict.value}")
    for profession, persons in reading.professions:
        click.echo(f"{profession.value}\t{persons}")
    for one_person in rows or ():
        row, name = one_person.row, one_person.name or "--"
        until = row.until.isoformat() if row.until else "--"
        facts = (row.person.person_no, name, row.employer.name, row.standing.value, str(row.reason), until)
        click.echo("\t".join(facts))
