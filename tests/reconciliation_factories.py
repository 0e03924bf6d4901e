"""Builders of reconciliations with boring defaults: a test names only what matters to it."""

import itertools
from typing import Any

from sqlalchemy.orm import Session

from registry.reconciliations.models import (
    ComparisonState,
    Corrector,
    Evidence,
    Outcome,
    Reconciliation,
    ReconciliationFinding,
    SourceSystem,
    SubjectKind,
)
from tests.factories import HUANGPU, NOW

_numbers = itertools.count(1)


def make_system(session: Session, **facts: Any) -> SourceSystem:
    """A register of social workers that Huangpu entered."""
    defaults: dict[str, Any] = {
        "name": f"示例登记系统{next(_numbers)}",
        "keeper": "示例社会工作服务中心",
        "holds": "社会工作者的证书和任职单位。",
        "division_code": HUANGPU,
        "updated_at": NOW,
    }
    system = SourceSystem(**(defaults | facts))
    session.add(system)
    session.flush()
    return system


def make_reconciliation(session: Session, **facts: Any) -> Reconciliation:
    """A list of one person that was compared by name and year of birth; its file is not kept."""
    defaults: dict[str, Any] = {
        "form_key": f"form-of-a-test-{next(_numbers):06d}",
        "kind": SubjectKind.PRACTITIONERS,
        "state": ComparisonState.COMPARED,
        "compared_at": NOW,
        "file_name": "对方名单.csv",
        "sha256": "0" * 64,
        "format": "csv",
        "columns": {"fields": {"name": "姓名", "birth_year": "出生年份"}, "identities": ["name_and_year"]},
        "rows": 1,
        "matched": 1,
        "fields_compared": 2,
        "fields_same": 1,
        "actor_code": "2222222222",
        "actor_name": "李示例",
        "division_code": HUANGPU,
        "at": NOW,
    }
    values = defaults | facts
    if "system" not in values:
        values["system"] = make_system(session, division_code=values["division_code"])
    run = Reconciliation(**values)
    session.add(run)
    session.flush()
    return run


def make_finding(session: Session, run: Reconciliation, **facts: Any) -> ReconciliationFinding:
    """They have another post for somebody, and should correct it."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "outcome": Outcome.DIFFERENT,
        "corrector": Corrector.THEM,
        "matter": f"somebody{number} profession",
        "row": 2,
        "field": "profession",
        "subject_code": "3333333333",
        "name": "张示例",
        "theirs": "护士",
        "ours": "社会工作者",
        "evidence": Evidence.NAME_AND_YEAR,
        "note": [],
    }
    finding = ReconciliationFinding(reconciliation=run, **(defaults | facts))
    session.add(finding)
    session.flush()
    return finding
