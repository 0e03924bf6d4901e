"""/admin/permissions: the permission table as the code has it, for the security administrator."""

from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.formatting import word, word_within, words_in_row
from portal.htmx import render_page
from portal.security import allowed
from registry.access.models import Role
from registry.access.permissions import Permission, noted_table, permissions, table_digest
from registry.actions import Action

bp = Blueprint("permissions", __name__, url_prefix="/admin/permissions")


@dataclass(frozen=True)
class Granted:
    """One action, and for each scope the roles that do it so far."""

    action: Action
    scopes: tuple[tuple[str, str], ...]
    """Pairs: the roles, the scope."""


@dataclass(frozen=True)
class Reading:
    """What one role may do, a sentence for each line."""

    role: Role
    sentences: tuple[str, ...]


@bp.get("")
@allowed(Action.PERMISSION_SEE)
def index() -> ResponseReturnValue:
    lines, digest, noted = permissions(), table_digest(), noted_table(db.session())
    return render_page(
        "admin/permissions.html",
        granted=granted(lines),
        readings=readings(lines),
        digest=digest,
        noted=noted,
        is_noted=noted is not None and noted.sha256 == digest,
        count=len(lines),
    )


def granted(lines: tuple[Permission, ...]) -> list[Granted]:
    """The table action by action."""
    table = []
    for action, of_action in groupby(lines, key=lambda line: line.action):
        scopes = [
            (words_in_row(line.role for line in same), word(scope))
            for scope, same in groupby(of_action, key=lambda line: line.scope)
        ]
        table.append(Granted(action, tuple(scopes)))
    return table


def readings(lines: tuple[Permission, ...]) -> list[Reading]:
    """The table role by role, to be read aloud."""
    return [
        Reading(role, tuple(sentence_of(line) for line in lines if line.role is role))
        for role in Role
        if any(line.role is role for line in lines)
    ]


def sentence_of(line: Permission) -> str:
    """区县民政可以确认地址变更，范围：管辖区划及下级。"""
    places = {"role": word(line.role), "action": word_within(line.action), "scope": word_within(line.scope)}
    return str(_("%(role)s可以%(action)s，范围：%(scope)s。", **places))
