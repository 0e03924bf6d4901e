"""What the map's script is given."""

from hypothesis import given
from hypothesis import strategies as st

from registry.organisations.models import SiteKind
from reports.coverage.payload import PlaceOnMap, area_values, plain_percent
from reports.coverage.signs import SIGNS
from reports.figures.wording import percent_text
from tests.reports.coverage.readings import part


def values_of(*parts):
    return area_values([PlaceOnMap(one.code, one.name, one) for one in parts])


def test_values_stand_in_columns():
    values = values_of(part("310101", 26, 95), part("310104", 0, 0, listed=0), part("310105", 4, 10))

    assert values == {
        "numerators": [26, 0, 4],
        "denominators": [95, 0, 10],
        "shares": {},
        "shades": "3b5",
    }


def test_a_letter_says_whether_there_is_a_target():
    assert (
        values_of(part("31", 1, 10), part("32", 1, 10, goal=None), part("33", 9, 10, goal=None))["shades"]
        == "2AE"
    )


def test_a_share_that_rounding_would_lift_to_its_target_is_sent_as_it_is_written():
    assert values_of(part("310101", 1, 2), part("310115", 80, 267))["shares"] == {1: "29.96%"}


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 3000)), min_size=1, max_size=5))
def test_the_script_ends_up_with_the_words_of_the_figure(counts):
    parts = [part("31", min(counted, of), of) for counted, of in counts]

    values = values_of(*parts)

    for place, one in enumerate(parts):
        assert values["shares"].get(place, plain_percent(one.share)) == percent_text(one.share)


def test_every_kind_of_site_has_a_shape_of_its_own():
    assert [sign.kind for sign in SIGNS] == list(SiteKind)
    assert len({sign.points for sign in SIGNS}) == len(SIGNS)
