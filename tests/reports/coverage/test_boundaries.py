"""The shipped district boundaries."""

from shapely.geometry import Point

from reports.coverage.boundaries import district_boundaries


def test_every_district_of_shanghai_has_a_valid_area() -> None:
    areas = district_boundaries()

    assert sorted(areas) == [
        "310101", "310104", "310105", "310106", "310107", "310109", "310110", "310112",
        "310113", "310114", "310115", "310116", "310117", "310118", "310120", "310151",
    ]  # fmt: skip
    assert all(area.is_valid and area.area > 0 for area in areas.values())


def test_a_known_point_lies_in_its_district_and_in_no_other() -> None:
    peoples_square = Point(121.4737, 31.2304)

    assert [code for code, area in district_boundaries().items() if area.contains(peoples_square)] == [
        "310101"
    ]


def test_districts_do_not_overlap() -> None:
    areas = list(district_boundaries().values())

    overlap = sum(a.intersection(b).area for i, a in enumerate(areas) for b in areas[:i])

    assert overlap < 1e-9
