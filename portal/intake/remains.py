"""What undoing a load takes away and leaves, in words: what a record is called, and whether its page may be opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.formatting import language, number
from registry.access.actors import Actor
from registry.access.masks import staff_name
from registry.access.rules import readable
from registry.actions import Action
from registry.intake.traces import Why
from registry.intake.undoing import Kept, Undoing
from registry.messages import N_
from registry.organisations.models import Organisation, Site
from registry.workforce.models import Practitioner

TABLES = {
    "practitioner": N_("人员"),
    "post": N_("任职"),
    "education": N_("学历"),
    "certificate": N_("证书"),
    "certificate_registration": N_("证书登记"),
    "training": N_("培训"),
    "organisation": N_("机构"),
    "site": N_("服务场所"),
    "dossier": N_("档案"),
    "service_report": N_("服务项目申报"),
    "activity": N_("活动记录"),
}
HOUSEHOLD = frozenset({"workflow_step", "clock", "todo", "draft_edit", "draft_round"})
"""What the portal keeps beside a record for itself: it goes with it, and nobody counts it."""
OTHERS = N_("有关记录")
WHY = {
    Why.CHANGED: N_("导入后又被修改过"),
    Why.GONE: N_("导入后已被删除或合并"),
    Why.REFERRED_TO: N_("导入后有其他记录用到它"),
    Why.NEEDED: N_("保留的记录还要用到它"),
}


@dataclass(frozen=True)
class Remaining:
    """One record that stays, as a reader may know it."""

    noun: str
    name: str
    url: str
    why: str


@dataclass(frozen=True)
class Told:
    """An undoing in words."""

    removed: str
    restored: str
    remaining: tuple[Remaining, ...]
    count: int
    """Of all that stays."""


def told(session: Session, undoing: Undoing, actor: Actor) -> Told:
    """Names are looked up now: the run itself keeps none."""
    names = _names(session, undoing, actor)
    remaining = tuple(_remaining(one, names) for one in undoing.kept)
    return Told(_counted(undoing.removed), _counted(undoing.restored), remaining, undoing.kept_count)


def _counted(rows: Mapping[str, int]) -> str:
    """人员 40、任职 40: what has a word of its own, and the rest together."""
    counts: dict[str, int] = {}
    for table, count in rows.items():
        if table in HOUSEHOLD:
            continue
        noun = TABLES.get(table, OTHERS)
        counts[noun] = counts.get(noun, 0) + count
    ordered = sorted(counts.items(), key=lambda item: [*TABLES.values(), OTHERS].index(item[0]))
    separator = "、" if language() == "zh" else ", "
    return separator.join(f"{_(noun)} {number(count)}" for noun, count in ordered)


def _remaining(kept: Kept, names: Mapping[tuple[str, str], tuple[str, str]]) -> Remaining:
    name, url = names.get((kept.table, kept.code), (kept.number or kept.code, ""))
    return Remaining(_(TABLES.get(kept.table, OTHERS)), name, url, _(WHY[kept.why]))


def _names(session: Session, undoing: Undoing, actor: Actor) -> dict[tuple[str, str], tuple[str, str]]:
    """Table and code to name and address, of what the actor may see."""
    codes: dict[str, list[str]] = {}
    for one in undoing.kept:
        codes.setdefault(one.table, []).append(one.code)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    people = _seen(session, Practitioner, Action.PRACTITIONER_SEE, codes.get("practitioner", ()), actor)
    for person in people:
        shown = f"{staff_name(actor, person.name) or ''} {person.person_no}".strip()
        url = url_for("practitioners.show", practitioner=person.code)
        found["practitioner", person.code] = shown, url
    for site in _seen(session, Site, Action.SITE_SEE, codes.get("site", ()), actor):
        found["site", site.code] = site.name, url_for("sites.show", site=site.code)
    owners = _seen(session, Organisation, Action.ORGANISATION_SEE, codes.get("organisation", ()), actor)
    for organisation in owners:
        url = url_for("providers.show", organisation=organisation.code)
        found["organisation", organisation.code] = organisation.name, url
    return found


def _seen(session: Session, model: Any, action: Action, codes: Any, actor: Actor) -> list[Any]:
    wanted = sa.select(model).where(model.code.in_(list(codes)), readable(model, actor, action))
    return list(session.scalars(wanted)) if codes else []
