"""How UCDP names its columns, release by release, and what each must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "integer", "number", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GedColumn:
    """One column of our frame.

    Parameters
    ----------
    names
        What releases, shapefiles (cut to ten letters) and packages call it, in small letters.
    needed
        Whether a file without it, or a row with a blank, is refused.
    lowest, highest
        Bounds of numbers, inclusive.
    """

    name: str
    kind: Kind
    names: tuple[str, ...]
    needed: bool = False
    lowest: float | None = None
    highest: float | None = None


GED_COLUMNS: Final = (
    GedColumn(name="id", kind="text", names=("id", "event_id"), needed=True),
    GedColumn(
        name="type",
        kind="integer",
        names=("type_of_violence", "type_of_vi", "type_of_viol"),
        lowest=1,
        highest=3,
    ),
    GedColumn(name="start", kind="date", names=("date_start", "datestart"), needed=True),
    GedColumn(name="end", kind="date", names=("date_end", "dateend")),
    GedColumn(
        name="date_precision",
        kind="integer",
        names=("date_prec", "date_precision", "dateprec"),
        lowest=1,
        highest=5,
    ),
    GedColumn(
        name="place_precision",
        kind="integer",
        names=("where_prec", "where_precision", "where_prec_", "geo_precision"),
        lowest=1,
        highest=7,
    ),
    GedColumn(name="latitude", kind="number", names=("latitude", "lat"), lowest=-90, highest=90),
    GedColumn(name="longitude", kind="number", names=("longitude", "lon", "long"), lowest=-180, highest=180),
    GedColumn(name="geometry", kind="text", names=("geom_wkt", "geom", "geometry", "wkt")),
    GedColumn(name="grid", kind="integer", names=("priogrid_gid", "priogrid_g", "priogrid", "gid")),
    GedColumn(name="country", kind="text", names=("country", "country_name")),
    GedColumn(name="country_id", kind="integer", names=("country_id", "gwno", "gwnoloc")),
    GedColumn(name="admin1", kind="text", names=("adm_1", "adm1", "admin1")),
    GedColumn(name="admin2", kind="text", names=("adm_2", "adm2", "admin2")),
    GedColumn(name="conflict", kind="text", names=("conflict_name", "conflict_n", "conflict")),
    GedColumn(name="dyad", kind="text", names=("dyad_name", "dyad")),
    GedColumn(
        name="deaths_best", kind="integer", names=("best", "best_est", "best_estimate"), needed=True, lowest=0
    ),
    GedColumn(name="deaths_low", kind="integer", names=("low", "low_est", "low_estimate"), lowest=0),
    GedColumn(name="deaths_high", kind="integer", names=("high", "high_est", "high_estimate"), lowest=0),
    GedColumn(
        name="deaths_civilians", kind="integer", names=("deaths_civilians", "deaths_civ", "deaths_civi")
    ),
)
"""UCDP GED 1.0 to 25.1, as documented in its codebooks; a file may call a column by any of the names."""


def called(header: Sequence[str]) -> dict[str, str]:
    """Say by which name of the file each of our columns goes.

    >>> called(["ID", "best_est"])
    {'id': 'ID', 'deaths_best': 'best_est'}
    """
    plain = {name.strip().lower(): name for name in reversed(header)}
    found: dict[str, str] = {}
    for column in GED_COLUMNS:
        name = next((plain[name] for name in column.names if name in plain), None)
        if name is not None:
            found[column.name] = name
    return found
