"""The browser files that are committed are those of the packages that the lock names."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASSETS = runpy.run_path(str(ROOT / "scripts" / "copy-assets"))["ASSETS"]


@pytest.mark.parametrize("source", ASSETS)
def test_a_browser_file_is_byte_for_byte_that_of_its_package(source):
    assert (ROOT / "static" / "vendor" / ASSETS[source]).read_bytes() == (
        ROOT / "node_modules" / source
    ).read_bytes(), "run make lock"


def test_no_browser_file_comes_from_elsewhere():
    vendor = ROOT / "static" / "vendor"

    assert {str(file.relative_to(vendor)) for file in vendor.rglob("*") if file.is_file()} == set(
        ASSETS.values()
    )
