"""Turn placed UCDP events into a case, or into the events of a case that is there."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from asylia.core.errors import CaseError, Problem
from asylia.core.tables import empty
from asylia.io.folder import read_case, write_case
from asylia.io.ged import ged_notes, read_ged
from asylia.io.ged_units import Placed, Unit, place, usual_unit
from asylia.io.made_id import made_ids
from asylia.io.writing import table_text
from asylia.model.case import Case
from asylia.model.schemas import CLOSURES, EVENTS, PEOPLE, PLACES, ROUTES, SOURCES

SOURCE: Final = "ucdp-ged"
DAYS: Final = 91
"""Length of the simulation of a new case: a quarter, as far as the forecasts of fighting are scored."""
APART: Final = "not_placed.csv"
"""Name of the table, beside a case, of the events that could not be placed."""
APART_COLUMNS: Final = (
    "row",
    "id",
    "start",
    "end",
    "date_precision",
    "place_precision",
    "admin1",
    "admin2",
    "deaths_best",
    "why",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Imported:
    """What came of a file: the case, the events that were not placed, and what a reader must know."""

    case: Case
    apart: pl.DataFrame
    notes: tuple[str, ...]


def import_ged(path: Path, folder: Path, *, unit: Unit | None = None, overwrite: bool = False) -> Imported:
    """Read a UCDP file and write its weekly events into a case folder.

    A folder that holds a case gets its events replaced, by discs round its places; any other becomes a new case with a
    place for each district or cell.

    Parameters
    ----------
    unit
        What places are; if none is asked for, discs for a case that is there, else what the file allows.
    overwrite
        Needed to replace the events of a case.

    Raises
    ------
    CaseError
        With every problem of the file, or of the case.
    """
    events = read_ged(path)
    source = _source(path)
    there = (folder / "case.toml").is_file()
    if there:
        made = _into(read_case(folder), events, source, unit, overwrite=overwrite)
    else:
        made = _new(folder.name, events, source, unit or usual_unit(events))
    write_case(made.case, folder, overwrite=there)
    (folder / APART).write_text(table_text(made.apart.select(APART_COLUMNS)), encoding="utf-8")
    return made


def _new(name: str, events: pl.DataFrame, source: pl.DataFrame, unit: Unit) -> Imported:
    if unit == "disc":
        must = "discs lie round the places of a case that is there"
        raise CaseError(
            [Problem(file=name, must=must, mend="Use district or cell, or name the folder of a case.")]
        )
    placed = place(events, unit)
    if not placed.events.height:
        must = f"some events are known well enough to be placed in a {unit}"
        raise CaseError([Problem(file=name, must=must, mend="Try --unit cell, or another release.")])
    ids = dict(zip(placed.places["unit"], _ids(placed), strict=True))
    as_of = _last_day(placed.events)
    country = _country(events)
    case = Case(
        id=made_ids([name])[0],
        title=f"{country}, from UCDP GED, to {as_of}",
        country=country,
        as_of=as_of,
        first=as_of + dt.timedelta(days=1),
        days=DAYS,
        places=_places(placed, ids, country),
        events=_events(placed, ids),
        sources=source,
        routes=empty(ROUTES),
        people=empty(PEOPLE),
        closures=empty(CLOSURES),
        limits=(
            "Only places that saw a recorded lethal event are in it: no camps, no routes, no counts of people.",
            "A place without recorded events is not known to be quiet: media and observers reach some places less.",
        ),
        licences=("UCDP GED, CC BY 4.0: cite Sundberg and Melander (2013) and the release's own paper.",),
    )
    return Imported(case=case, apart=placed.apart, notes=ged_notes(events))


def _into(
    case: Case, events: pl.DataFrame, source: pl.DataFrame, unit: Unit | None, *, overwrite: bool
) -> Imported:
    if unit not in (None, "disc"):
        must = "events of a case that is there are placed in discs round its places"
        raise CaseError([Problem(file=case.id, must=must, mend="Use --unit disc, or a new folder.")])
    if case.events.height and not overwrite:
        must = "the case has no events yet"
        raise CaseError([Problem(file="events.csv", must=must, mend="Say --overwrite to replace them all.")])
    centres = case.places.filter(pl.col("country") == case.country).select(
        "id", "name", "admin1", latitude="lat", longitude="lon"
    )
    placed = place(events, "disc", centres=centres)
    known = placed.events.filter(pl.col("week").dt.offset_by("6d") <= case.as_of)
    later = int(placed.events["events"].sum()) - int(known["events"].sum())
    notes = ged_notes(events)
    if later:
        notes += (
            f"{later:,} events of weeks that end after {case.as_of}, the as_of of the case, are left out.",
        )
    ids = {one: one for one in placed.places["unit"].to_list()}
    sources = pl.concat([case.sources.filter(pl.col("id") != SOURCE), source])
    made = replace(case, events=_events(replace(placed, events=known), ids), sources=sources)
    return Imported(case=made, apart=placed.apart, notes=notes)


def _ids(placed: Placed) -> list[str]:
    if placed.unit == "cell":
        corner = placed.places.select("latitude", "longitude").iter_rows()
        return [
            f"cell-{abs(lat):g}{'s' if lat < 0 else 'n'}-{abs(lon):g}{'w' if lon < 0 else 'e'}"
            for lat, lon in corner
        ]
    return made_ids(placed.places["name"].to_list())


def _places(placed: Placed, ids: dict[str, str], country: str) -> pl.DataFrame:
    rows = [
        {
            "id": ids[unit],
            "name": name if placed.unit == "district" else ids[unit],
            "admin1": admin1 or "unknown",
            "country": country,
            "lat": round(lat, 5),
            "lon": round(lon, 5),
            "kind": "town",
            "source": SOURCE,
            "evidence": "derived",
        }
        for unit, name, admin1, lat, lon in placed.places.iter_rows()
    ]
    return pl.DataFrame(rows, schema=PLACES.dtypes).sort("id")


def _events(placed: Placed, ids: dict[str, str]) -> pl.DataFrame:
    """Write the rows of events.csv; a sum of estimates that does not run from low to high is left blank."""
    best = pl.col("deaths_best")
    exact = pl.col("exact") == pl.col("events")
    coarse = "district" if placed.unit == "district" else "near"
    rows = placed.events.with_columns(
        date=pl.lit(None, dtype=pl.Date),
        place=pl.col("unit").replace_strict(ids, return_dtype=pl.String),
        deaths_low=pl.when(pl.col("deaths_low") <= best).then("deaths_low"),
        deaths_high=pl.when(pl.col("deaths_high") >= best).then("deaths_high"),
        kind=pl.lit("all"),
        precision=pl.when(exact).then(pl.lit("exact")).otherwise(pl.lit(coarse)),
        source=pl.lit(SOURCE),
        evidence=pl.lit("derived"),
    )
    return rows.select(pl.col(name).cast(dtype) for name, dtype in EVENTS.dtypes.items()).sort(
        "week", "place"
    )


def _source(path: Path) -> pl.DataFrame:
    with path.open("rb") as handle:
        checksum = hashlib.file_digest(handle, "sha256").hexdigest()
    row = {
        "id": SOURCE,
        "title": f"UCDP Georeferenced Event Dataset, file {path.name}",
        "publisher": "Uppsala Conflict Data Program",
        "kind": "dataset",
        "url": "https://ucdp.uu.se",
        "sha256": checksum,
        "licence": "CC BY 4.0",
        "reliability": "medium",
        "note": "Weekly sums by place, made by asylia import ged; a floor: only recorded lethal events.",
    }
    return pl.DataFrame([row], schema=SOURCES.dtypes)


def _last_day(events: pl.DataFrame) -> dt.date:
    monday = events["week"].max()
    if not isinstance(monday, dt.date):
        raise TypeError("a week is a date")
    return monday + dt.timedelta(days=6)


def _country(events: pl.DataFrame) -> str:
    names = events["country"].drop_nulls()
    if not names.len():
        # some copies name only the conflict, as "Country: what it is about"
        names = events["conflict"].drop_nulls().str.split(":").list.first()
    counts = names.value_counts().sort("count", names.name, descending=[True, False])
    return str(counts[names.name][0]) if names.len() else "unknown"
