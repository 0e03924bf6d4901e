"""T7 for threads: many at the same instant before one portal whose transactions really commit."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.extensions import db
from registry.access.models import Role, SignIn
from registry.clock import today
from registry.engine import make_engine
from registry.organisations.models import AddressChange, Site
from tests.factories import make_site
from tests.hostile.scene import cookie_of, demo_account
from tests.hostile.stage import Stage, Visitor, opened_portal

TYPED = {
    "address": "示例路88号",
    "latitude": "",
    "longitude": "",
    "crs": "wgs84",
}


@dataclass(frozen=True)
class Race:
    """A portal, a provider before it in one browser, and its sites."""

    stage: Stage
    visitor: Visitor
    sites: Sequence[str]

    def at_once(self, url: str, forms: Sequence[dict[str, str]]) -> list[TestResponse]:
        """The answers to all forms, which are sent together."""
        gate = Barrier(len(forms))

        def send(form: dict[str, str]) -> TestResponse:
            gate.wait()
            return self.stage.ask(self.visitor, "POST", url, data=form)

        with ThreadPoolExecutor(len(forms)) as threads:
            return list(threads.map(send, forms))

    def filled(self, url: str, **typed: str) -> dict[str, str]:
        """The form of a page with its hidden fields, and what was typed."""
        page = self.stage.get(self.visitor, url).get_data(as_text=True)
        hidden = dict(re.findall(r'name="(csrf_token|key|version)"[^>]*value="([^"]*)"', page))
        street = re.search(r'<option selected value="(\d{9})"', page) or re.search(r'value="(\d{9})"', page)
        assert street is not None
        that_day = {"effective_on": today().isoformat(), "division_code": street[1]}
        return {**TYPED, **that_day, **hidden, **typed}

    def count(self, statement: sa.Select[tuple[int]]) -> int:
        """Read after all of them."""
        with Session(self.stage.connection.engine) as session:
            return session.scalar(statement) or 0


@contextmanager
def race(database_url: str, home: Path, *, sites: int) -> Iterator[Race]:
    """The demonstration on a database of its own, with so many sites more."""
    app = opened_portal(database_url, home)
    engine = make_engine(database_url)
    with engine.connect() as connection, Session(engine) as session:
        account = demo_account(session, Role.PROVIDER)
        position = account.positions[0]
        assert position.organisation is not None
        made = [
            make_site(session, position.organisation, division_code=position.division_code)
            for _ in range(sites)
        ]
        codes = [site.code for site in made]
        stage = Stage(app, connection, session)
        visitor = Visitor("provider", cookie_of(stage, account))
        session.execute(sa.update(SignIn).values(entered_at=SignIn.began_at, factor_at=SignIn.began_at))
        session.commit()
        yield Race(stage, visitor, codes)
    with app.app_context():
        db.engine.dispose()
    engine.dispose()


def double_clicks(race: Race, *, hands: int) -> list[str]:
    """For each site one form, sent by so many hands at once: one change is made, and all are led to it."""
    faults = []
    for site in race.sites:
        url = f"/sites/{site}/address-changes/new"
        form = race.filled(url)
        answers = race.at_once(url, [form] * hands)
        led = {answer.headers.get("Location", str(answer.status_code)) for answer in answers}
        made = race.count(
            sa.select(sa.func.count())
            .select_from(AddressChange)
            .join(AddressChange.site)
            .where(Site.code == site)
        )
        if made != 1 or len(led) != 1:
            faults.append(f"{site}: {made} changes, led to {sorted(led)}")
    return faults


def lost_updates(race: Race, *, editors: int, rounds: int) -> list[str]:
    """So many at once save what they wrote over the same version: one is taken, every other is told and keeps his."""
    new = f"/sites/{race.sites[0]}/address-changes/new"
    made = race.at_once(new, [race.filled(new)])[0].headers["Location"]
    faults, edit = [], f"{made}/edit"
    for _ in range(rounds):
        opened = race.filled(edit)
        texts = [f"示例{uuid4().hex}" for _ in range(editors)]
        forms = [{**opened, "key": uuid4().hex, "explanation": text} for text in texts]
        answers = race.at_once(edit, forms)
        statuses = Counter(answer.status_code for answer in answers)
        keep = all(
            text in answer.text
            for text, answer in zip(texts, answers, strict=True)
            if answer.status_code == 409
        )
        taken = [text for text, answer in zip(texts, answers, strict=True) if answer.status_code == 303]
        stands = race.stage.get(race.visitor, edit).text
        if statuses != {303: 1, 409: editors - 1} or not keep or not all(text in stands for text in taken):
            faults.append(f"answered {dict(statuses)}, kept {keep}")
    return faults
