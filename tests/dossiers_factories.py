"""Builders for dossiers and successions."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from registry.dossiers.models import Dossier, DossierFact, DossierRemark, DossierState, FactKind
from registry.organisations.models import Organisation, StandingKind
from registry.successions.models import OrganisationSuccession, SuccessionKind
from tests.factories import NOW, make_organisation

LIST_DAY = date(2026, 10, 31)
LIST = "示例市社会组织名单（2026年10月）"


def make_dossier(session: Session, organisation: Organisation | None = None, **facts: Any) -> Dossier:
    """A charity that was brought in and is to be checked; its registration is normal."""
    organisation = organisation or make_organisation(session)
    defaults: dict[str, Any] = {
        "kind": StandingKind.CHARITY,
        "state": DossierState.BROUGHT_IN,
        "registrar": "示例市民政局",
        "document": LIST,
        "listed_on": LIST_DAY,
        "differing": [],
        "division_code": organisation.division_code,
        "updated_at": NOW,
    }
    dossier = Dossier(organisation=organisation, **(defaults | facts))
    session.add(dossier)
    session.flush()
    make_fact(session, dossier, FactKind.REGISTRATION, "normal", LIST_DAY)
    return dossier


def make_fact(
    session: Session, dossier: Dossier, kind: FactKind, value: str, on: date, year: int | None = None
) -> DossierFact:
    """A fact of the list of October 2026."""
    fact = DossierFact(
        kind=kind,
        year=year,
        value=value,
        on=on,
        document=dossier.document,
        listed_on=dossier.listed_on,
        recorded_at=NOW,
        recorded_by="李示例",
    )
    dossier.facts.append(fact)
    session.flush()
    return fact


def make_remark(session: Session, dossier: Dossier, **facts: Any) -> DossierRemark:
    """The charity says that its name is wrong."""
    defaults: dict[str, Any] = {
        "differing": ["name"],
        "text": "名称少一个“市”字。",
        "answer": "",
        "raised_at": NOW,
    }
    remark = DossierRemark(dossier=dossier, **(defaults | facts))
    session.add(remark)
    session.flush()
    return remark


def make_succession(
    session: Session, predecessor: Organisation, successor: Organisation, **facts: Any
) -> OrganisationSuccession:
    """A merger of June 2026 with which nothing passed over."""
    defaults: dict[str, Any] = {
        "kind": SuccessionKind.MERGE,
        "on": date(2026, 6, 1),
        "document": "示民社〔2026〕6号",
        "ends_predecessor": True,
        "passed": {"sites": [], "closed": [], "standings": [], "closed_on": None},
        "recorded_at": NOW,
        "recorded_by": "李示例",
        "undone_by": "",
        "reason": "",
    }
    succession = OrganisationSuccession(predecessor=predecessor, successor=successor, **(defaults | facts))
    session.add(succession)
    session.flush()
    return succession
