"""The units Asylia speaks. A unit stands in the name of every number that crosses a boundary.

Inside: people (whole), kilometres, days, US dollars of a stated year, litres, square metres.
Conversion happens only at the doors (`io`).
"""

from __future__ import annotations

from typing import Final

DAYS_PER_WEEK: Final = 7
DAYS_PER_MONTH: Final = 365.2425 / 12
DAYS_PER_YEAR: Final = 365.2425
EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius R1 of the Earth, IUGG 1980."""

UNITS: Final[dict[str, str]] = {
    "people": "whole persons",
    "km": "kilometres",
    "km2": "square kilometres",
    "days": "days",
    "usd": "US dollars",
    "deg": "degrees, WGS 84",
    "events": "lethal events",
    "deaths": "deaths",
    "share": "a share between 0 and 1",
    "": "no unit",
}
