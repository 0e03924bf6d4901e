"""The map page of 16, 220 and 2,850 areas beside folium with the same areas in the page; points beside its markers.

Ours is the whole answer through the application: sign-in, permission, layout, legend, values. The reading is made
beforehand, for folium as for us: what a figure costs is measured in test_rollup.py.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import folium
import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely.geometry import mapping

from benchmarks import shapes
from benchmarks.comparing import Comparison, interleaved, record
from portal import create_app
from portal.map import answers
from portal.map.drawn import Drawn
from portal.migrating import upgrade_database
from portal.sessions import SignedIn
from portal.settings import Profile, Settings
from registry.access.models import Role
from registry.access.sign_ins import begin_sign_in
from registry.clock import utc_now
from reports.coverage.atlas import Atlas, Layer, packed_name, simplified, topojson
from reports.coverage.payload import site_columns
from reports.coverage.shades import RAMP, shade_of
from tests.factories import make_account

KEY = "a key that is only good for benchmarks"
PAGE_LIMIT = 15 * 1024
SIZES = ((16, 400, 0.74), (220, 300, 0.16), (2_850, 200, 0.063))
"""Areas, vertices of each, and what share of folium's time the page may take: 20 of 27 ms, 40 of 251, 150 of 2,389."""


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    url = f"sqlite:///{tmp_path / 'portal.sqlite'}"
    upgrade_database(url)
    settings = Settings(
        home=tmp_path, database_url=url, profile=Profile.DEMO, secret_key=KEY, audit_key=KEY[::-1]
    )
    return create_app(settings)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """Signed in for the whole country."""
    from portal.extensions import db

    client = app.test_client()
    with app.app_context():
        account = make_account(db.session(), Role.PROVINCE, username="bench", division_code="0")
        token = begin_sign_in(db.session(), account, at=utc_now())
        db.session.commit()
        session_id = SignedIn(account, token).get_id()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = session_id
    yield client
    with app.app_context():
        db.engine.dispose()


def layer_of(home: Path, count: int, vertices: int) -> Layer:
    """The areas as a customer's file gives them."""
    file = home / "boundaries" / "bench.geojson"
    file.parent.mkdir()
    file.write_bytes(shapes.boundaries(count, vertices))
    return Atlas(home).layer(shapes.code_of(number) for number in range(count))


@pytest.mark.parametrize(("count", "vertices", "limit"), SIZES)
def test_a_page_of_areas(client: FlaskClient, tmp_path: Path, monkeypatch, count, vertices, limit):
    layer, places = layer_of(tmp_path, count, vertices), shapes.places(count)
    names = {place.code: place.name for place in places}
    drawn = Drawn(places, layer, names, is_outline=False, reading=shapes.reading(places))
    monkeypatch.setattr(answers, "draw", lambda *_question: drawn)
    work = f"map of {count:,} areas"

    shown = [client.get("/map?division=0"), folium_page(layer, places)]
    page = shown[0].data
    ours, foliums = interleaved(
        [lambda: client.get("/map?division=0"), lambda: folium_page(layer, places)], rounds=3
    )

    assert f'"numerators": [{places[0].part.share.numerator}' in shown[0].text
    packed = Atlas(tmp_path).packed(layer, names)
    plain = gzip.compress(topojson(layer), 9)
    geojson = gzip.compress(json.dumps(simplified_geojson(layer)).encode(), 9)
    embedded = len(gzip.compress(shown[1].encode(), 6))
    size = len(gzip.compress(page, 6))
    note = f"with its areas folium's page has {embedded / 1024:.0f} KB gz, ours {(len(packed) + size) / 1024:.0f}"
    record(Comparison(work, "folium, areas in the page", ours, foliums, limit, is_speedup=False, note=note))
    record(Comparison(f"{work}: page gz", "15 KB", size, PAGE_LIMIT, 1, is_speedup=False, unit="B"))
    record(
        Comparison(
            f"{work}: areas gz",
            "TopoJSON without names",
            len(packed),
            len(plain),
            1.1,
            is_speedup=False,
            unit="B",
        )
    )
    record(
        Comparison(
            f"{work}: areas gz",
            "simplified GeoJSON",
            len(packed),
            len(geojson),
            0.6,
            is_speedup=False,
            unit="B",
        )
    )
    assert packed_name(layer, names) in shown[0].text


@pytest.mark.parametrize("count", [5_000, 50_000])
def test_points_by_column(count: int):
    rows = shapes.points(count)
    ours = json.dumps(site_columns(rows), ensure_ascii=False, separators=(",", ":")).encode()
    plain = json.dumps(shapes.columns_as_json(rows), ensure_ascii=False, separators=(",", ":")).encode()

    record(
        Comparison(
            f"{count:,} points",
            "columns as JSON",
            len(ours),
            len(plain),
            1.2,
            is_speedup=False,
            unit="B",
            note=f"gz {len(gzip.compress(ours, 6)):,} beside {len(gzip.compress(plain, 6)):,} B",
        )
    )


def test_points_cost_a_fraction_of_markers():
    rows = shapes.points(5_000)

    ours, markers = interleaved(
        [lambda: json.dumps(site_columns(rows), ensure_ascii=False), lambda: folium_markers(rows)], rounds=1
    )

    record(Comparison("5,000 points", "folium.Marker, one by one", ours, markers, 50, is_speedup=True))


def folium_page(layer: Layer, places) -> str:
    """What folium's own documentation tells one to do: areas with their values as GeoJSON in the page."""
    page = folium.Map(location=(31, 106), zoom_start=5, tiles=None)
    features = [
        {
            "type": "Feature",
            "properties": {
                "name": place.name,
                "share": float(place.part.share.ratio),
                "fill": RAMP[shade_of(place.part)],
            },
            "geometry": mapping(layer.areas[place.code]),
        }
        for place in places
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {"fillColor": feature["properties"]["fill"], "weight": 1},
        tooltip=folium.GeoJsonTooltip(["name", "share"]),
    ).add_to(page)
    return str(page.get_root().render())


def folium_markers(rows: list[shapes.Point]) -> str:
    page = folium.Map(location=(31, 106), zoom_start=5, tiles=None)
    for row in rows:
        folium.Marker((row.latitude, row.longitude), tooltip=row.name).add_to(page)
    return str(page.get_root().render())


def simplified_geojson(layer: Layer) -> dict[str, object]:
    """The same simplified areas, each with its whole border, to the metre."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"code": code}, "geometry": rounded(mapping(area))}
            for code, area in simplified(layer.areas).items()
        ],
    }


def rounded(value):
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list | tuple) else value
