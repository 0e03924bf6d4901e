"""放弃草稿 and 撤回: a draft of one's own is given up, what was handed in is withdrawn, whatever its kind."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.organisations.models import AddressChangeState, Site
from registry.provider_entries.models import EntryState
from registry.services.models import ServiceReportState
from registry.station_filings.models import FilingState
from tests.entry_factories import lay_out_terms, make_entry, make_filing
from tests.factories import NOW, make_account, make_address_change, make_provider
from tests.portal.polite import Polite
from tests.services_factories import make_service_report

SignIn = Callable[..., Actor]
KINDS = [
    ("/address-changes/", Role.PROVIDER, AddressChangeState.SUBMITTED),
    ("/service-reports/", Role.PROVIDER, ServiceReportState.SUBMITTED),
    ("/provider-entries/", Role.PROVIDER, EntryState.SUBMITTED),
    ("/station-filings/", Role.STATION, FilingState.SUBMITTED),
]


def made(session: Session, path: str, site: Site, maker: Account, **facts: Any) -> Any:
    if path == "/service-reports/":
        return make_service_report(session, site, maker, **facts)
    makers = {
        "/address-changes/": make_address_change,
        "/provider-entries/": make_entry,
        "/station-filings/": make_filing,
    }
    return makers[path](session, site, **facts)


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    return make_provider(session, name="示例心晴中心")


def signed_in(session: Session, site: Site, sign_in: SignIn, role: Role) -> Account:
    account = make_account(session, role, organisation=site.organisation)
    sign_in(account=account)
    return account


@pytest.mark.parametrize(("path", "role", "_state"), KINDS)
def test_a_draft_that_was_never_handed_in_is_discarded(
    polite: Polite, session: Session, site: Site, sign_in: SignIn, path: str, role: Role, _state: StrEnum
) -> None:
    draft = made(session, path, site, signed_in(session, site, sign_in, role))
    session.commit()
    page = polite.get(f"{path}{draft.code}")
    assert "撤回" not in page.links
    page = polite.follow(page, "放弃草稿")
    assert page.heading.startswith("放弃草稿 · ")
    gone = polite.submit(page, button="放弃草稿")
    assert "草稿已放弃" in gone.heading
    assert "撤回" not in gone.main


@pytest.mark.parametrize(("path", "role", "state"), KINDS)
def test_what_was_handed_in_is_withdrawn(
    polite: Polite, session: Session, site: Site, sign_in: SignIn, path: str, role: Role, state: StrEnum
) -> None:
    maker = signed_in(session, site, sign_in, role)
    record = made(session, path, site, maker, state=state, submitted_at=NOW)
    session.commit()
    page = polite.follow(polite.get(f"{path}{record.code}"), "撤回")
    assert page.heading.startswith("撤回")
    gone = polite.submit(page)
    assert "已撤回" in gone.heading
