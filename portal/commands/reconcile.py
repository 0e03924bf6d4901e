"""`portal reconcile FILE`: 数据核对 on the command line, with the page's permission, columns, comparison and trail.

What they have to correct is written in their own columns to the file that `--out` names.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from portal.cli import Refused, RowErrors
from portal.commands.acting import actor_named, as_option, load_settings, open_register, trail_of
from portal.commands.intake import read_whole
from portal.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from registry.access.actors import Actor
    from registry.intake.problems import Problem
    from registry.intake.tables import RawTable
    from registry.reconciliations.columns import UnknownWord
    from registry.reconciliations.models import Reconciliation, SourceSystem

KINDS = ("practitioners", "sites")
FORMATS = ("csv", "xlsx")


@dataclass(frozen=True)
class Doing:
    """Who compares, when, and where his settings are."""

    session: "Session"
    actor: "Actor"
    at: datetime
    settings: Settings


@click.command("reconcile")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--system", required=True, metavar="NAME", help="The system it is from: its name or its code.")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="What it lists.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the correction: FILE.csv or .xlsx."
)
@click.option("--purpose", default="", metavar="TEXT", help="What a correction that names people is for.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")
@as_option
def command(
    file: Path,
    system: str,
    kind: str,
    out: Path | None,
    purpose: str,
    *,
    as_json: bool,
    acting_as: str | None,
) -> None:
    """Compare the export FILE of another system with the register; its columns are those that were named once."""
    from registry.intake.problems import FileRefused

    _refuse_asked(kind, out, purpose)
    data = read_whole(file)
    try:
        facts = _reconciled(data, file.name, system, kind, out, purpose, acting_as)
    except FileRefused as refusal:
        _print_refused(file.name, refusal.problem, as_json=as_json)
        raise RowErrors("The file was not read; nothing was compared.") from None
    _print(facts, as_json=as_json)


def _refuse_asked(kind: str, out: Path | None, purpose: str) -> None:
    if out is not None and out.suffix.lower().removeprefix(".") not in FORMATS:
        raise click.UsageError(f"--out must end in .csv or .xlsx; it is {out.name!r}.")
    if out is not None and kind == "practitioners" and not purpose:
        raise click.UsageError("A correction that names people needs --purpose: say what it is for.")


def _reconciled(
    data: bytes, name: str, system: str, kind: str, out: Path | None, purpose: str, acting_as: str | None
) -> dict[str, Any]:
    """Compared and kept; then the correction, which may be refused without taking the comparison back."""
    from portal.reconciliations.files import table_in
    from registry.access.rules import authorize
    from registry.actions import Action
    from registry.clock import utc_now

    settings, at = load_settings(), utc_now()
    with open_register(settings) as session:
        doing = Doing(session, actor_named(session, settings, acting_as), at, settings)
        authorize(doing.actor, Action.RECONCILIATION_RUN)
        source = _system_named(doing, system)
        table = table_in(session, data, name, division_code=doing.actor.division_code, at=at)
        run, words = _compared(doing, source, kind, table, data)
        session.commit()
        facts = _facts(session, run, table, words)
        return facts | ({"correction": _corrected(doing, run, table, out, purpose)} if out else {})


def _system_named(doing: Doing, named: str) -> "SourceSystem":
    from registry.reconciliations.queries import systems_for

    known = systems_for(doing.session, doing.actor.division_code)
    found = [one for one in known if named in (one.code, one.name)]
    if len(found) == 1:
        return found[0]
    listed = "; ".join(f"{one.code} {one.name}" for one in known) or "none yet"
    ways = "name it by its code" if found else "enter it on the page /reconciliations/systems"
    raise Refused(f"--system {named!r} is not one system here; {ways}. Known: {listed}.")


def _compared(
    doing: Doing, source: "SourceSystem", kind: str, table: "RawTable", data: bytes
) -> "tuple[Reconciliation, list[UnknownWord]]":
    from portal.intake.files import UploadedFiles
    from portal.reconciliations.standing import standing_columns
    from portal.sealing import key_ring
    from registry.reconciliations.columns import unknown_words
    from registry.reconciliations.models import SubjectKind
    from registry.reconciliations.operations import Sent, compare_file, take_in

    session, seals = doing.session, key_ring(doing.settings)
    how: dict[str, Any] = {"actor": doing.actor, "at": doing.at, "trail": trail_of(doing.settings)}
    run = take_in(session, Sent(source, SubjectKind(kind), table, uuid4().hex), **how)
    said = standing_columns(session, doing.actor, run, table)
    if not said.identities:
        heads = ", ".join(head for head in table.headers if head)
        raise Refused(
            f"{table.file_name}: no column tells who is who (its heads: {heads}). "
            "Send the file once on the page /reconciliations/new and name its columns there."
        )
    compare_file(session, run, table, said, version=run.version, seals=seals, **how)
    UploadedFiles(doing.settings.uploads, seals).keep(run, data)
    return run, unknown_words(run.kind, table, said)


def _facts(
    session: "Session", run: "Reconciliation", table: "RawTable", words: "Sequence[UnknownWord]"
) -> dict[str, Any]:
    from portal.reconciliations.views import tallies
    from registry.reconciliations.queries import corrected_since, counts_of

    counts = ("rows", "matched", "only_theirs", "ambiguous", "unreadable", "only_ours")
    return {
        "file": table.file_name,
        "system": run.system.name,
        "reconciliation": run.code,
        **{name: getattr(run, name) for name in (*counts, "fields_compared", "fields_same")},
        "corrected_since": corrected_since(session, run),
        "is_partial": run.seems_partial,
        "findings": [
            {
                "outcome": one.outcome.value,
                "count": one.count,
                "them": one.them,
                "us": one.us,
                "open": one.undecided,
                "reported": one.reported,
            }
            for one in tallies(counts_of(session, run))
        ],
        "unknown_words": [{"field": one.field, "word": one.word, "rows": one.count} for one in words],
    }


def _corrected(
    doing: Doing, run: "Reconciliation", table: "RawTable", out: Path, purpose: str
) -> dict[str, Any]:
    """Made, entered in the trail, and written; how many of their rows it changes."""
    from portal.documents.files import write_whole
    from portal.reconciliations.their_form import corrected_rows, in_their_form
    from registry.reconciliations.queries import left_to_them

    findings = left_to_them(doing.session, run)
    if not findings:
        return {"file": "", "rows": 0}
    kind = out.suffix.lower().removeprefix(".")
    rows = corrected_rows(doing.session, doing.actor, run, table, findings, at=doing.at)
    about, mark = _about(doing, run, len(rows), purpose)
    content = in_their_form(run, table, kind, rows, about, mark)
    _enter(doing, run, kind, len(rows), purpose)
    doing.session.commit()
    write_whole(out, content)
    return {"file": str(out), "rows": len(rows)}


def _about(doing: Doing, run: "Reconciliation", rows: int, purpose: str) -> tuple[list[tuple[str, str]], Any]:
    """What the second sheet says, as the page's file does; of people with the mark of who took them along."""
    from portal.exporting_people import watermark_of
    from portal.formatting import moment
    from registry.messages import N_
    from registry.reconciliations.models import SubjectKind

    about = [
        (N_("来源系统"), run.system.name),
        (N_("对方文件"), run.file_name),
        (N_("核对时间"), moment(run.compared_at)),
        (N_("行数"), str(rows)),
        (N_("具体用途"), purpose),
        (N_("导出人"), doing.actor.name),
        (N_("导出时间"), moment(doing.at)),
    ]
    if run.kind is not SubjectKind.PRACTITIONERS:
        return about, None
    mark = watermark_of(doing.actor, doing.at, "portal reconcile")
    return [*about, (N_("使用要求"), mark.above)], mark


def _enter(doing: Doing, run: "Reconciliation", kind: str, rows: int, purpose: str) -> None:
    """A correction with people is a file with people: right, cap, number a day and purpose are those of the page."""
    from portal.reconciliations.their_form import record_places_taken
    from registry.access.exports import ExportReason, Purpose, TakenAlong, record_people_export
    from registry.access.rules import authorize
    from registry.actions import Action
    from registry.reconciliations.models import Reconciliation, SubjectKind

    facts = {"kind": run.kind.value, "file": "更正表", "format": kind}
    taken = TakenAlong(Reconciliation.__tablename__, run.code, run.division_code, rows, facts)
    how: dict[str, Any] = {"actor": doing.actor, "at": doing.at, "trail": trail_of(doing.settings)}
    if run.kind is SubjectKind.PRACTITIONERS:
        authorize(doing.actor, Action.PRACTITIONER_EXPORT)
        said = Purpose.of(ExportReason.CORRECTION, purpose)
        record_people_export(doing.session, taken, said, **how)
    else:
        record_places_taken(doing.session, taken, **how)


def _print_refused(name: str, problem: "Problem", *, as_json: bool) -> None:
    from registry.messages import N_

    said = problem.as_json(N_, "zh")
    if as_json:
        click.echo(json.dumps({"file": name, "errors": [said]}, ensure_ascii=False))
    else:
        click.echo(f"error  {said['message']} {said['remedy']}")


def _print(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for one in facts["unknown_words"]:
        click.echo(
            f"warning  {one['field']}={one['word']!r} in {one['rows']} rows: nobody has said what it means, "
            f"so it differs; say it on the page /reconciliations/{facts['reconciliation']}/columns"
        )
    counts = ("rows", "matched", "only_theirs", "ambiguous", "unreadable", "only_ours")
    numbers = ", ".join(f"{name.replace('_', ' ')} {facts[name]}" for name in counts)
    click.echo(
        f"{facts['file']}: {numbers}; {facts['fields_same']} of {facts['fields_compared']} fields the same"
    )
    for one in facts["findings"]:
        parts = ", ".join(f"{name} {one[name]}" for name in ("them", "us", "open", "reported"))
        click.echo(f"{one['outcome'].replace('_', ' ')}  {one['count']}  ({parts})")
    click.echo(f"corrected since the last one: {facts['corrected_since']}")
    _print_correction(facts)
    click.echo(f"To go on with it: /reconciliations/{facts['reconciliation']}")


def _print_correction(facts: dict[str, Any]) -> None:
    made = facts.get("correction")
    if made is None:
        return
    if not made["file"]:
        click.echo("They have nothing to correct; no file was written.")
        return
    click.echo(f"{made['file']}: {made['rows']} rows to correct, in their columns")
    if facts["is_partial"]:
        click.echo("Their file seems to be a part of their list: what only we have is not in it.")
