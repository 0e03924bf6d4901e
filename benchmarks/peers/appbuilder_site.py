"""Flask-AppBuilder: a model view for signed-in members with two filters, on the same rows."""

import logging
import sys
from urllib.parse import urlencode

from answering import answer, changing, cookies_of, serve
from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.utils.legacy import get_sqla_class
from sqlalchemy import Column, Integer, String

logging.disable(logging.WARNING)


class Provider(Model):
    __tablename__ = "provider"

    id = Column(Integer, primary_key=True)
    code = Column(String)
    name = Column(String)
    kind = Column(String)
    uscc = Column(String)
    district = Column(String)
    street = Column(String)
    number = Column(String)
    standing = Column(String)
    sites = Column(Integer)
    staff = Column(Integer)
    qualified = Column(Integer)
    verdict = Column(String)


class Providers(ModelView):
    datamodel = SQLAInterface(Provider)
    list_columns = [
        "name", "kind", "district", "street", "number", "standing", "sites", "staff", "qualified", "verdict",
    ]  # fmt: skip
    order_columns = ["name"]
    search_columns = ["kind", "standing"]
    page_size = 50


app = Flask(__name__)
app.config.update(
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{sys.argv[1]}",
    SECRET_KEY="a key for benchmarks only",
    WTF_CSRF_ENABLED=False,
    RATELIMIT_ENABLED=False,
)
db = get_sqla_class()()
with app.app_context():
    db.init_app(app)
    builder = AppBuilder(app, db.session)
    builder.add_view(Providers, "Providers")
    if not builder.sm.find_user("bench"):
        admin = builder.sm.find_role("Admin")
        builder.sm.add_user("bench", "bench", "bench", "bench@example.org", admin, password="bench-password")

form = urlencode({"username": "bench", "password": "bench-password"}).encode()
_status, headers, _body = answer(
    app, "/login/", method="POST", body=form, kind="application/x-www-form-urlencoded"
)
chosen = "_flt_3_kind=social_service&_flt_3_standing=listed"
serve(
    app,
    f"/providers/list/?{chosen}&_oc_Providers=name&_od_Providers=asc&page_Providers=2&psize_Providers=50",
    cookies_of(headers),
    change=changing(sys.argv[1]),
)
