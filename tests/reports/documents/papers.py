"""A city with lagging, reaching and blank places, and papers about it."""

from datetime import date

from sqlalchemy.orm import Session

from registry.workforce.counting import Basis
from reports.coverage.atlas import Atlas
from reports.documents.briefing import Briefing, build
from reports.documents.briefing_paper import briefing_paper
from reports.documents.paper import Paper
from reports.documents.pictures import Maps
from reports.documents.speech import Speech
from reports.figures.definitions import QUALIFIED_SHARE, FigureDefinition
from tests.factories import NOW, make_provider, make_staff
from tests.reports.figures.worlds import ON, OTHER_STREET, STREET, XUHUI_STREET, lay_out_city

CODE = "7f3k9ab2c4"
URL = f"http://127.0.0.1:8000/check/{CODE}"
CHINESE = Speech(lambda msgid: msgid, "zh")


def lay_out_places(session: Session) -> None:
    """黄浦: 外滩 3 of 10 reaches, 南京东路 80 of 267 does not (29.96%), 半淞园路 is blank. 徐汇: 1 of 10."""
    lay_out_city(session)
    people = {OTHER_STREET: (3, 7), STREET: (80, 187), XUHUI_STREET: (1, 9)}
    for code, (qualified, other) in people.items():
        site = make_provider(session, division_code=code, name=f"示例中心{code}")
        make_staff(session, site, qualified=qualified, other=other)


def briefing_on(
    session: Session, division: str, *, figure: FigureDefinition = QUALIFIED_SHARE, on: date = ON
) -> Briefing:
    return build(
        session,
        figure,
        division=division,
        on=on,
        rule=figure.default_rule,
        basis=Basis.TODAY,
        at=NOW,
    )


def paper_of(briefing: Briefing, *, say: Speech = CHINESE, check_url: str = URL) -> Paper:
    return briefing_paper(briefing, code=CODE, check_url=check_url, maps=Maps(Atlas()), say=say)
