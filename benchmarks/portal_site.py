"""Our own list of institutions, asked in the way of the peers: scope, permission, layout and all.

With `held` as the last word, by a browser that holds the page already.
"""

import sys
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.peers.answering import answer, cookies_of, serve
from portal import create_app
from portal.sessions import SignedIn
from portal.settings import Profile, Settings
from registry.access.queries import account_by_username
from registry.access.sign_ins import begin_sign_in
from registry.clock import utc_now
from registry.engine import make_engine
from registry.organisations.models import Organisation

url, home, *words = sys.argv[1:]
PAGE = "/providers?kind=social_service&standing=listed&sort=name&page=3"
SCRIPTS = "scripts=run"
KEY = "a key that is only good for benchmarks"
app = create_app(
    Settings(home=Path(home), database_url=url, profile=Profile.DEMO, secret_key=KEY, audit_key=KEY[::-1])
)


def session_cookie() -> str:
    """What a browser holds after signing in."""
    from portal.extensions import db

    with app.app_context():
        account = account_by_username(db.session(), "bench")
        assert account is not None
        token = begin_sign_in(db.session(), account, at=utc_now())
        db.session.commit()
        session_id = SignedIn(account, token).get_id()
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = session_id
    cookie = browser.get_cookie("session")
    assert cookie is not None
    return f"session={cookie.value}"


def change() -> None:
    """What somebody else does: commits a change of an institution on a connection of his own, as the portal does it."""
    with Session(engine) as session:
        session.execute(sa.update(Organisation).where(Organisation.id == 1).values(updated_at=utc_now()))
        session.commit()


if __name__ == "__main__":
    engine = make_engine(url)
    change()
    _status, headers, _body = answer(app, PAGE, f"{session_cookie()}; {SCRIPTS}")
    held = dict(headers)["ETag"] if words == ["held"] else ""
    serve(app, PAGE, f"{cookies_of(headers)}; {SCRIPTS}", held, change)
