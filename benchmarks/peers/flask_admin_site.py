"""Flask-Admin: a model view for signed-in members with two filters, on the same rows."""

import sys

from answering import changing, serve
from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_login import LoginManager, UserMixin, current_user
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config.update(SQLALCHEMY_DATABASE_URI=f"sqlite:///{sys.argv[1]}", SECRET_KEY="a key for benchmarks only")
db = SQLAlchemy(app)
logins = LoginManager(app)


class Member(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String)


class Provider(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    code = db.Column(db.String)
    name = db.Column(db.String)
    kind = db.Column(db.String)
    uscc = db.Column(db.String)
    district = db.Column(db.String)
    street = db.Column(db.String)
    number = db.Column(db.String)
    standing = db.Column(db.String)
    sites = db.Column(db.Integer)
    staff = db.Column(db.Integer)
    qualified = db.Column(db.Integer)
    verdict = db.Column(db.String)


@logins.user_loader
def load_member(key):
    return db.session.get(Member, int(key))


class Providers(ModelView):
    column_list = (
        "name",
        "kind",
        "district",
        "street",
        "number",
        "standing",
        "sites",
        "staff",
        "qualified",
        "verdict",
    )
    column_filters = ("kind", "standing")
    column_sortable_list = ("name",)
    page_size = 50

    def is_accessible(self):
        return current_user.is_authenticated


admin = Admin(app)
view = Providers(Provider, db)
admin.add_view(view)

browser = app.test_client()
with browser.session_transaction() as session:
    session["_user_id"] = "1"
cookie = f"session={browser.get_cookie('session').value}"
places = {item.column.key: place for place, item in enumerate(view._filters) if item.operation() == "equals"}
chosen = f"flt0_{places['kind']}=social_service&flt1_{places['standing']}=listed"
serve(app, f"/admin/provider/?{chosen}&sort=0&page=2", cookie, change=changing(sys.argv[1]))
