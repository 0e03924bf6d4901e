"""How much a request may bring, from where, and which cookies it gets."""

import dataclasses

import pytest

from portal.settings import Profile
from registry.access.models import Role
from tests.portal.applications import trial_app


def test_the_demonstration_answers_no_other_machine(client):
    assert client.get("/sign-in", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 403


def test_the_demonstration_answers_to_no_other_name(client):
    assert client.get("/sign-in", headers={"Host": "portal.example"}).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "127.0.0.1", "[::1]:8000"])
def test_the_demonstration_answers_to_the_names_of_this_machine(client, host):
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


def test_a_form_that_is_too_large_is_refused_with_a_page(client):
    large = b"x" * (22 * 1024 * 1024)

    answer = client.post("/sign-in", data=large, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 413
    assert "上传的内容过大" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/admin/divisions?q=%00",
        "/intake/a%00b",
        "/admin/divisions/changes/a%00b",
        "/sign-in?next=/%00",
        "/?%00=1",
    ],
)
def test_an_address_that_no_database_can_hold_is_a_clear_400(polite, sign_in, address):
    sign_in(Role.CITY)

    assert "这个请求无法处理" in polite.get(address, status=400).heading


def test_text_that_no_database_can_hold_is_a_clear_400(client):
    answer = client.post("/sign-in", data={"username": "li\0", "password": "x"})

    assert (answer.status_code, "这个请求无法处理" in answer.text) == (400, True)


@pytest.mark.parametrize("named", ['filename="a.csv"', "", "x"])
def test_a_part_of_a_form_without_a_name_is_a_clear_400(client, named):
    part = f"--b\r\nContent-Disposition: form-data; {named}\r\n\r\n1\r\n--b--\r\n"

    answer = client.post("/sign-in", data=part, content_type="multipart/form-data; boundary=b")

    assert (answer.status_code, "有一部分没有名称" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "address", ["/intake/" + "x" * 300, "/intake/" + "字" * 210, "/api/v1/figures/" + "x" * 300]
)
def test_an_address_longer_than_any_code_is_not_found(client, sign_in, address):
    sign_in(Role.CITY)

    assert client.get(address).status_code == 404


def test_the_demonstration_s_cookie_works_without_https(client):
    cookie = client.get("/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("session=")
    assert "HttpOnly; Path=/; SameSite=Lax" in cookie
    assert "Secure" not in cookie


class TestProduction:
    """The same application as a bureau runs it."""

    @pytest.fixture
    def portal(self, settings):
        return trial_app(dataclasses.replace(settings, profile=Profile.DENGBAO3))

    def test_the_cookie_is_bound_to_this_host_and_to_https(self, client):
        cookie = client.get("/sign-in").headers["Set-Cookie"]

        assert cookie.startswith("__Host-session=")
        assert "Secure; HttpOnly; Path=/; SameSite=Lax" in cookie

    def test_browsers_are_told_to_use_https_only(self, client):
        assert client.get("/sign-in").headers["Strict-Transport-Security"].startswith("max-age=31536000")

    def test_pages_do_not_claim_to_be_an_example(self, client):
        assert "示例" not in client.get("/sign-in").text

    def test_other_machines_are_served(self, client):
        assert client.get("/sign-in", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 200

    def test_the_preference_cookie_needs_https_too(self, client):
        assert "Secure" in client.get("/preferences/text/large").headers["Set-Cookie"]

    def test_a_form_is_taken_over_https_although_browsers_send_no_referrer(self, client):
        page = client.get("/sign-in", base_url="https://portal.example")
        token = page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]

        answer = client.post(
            "/sign-in",
            base_url="https://portal.example",
            data={"csrf_token": token},
            headers={"Origin": "null"},
        )

        assert answer.status_code == 200

    def test_sign_in_keeps_working_behind_https(self, client, sign_in):
        sign_in(Role.CITY)
