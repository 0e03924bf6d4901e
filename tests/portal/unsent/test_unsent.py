"""What is typed into a form and not sent: kept for its writer alone, sealed, until the form is taken."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.lapsing import UNSENT, do_part
from portal.settings import Settings
from portal.unsent.keeping import (
    KEPT_FOR,
    LONGEST,
    MARKED_FOR,
    MARKS,
    MOST_FORMS,
    Answers,
    Unsent,
    UnsentForms,
    folder_of,
    forget_unsent,
)
from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.audit.trail import Principal
from registry.clock import today, utc_now
from registry.sealing.keyfiles import Purpose, make_key
from registry.sealing.keyring import KeyRing, make_missing
from registry.sealing.providers import Cipher
from tests.factories import make_account, make_provider
from tests.portal.pages import XHTML
from tests.portal.polite import Polite

SignIn = Callable[..., Actor]
NEW = "/activities/new"
WORDS = "下午的手工活动，　“剪纸”；<b>&amp; 100%"
TYPED = {"note": [WORDS], "persons": ["12"]}


@pytest.fixture
def worker(session: Session) -> Account:
    site = make_provider(session)
    account = make_account(session, Role.PROVIDER, organisation=site.organisation)
    session.commit()
    return account


def sent(polite: Polite, *, page: str = "p-1", status: int = 200, **facts: Any) -> str:
    """What keeping answers; `answers` as an object, or as any text."""
    answers = facts.pop("answers", TYPED)
    typed = answers if isinstance(answers, str) else json.dumps(answers)
    body = polite.get("/").tree.find(f"{XHTML}body")
    shelf = body.get("data-shelf", "") if body is not None else ""
    values = {"path": NEW, "page": page, "version": "", "shelf": shelf, "answers": typed} | facts
    return polite.post("/unsent/keep", values, status).response.get_data(as_text=True)


def words(page: str = "p-1", answers: Answers = TYPED) -> Unsent:
    return Unsent(page, "", answers, utc_now().isoformat())


def found(client: FlaskClient, path: str = NEW) -> Any:
    """The answers that the page would fill in again; None where there are none."""
    answer = client.get("/unsent", query_string={"path": path})
    return answer.get_json()["answers"] or None


def test_what_was_typed_comes_back_word_for_word_and_says_when(
    polite: Polite, sign_in: SignIn, worker: Account
) -> None:
    sign_in(account=worker)

    assert "已暂存" in json.loads(sent(polite, version="3"))["sentence"]

    kept = polite.client.get("/unsent", query_string={"path": NEW}).get_json()
    assert (kept["answers"], kept["version"]) == (TYPED, "3")
    assert today().isoformat() in kept["sentence"]
    assert found(polite.client, "/activities/void") is None, "another form"


def test_it_is_nobody_elses(polite: Polite, sign_in: SignIn, session: Session, worker: Account) -> None:
    colleague = make_account(session, Role.PROVIDER, organisation=worker.positions[0].organisation)
    session.commit()
    sign_in(account=worker)
    sent(polite)

    sign_in(account=colleague)
    assert found(polite.client) is None

    sign_in(account=worker)
    assert found(polite.client) == TYPED


def test_whoever_is_not_signed_in_is_told_nothing(polite: Polite, client: FlaskClient) -> None:
    assert client.get("/unsent?path=/activities/new", headers={"HX-Request": "true"}).status_code == 401
    polite.post("/unsent/keep", {"path": NEW, "page": "p-1", "answers": "{}"}, 401)


@pytest.fixture
def actor(worker: Account) -> Actor:
    return Actor.of(worker.positions[0])


@pytest.fixture
def forms(settings: Settings, ring: KeyRing, actor: Actor) -> UnsentForms:
    return UnsentForms(settings, ring, actor)


@pytest.fixture
def ring(settings: Settings) -> KeyRing:
    return KeyRing(settings.keys, Cipher(settings.cipher))


def test_each_position_has_its_own(
    settings: Settings, ring: KeyRing, actor: Actor, forms: UnsentForms
) -> None:
    forms.keep(NEW, words())
    others = [
        replace(actor, role=Role.STATION),
        replace(actor, division_code="310104"),
        replace(actor, organisation_id=None),
        replace(actor, principal=Principal("hldr2345", "示例主任")),
    ]

    assert [UnsentForms(settings, ring, other).of(NEW) for other in others] == [None] * 4


def test_the_disk_holds_no_word_of_it_and_no_name_of_the_form(settings: Settings, forms: UnsentForms) -> None:
    forms.keep(NEW, words())

    held = b"".join(
        file.name.encode() + file.read_bytes() for file in folder_of(settings).iterdir() if file.is_file()
    )
    assert not any(word.encode() in held for word in ("手工", "剪纸", "note", "activities"))


def test_a_form_that_is_taken_is_over_and_its_late_saves_too(
    polite: Polite, sign_in: SignIn, worker: Account
) -> None:
    sign_in(account=worker)
    sent(polite)
    answers = {"content": "k:RS09", "persons": "12", "minutes": "90"}
    form = polite.get(NEW)
    data = {
        one.get("name"): one.get("value") or "" for one in form.all("input") if one.get("type") == "hidden"
    }

    polite.post(NEW, data | answers | {"held_on": today().isoformat(), "unsent": "p-1"})

    assert found(polite.client) is None
    assert json.loads(sent(polite))["sentence"] == "", "the last save arrived behind the form"
    assert found(polite.client) is None
    sent(polite, page="p-2")
    assert found(polite.client) == TYPED, "the next form is another one"


def test_a_form_that_is_refused_stays_kept(polite: Polite, sign_in: SignIn, worker: Account) -> None:
    sign_in(account=worker)
    sent(polite)

    polite.submit(polite.get(NEW), {"参加人数": "十个", "时长": "90"}, button="登记", status=200)

    assert found(polite.client) == TYPED


def test_giving_up_takes_it_away(polite: Polite, sign_in: SignIn, worker: Account) -> None:
    sign_in(account=worker)
    sent(polite)

    assert json.loads(sent(polite, answers={}))["sentence"] == ""
    assert found(polite.client) is None


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"path": "/no/such/form"}, "没有这样的表单"),
        ({"path": "/figures"}, "没有这样的表单"),
        ({"path": "//elsewhere.example/activities/new"}, "没有这样的表单"),
        ({"page": ""}, "没有这样的表单"),
        ({"answers": "not json"}, "读不出来"),
        ({"answers": "[" * 20_000}, "读不出来"),
        ({"answers": '{"note": "no list"}'}, "读不出来"),
        ({"answers": '{"note": [1]}'}, "读不出来"),
        ({"answers": json.dumps({"note": ["字" * LONGEST]})}, "太长"),
    ],
)
def test_what_is_no_form_is_not_kept_and_the_answer_says_why(
    polite: Polite, sign_in: SignIn, worker: Account, facts: dict[str, Any], why: str
) -> None:
    sign_in(account=worker)

    assert why in json.loads(sent(polite, status=409, **facts))["error"]


def test_the_form_left_alone_longest_gives_way(settings: Settings, forms: UnsentForms) -> None:
    for number in range(MOST_FORMS + 3):
        forms.keep(f"/tasks/{number}", words())

    kept = [number for number in range(MOST_FORMS + 3) if forms.of(f"/tasks/{number}")]
    assert len(kept) == MOST_FORMS
    assert kept[-1] == MOST_FORMS + 2


def test_after_a_fortnight_it_is_erased(settings: Settings, session: Session, forms: UnsentForms) -> None:
    now = utc_now()
    forms.keep(NEW, words())
    forms.end("/tasks/new", ["p-2"])

    assert do_part(settings, session, UNSENT, today(), now + KEPT_FOR - timedelta(hours=1)) == 0
    assert forms.of(NEW) is not None
    assert do_part(settings, session, UNSENT, today(), now + KEPT_FOR + timedelta(hours=1)) > 0
    assert forms.of(NEW) is None


def test_it_outlives_a_change_of_keys(settings: Settings, actor: Actor, tmp_path: Any) -> None:
    own = replace(settings, home=tmp_path, keys_folder=tmp_path / "keys")
    make_missing(own.keys, Cipher.AES)
    UnsentForms(own, KeyRing(own.keys, Cipher.AES), actor).keep(NEW, words())

    make_key(own.keys, Purpose.SEAL, Cipher.AES)

    kept = UnsentForms(own, KeyRing(own.keys, Cipher.AES), actor).of(NEW)
    assert kept is not None
    assert kept.answers == TYPED


def test_a_form_that_was_sent_is_over_in_whatever_order_its_saves_arrive(forms: UnsentForms) -> None:
    forms.end(NEW, ["p-1"])
    assert not forms.keep(NEW, words())

    forms.keep(NEW, words("p-2"))
    forms.end("/elsewhere", ["p-2"])
    assert forms.of(NEW) is None, "its save came between"


def test_what_another_window_keeps_of_the_same_form_stays(forms: UnsentForms) -> None:
    forms.keep(NEW, words("p-1"))

    forms.end(NEW, ["p-2"])
    forms.keep(NEW, words("p-3", {}))

    kept = forms.of(NEW)
    assert kept is not None
    assert kept.page == "p-1"


def test_words_that_were_filled_in_are_given_up_and_ended_with_the_page_that_shows_them(
    forms: UnsentForms,
) -> None:
    forms.keep(NEW, words("p-1"))
    forms.keep(NEW, words("p-2", {}), before="p-1")
    assert forms.of(NEW) is None

    forms.keep(NEW, words("p-3"))
    forms.end(NEW, ["p-4", "p-3"])
    assert forms.of(NEW) is None


def test_forms_that_were_sent_push_out_none_that_was_not(forms: UnsentForms, settings: Settings) -> None:
    forms.keep("/tasks/new", words())
    for number in range(MOST_FORMS + 3):
        forms.keep(NEW, words(f"p-{number + 2}"))
        forms.end(NEW, [f"p-{number + 2}"])

    assert forms.of("/tasks/new") is not None


def test_marks_of_what_was_sent_go_after_a_day(settings: Settings, forms: UnsentForms) -> None:
    forms.end(NEW, ["p-1"])

    forget_unsent(settings, at=utc_now() + MARKED_FOR + timedelta(hours=1))

    assert list(folder_of(settings).glob(MARKS)) == []


def test_forms_about_two_people_are_two(polite: Polite, sign_in: SignIn, worker: Account) -> None:
    sign_in(account=worker)
    sent(polite, path=f"{NEW}?site=a2345")

    assert found(polite.client, f"{NEW}?site=a2345") == TYPED
    assert found(polite.client, f"{NEW}?site=b2345") is None
    assert found(polite.client) is None


def test_a_page_that_was_drawn_for_another_position_keeps_nothing(
    polite: Polite, sign_in: SignIn, worker: Account
) -> None:
    sign_in(account=worker)

    assert "岗位已切换" in json.loads(sent(polite, status=409, shelf="another"))["error"]
    assert found(polite.client) is None


def test_a_full_disk_does_not_undo_what_was_taken(
    app: Flask, polite: Polite, sign_in: SignIn, worker: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(account=worker)

    def full(*_facts: Any, **_more: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(UnsentForms, "end", full)
    page = polite.submit(polite.get(NEW), {"参加人数": "10", "时长": "90"}, button="登记")

    assert "活动已登记" in page.text
