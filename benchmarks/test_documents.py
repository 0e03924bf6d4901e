"""A briefing as PDF, from its figures to its bytes, beside bare WeasyPrint on the same HTML."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session
from weasyprint import CSS, HTML

from benchmarks.comparing import Comparison, interleaved, record
from portal.demo.build import build_demo
from portal.migrating import upgrade_database
from registry.audit.trail import Trail
from registry.clock import utc_now
from registry.engine import make_engine
from registry.sealing.keyring import KeyRing
from registry.workforce.counting import Basis
from reports.coverage.atlas import Atlas
from reports.documents.briefing import build
from reports.documents.briefing_paper import briefing_paper
from reports.documents.paper import Paper
from reports.documents.pdf import stylesheet, to_html, to_pdf
from reports.documents.pictures import Maps
from reports.documents.speech import Speech
from reports.figures.definitions import QUALIFIED_SHARE

CITY, DAY = "31", date(2026, 11, 23)
CHINESE = Speech(lambda msgid: msgid, "zh")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The demonstration."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demonstration') / 'demo.sqlite'}"
    upgrade_database(url)
    engine = make_engine(url)
    ring = KeyRing(tmp_path_factory.mktemp("keys"), makes_missing=True)
    with Session(engine) as session:
        build_demo(session, trail=Trail(b"the key of a benchmark"), seals=ring)
        session.commit()
        yield session
    engine.dispose()


def test_a_briefing_takes_little_longer_than_laying_out_its_html(session: Session):
    html = to_html(paper_on(session), CHINESE)

    ours, bare = interleaved([lambda: to_pdf(paper_on(session), CHINESE), lambda: bare_pdf(html)])

    record(
        Comparison(
            "briefing as PDF, figures included",
            "bare WeasyPrint on the same HTML",
            ours,
            bare,
            limit=1.25,
            is_speedup=False,
            note=f"{page_count(html)} pages with map, two charts and a table of 16 districts",
        )
    )


def paper_on(session: Session) -> Paper:
    """Read and written anew each time, as a press on the button does."""
    briefing = build(
        session,
        QUALIFIED_SHARE,
        division=CITY,
        on=DAY,
        rule=QUALIFIED_SHARE.default_rule,
        basis=Basis.TODAY,
        at=utc_now(),
    )
    session.rollback()
    url = "http://127.0.0.1:8000/check/7f3k9ab2c4"
    return briefing_paper(briefing, code="7f3k9ab2c4", check_url=url, maps=Maps(Atlas()), say=CHINESE)


def bare_pdf(html: str) -> bytes:
    content: bytes = HTML(string=html).write_pdf(
        stylesheets=[CSS(string=stylesheet())], presentational_hints=True
    )
    return content


def page_count(html: str) -> int:
    return len(HTML(string=html).render(stylesheets=[CSS(string=stylesheet())]).pages)
