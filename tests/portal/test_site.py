"""The site as a whole: who reaches what, what every answer carries, what the error pages say."""

import re

import pytest
from flask.testing import FlaskClient

from registry.access.models import Role
from tests.portal.polite import Polite


def test_home_greets_the_city(polite: Polite, sign_in):
    sign_in(Role.CITY)

    page = polite.get("/")

    assert page.title == "工作台 - 精康通"


def test_sign_in_page(polite: Polite):
    page = polite.get("/sign-in")

    assert page.heading == "登录"
