"""A figure without a target: institutions are counted, none is judged."""

from sqlalchemy.orm import Session

from reports.figures.readings import share
from reports.figures.wording import reached_text
from tests.factories import make_provider, make_staff
from tests.reports.figures.worlds import CERTIFIED_SHARE, CITY, ON, XUHUI_STREET, lay_out_city


def test_institutions_without_a_target_neither_reach_nor_miss_it(session: Session) -> None:
    lay_out_city(session)
    make_staff(session, make_provider(session), qualified=3, other=7)
    make_provider(session, division_code=XUHUI_STREET)

    rule = CERTIFIED_SHARE.default_rule
    tally = share(session, CERTIFIED_SHARE, division=CITY, on=ON, rule=rule).institutions

    assert (tally.reached, tally.judged, tally.missed) == (0, 0, 0)
    assert (tally.untargeted, tally.empty, tally.listed) == (1, 1, 2)
    assert reached_text(tally) == "--"
