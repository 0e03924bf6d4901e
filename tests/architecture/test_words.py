"""What must not stand in the sources: unsafe markup, addresses outside, words that hurt, promises to oneself."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SVG = "http://www.w3.org/2000/svg"
UNSAFE_MARKUP = {
    "the filter safe": re.compile(r"\|\s*safe\b"),
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an address outside": re.compile(r"""(src|href|action)\s*=\s*["']?(https?:)?//""", re.IGNORECASE),
}
REASONLESS_EXEMPTION = re.compile(
    r"#\s*(noqa(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[a-z-, ]+\])?)\s*$", re.MULTILINE
)
PROMISE = re.compile(r"\b(TODO|FIXME|XXX)\b")
HURTFUL = "精神病" + "人"


def files(*patterns: str) -> list[Path]:
    return [file for pattern in patterns for file in sorted(ROOT.glob(pattern))]


def named(found: list[Path]) -> list[str]:
    return [str(file.relative_to(ROOT)) for file in found]


@pytest.mark.parametrize("fault", UNSAFE_MARKUP)
def test_no_template_holds(fault):
    templates = files("portal/templates/**/*.html", "reports/**/*.html")

    assert named([file for file in templates if UNSAFE_MARKUP[fault].search(file.read_text())]) == []


def test_no_script_or_style_of_ours_asks_for_an_address_outside():
    own = [file for file in files("static/**/*.js", "static/**/*.css") if "vendor" not in file.parts]

    assert named([file for file in own if "://" in file.read_text().replace(SVG, "")]) == []


def test_no_exemption_stands_without_its_reason():
    python = files("portal/**/*.py", "reports/**/*.py", "registry/**/*.py", "migrations/**/*.py")

    assert named([file for file in python if REASONLESS_EXEMPTION.search(file.read_text())]) == []


def test_no_source_promises_to_be_finished_later():
    sources = files("portal/**/*.py", "reports/**/*.py", "registry/**/*.py", "portal/templates/**/*.html")

    assert named([file for file in sources if PROMISE.search(file.read_text())]) == []


def test_the_people_the_service_is_for_are_never_called_by_their_illness():
    sources = files(
        "portal/**/*.py", "reports/**/*.py", "registry/**/*.py", "portal/**/*.html", "portal/**/*.po"
    )

    assert named([file for file in sources if HURTFUL in file.read_text()]) == []
