"""Every endpoint names its action; records come with permission or not at all."""

import re

import pytest
from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from portal.security import CodeConverter, UnguardedEndpoint, allowed, public, seeing, snake_case
from registry.access.models import Role
from registry.actions import Action
from registry.organisations.models import AddressChange, Organisation
from tests.factories import make_address_change, make_organisation, make_provider
from tests.portal.applications import trial_app
from tests.portal.polite import Polite

bp = Blueprint("trial", __name__)


@bp.get("/trial/organisations/<code:organisation>")
@allowed(Action.ORGANISATION_SEE, on=Organisation)
def show(organisation: Organisation) -> ResponseReturnValue:
    return organisation.name


@bp.get("/trial/changes/<code:address_change>")
@allowed(Action.ADDRESS_CHANGE_CONFIRM, on=AddressChange)
def confirm(address_change: AddressChange) -> ResponseReturnValue:
    return address_change.address


@bp.get("/trial/public")
@public
def open_to_all() -> ResponseReturnValue:
    return "open"


@pytest.fixture
def portal(settings) -> Flask:
    return trial_app(settings, bp)


def area(name: str) -> Blueprint:
    return Blueprint(name, __name__)


def test_the_start_is_refused_when_an_endpoint_names_no_action(settings):
    bare = area("bare")
    bare.add_url_rule("/bare", "show", lambda: "open to anybody")

    with pytest.raises(UnguardedEndpoint, match=r"bare\.show names no action"):
        trial_app(settings, bare)


def test_the_start_is_refused_when_a_record_has_no_place_in_the_address(settings):
    lost = area("lost")
    lost.add_url_rule("/lost/<code:other>", "show", show)

    with pytest.raises(UnguardedEndpoint, match="<code:organisation>"):
        trial_app(settings, lost)


def test_a_view_that_lost_its_mark_is_refused_at_run_time(app: Flask, client, sign_in):
    sign_in(Role.CITY)
    guarded = app.view_functions["home.show"]
    app.view_functions["home.show"] = lambda: "open to anybody"

    with pytest.raises(UnguardedEndpoint, match=r"home\.show"):
        client.get("/")

    app.view_functions["home.show"] = guarded


def test_a_record_is_handed_to_the_view_by_its_public_code(client, sign_in, session):
    sign_in(Role.CITY)
    organisation = make_organisation(session, name="示例机构")
    session.commit()

    assert client.get(f"/trial/organisations/{organisation.code}").text == "示例机构"


def test_the_integer_key_opens_nothing(polite: Polite, sign_in, session):
    sign_in(Role.CITY)
    organisation = make_organisation(session)
    session.commit()

    polite.get(f"/trial/organisations/{organisation.id}", 404)


def test_a_record_outside_the_scope_is_answered_like_one_that_does_not_exist(client, sign_in, session):
    change = make_address_change(session, make_provider(session, division_code="310115004"))
    sign_in(Role.DISTRICT, division_code="310101")

    hidden = client.get(f"/trial/changes/{change.code}")
    missing = client.get("/trial/changes/2222222222")

    assert hidden.status_code == missing.status_code == 404
    assert without_ids(hidden) == without_ids(missing)


def test_a_record_that_may_be_seen_but_not_acted_on_is_answered_403(polite: Polite, sign_in, session):
    site = make_provider(session)
    change = make_address_change(session, site)
    sign_in(Role.PROVIDER, organisation=site.organisation)

    polite.get(f"/trial/changes/{change.code}", 403)


def test_an_action_that_is_not_the_role_s_is_answered_403(polite: Polite, sign_in):
    sign_in(Role.STREET)

    polite.get("/intake/", 403)


def test_a_public_page_is_open_to_everybody(client):
    assert client.get("/trial/public").text == "open"


def test_seeing_is_the_action_of_the_same_noun():
    assert seeing(Action.ADDRESS_CHANGE_CONFIRM) is Action.ADDRESS_CHANGE_SEE
    assert seeing(Action.INTAKE_RUN) is None


def test_the_argument_is_the_model_in_snake_case():
    assert snake_case("AddressChange") == "address_change"
    assert snake_case("Site") == "site"


def test_the_address_of_a_record_takes_public_codes_only():
    assert CodeConverter.regex == "[2-9a-hj-km-np-z]{4,16}"


def without_ids(answer) -> str:
    """The body without what differs between any two answers."""
    text = answer.text.replace(answer.headers["X-Request-Id"], "")
    nonce = answer.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
    text = text.replace(nonce, "")
    # A token carries the second in which it was made, and the two answers may fall into two seconds.
    text = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", text)
    return text.replace(answer.request.path, "")
