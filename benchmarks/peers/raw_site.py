"""The least that can be done: one SQL statement for the rows, one for the count, and a template. Nobody signs in."""

import sqlite3
import sys
from pathlib import Path

import jinja2
from answering import changing, serve

KINDS = ("association", "enterprise", "foundation", "hospital", "public_institution", "social_service")
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, auto_reload=False
)
database = sqlite3.connect(sys.argv[1])
database.row_factory = sqlite3.Row
CONDITION = "FROM provider WHERE kind = ? AND standing = ?"


def app(environ, start_response):
    chosen = ("social_service", "listed")
    rows = database.execute(f"SELECT * {CONDITION} ORDER BY name, id LIMIT 50 OFFSET 100", chosen).fetchall()
    count = database.execute(f"SELECT count(*) {CONDITION}", chosen).fetchone()[0]
    page = TEMPLATES.get_template("providers.html").render(
        rows=rows, count=count, kinds=KINDS, standings=("listed", "none"), kind=chosen[0], standing=chosen[1],
        page=3, before=2, after=4, user="bench",
    )  # fmt: skip
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [page.encode()]


serve(app, "/providers", change=changing(sys.argv[1]))
