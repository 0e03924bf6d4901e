"""Files of boundaries: what is read, what is repaired, what is refused and how."""

import json

import pytest

from registry.errors import InvalidInput
from reports.coverage.boundaries import SHIPPED, read_boundaries, shipped_boundaries
from tests.reports.coverage.shapes import BOW_TIE, collection, feature, square


def test_a_customers_file_is_read_by_either_name_of_the_code_and_with_padding():
    data = collection(
        feature(310101, square(0), name="黄浦区"), feature("310104002000", square(1), key="code", name="天平")
    )

    found = read_boundaries(data, credit="own.geojson")

    assert found.codes == ("310101", "310104002000")
    assert found.areas["310104002"].bounds == (1, 0, 2, 1)


def test_a_county_whose_code_ends_in_zeros_is_not_taken_for_padding():
    data = collection(feature("441900", square(0)), feature("4419", square(5)))

    assert read_boundaries(data, credit="").areas["4419"].bounds == (5, 0, 6, 1)


def test_an_area_that_crosses_itself_is_repaired_and_named():
    found = read_boundaries(collection(feature("310101", BOW_TIE, name="黄浦区")), credit="")

    (repair,) = found.repairs
    assert (repair.code, repair.name, repair.fault) == ("310101", "黄浦区", "Self-intersection[0.5 0.5]")
    assert found.areas["310101"].is_valid
    assert found.areas["310101"].area == pytest.approx(0.5)


def test_of_the_shipped_areas_exactly_these_are_repaired():
    repaired = {repair.code for name in SHIPPED for repair in shipped_boundaries(name).repairs}

    assert repaired == {
        "130000", "330000", "350000", "410000", "420000", "440000", "460000", "810000", "511502",
    }  # fmt: skip


def test_every_shipped_area_is_valid_after_reading():
    for name, areas in {"shanghai": 16, "jiangxi": 100, "sichuan": 183, "china": 34}.items():
        (file,) = [file for file in SHIPPED if file.startswith(name)]
        found = shipped_boundaries(file)
        assert len(found.codes) == areas
        assert all(found.areas[code].is_valid and found.areas[code].area > 0 for code in found.codes)


REFUSED = {
    "half a file": (collection(feature("31", square(0)))[:-9], "没有下载完"),
    "no boundaries at all": (b'{"type": "Feature"}', "不是GeoJSON"),
    "a list": (b"[1, 2]", "不是GeoJSON"),
    "nothing in it": (collection(), "没有面要素"),
    "points only": (
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}],
            }
        ).encode(),
        "没有面要素",
    ),
    "no code": (collection(feature("31", square(0)), feature(None, square(2))), "第2个要素没有区划代码"),
    "a name for a code": (collection(feature("黄浦", square(0))), "第1个要素没有区划代码"),
    "metres for degrees": (collection(feature("31", square(450_000.0))), "第1个要素的坐标不是经纬度"),
    "a torn ring": (collection(feature("31", [[[0, 0], [1]]])), "第1个要素的坐标残缺"),
    "an empty ring": (collection(feature("31", [])), "第1个要素没有坐标"),
    "a code twice": (collection(feature("31", square(0)), feature("31", square(2))), "31在文件里出现了两次"),
    "a topology without arcs": (b'{"type": "Topology", "objects": {}}', "缺少arcs"),
    "a topology with a missing arc": (
        json.dumps(
            {
                "type": "Topology",
                "arcs": [],
                "objects": {"a": {"geometries": [{"type": "Polygon", "id": "31", "arcs": [[3]]}]}},
            }
        ).encode(),
        "第1个要素的坐标残缺",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_file_is_refused_that_holds(fault):
    data, words = REFUSED[fault]

    with pytest.raises(InvalidInput) as refusal:
        read_boundaries(data, credit="")

    assert words in str(refusal.value)
