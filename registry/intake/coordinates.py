"""Points as files hold them, brought to WGS-84 once, on entry.

A GCJ-02 point drawn on WGS-84 boundaries is some 500 m off in Shanghai, so a load says which system its file holds.
"""

from enum import StrEnum

import coordTransform

from registry.messages import N_, message
from registry.parsing import Cell, CellProblem, decimal_number


class Crs(StrEnum):
    """The coordinate systems in use in China: GPS, the national offset, and Baidu's second offset on top."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


LATITUDES = (3.4, 53.6)
LONGITUDES = (73.4, 135.1)
"""China with its seas, in degrees."""

DIGITS = 7
"""About a centimetre: conversion leaves a tail of digits that means nothing."""


def to_wgs84(latitude: float, longitude: float, crs: Crs) -> tuple[float, float]:
    """Latitude and longitude in WGS-84 degrees; converting back and forth stays within 3 m."""
    if crs is Crs.WGS84:
        return latitude, longitude
    convert = coordTransform.gcj02_to_wgs84 if crs is Crs.GCJ02 else coordTransform.bd09_to_wgs84
    easting, northing = convert(longitude, latitude)
    return round(northing, DIGITS), round(easting, DIGITS)


def latitude(cell: Cell) -> float:
    """Degrees north, inside China."""
    degrees = decimal_number(cell)
    if _lies_in(degrees, LONGITUDES):
        raise CellProblem(
            message(N_("这个数像经度，不是纬度。")), message(N_("纬度和经度可能填反了，请对调后重填。"))
        )
    if not _lies_in(degrees, LATITUDES):
        raise CellProblem(
            message(N_("纬度不在中国范围内（北纬3.4至53.6度）。")),
            message(N_("请填十进制的度数，如31.2304；没有坐标就留空。")),
        )
    return degrees


def longitude(cell: Cell) -> float:
    """Degrees east, inside China."""
    degrees = decimal_number(cell)
    if _lies_in(degrees, LATITUDES):
        raise CellProblem(
            message(N_("这个数像纬度，不是经度。")), message(N_("纬度和经度可能填反了，请对调后重填。"))
        )
    if not _lies_in(degrees, LONGITUDES):
        raise CellProblem(
            message(N_("经度不在中国范围内（东经73.4至135.1度）。")),
            message(N_("请填十进制的度数，如121.4737；没有坐标就留空。")),
        )
    return degrees


def _lies_in(degrees: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= degrees <= bounds[1]
