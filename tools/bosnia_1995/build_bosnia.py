"""Make routes.csv, events.csv and hindcast/events.csv of the case bosnia-1995.

    python tools/bosnia_1995/build_bosnia.py --shared DIR

`--shared` is a folder with `data/ged/ged_bosnia_1992_1995_prec125.csv.gz`. The same input gives the same bytes; the source
itself is not copied. Everything else of the case is kept by hand.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gzip
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
CASE = HERE.parents[1] / "src" / "asylia" / "data" / "cases" / "bosnia-1995"
AS_OF = dt.date(1995, 1, 1)
AREAS = ("bihac", "gorazde", "sarajevo", "srebrenica", "tuzla", "zepa")
DISC_KM = 12.0
"""An event this near to one of the six areas is counted there: the disc of the research note on protection."""
FURTHEST_KM = 40.0
WINDING = 1.3
"""Road length over the great circle."""
Row = Mapping[str, str]


def main() -> None:
    """Write the three files and print what became of the rows of the source."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / ".." / "shared")
    shared = parser.parse_args().shared
    places = _rows(CASE / "places.csv")
    write_routes(places)
    counts = weekly(_events(shared), [p for p in places if p["kind"] == "town"])
    write_events("events.csv", {k: v for k, v in counts.items() if k[0] + dt.timedelta(days=6) <= AS_OF})
    write_events(
        "hindcast/events.csv", {k: v for k, v in counts.items() if k[0] + dt.timedelta(days=6) > AS_OF}
    )


def write_routes(places: Sequence[Row]) -> None:
    """Give every pair of the table its length."""
    at = {p["id"]: (float(p["lat"]), float(p["lon"])) for p in places}
    lines = []
    for row in _rows(HERE / "tables" / "routes.csv"):
        ends = row["from"], row["to"]
        length = 40.0 if row["mode"] == "crossing" else max(WINDING * km(at[ends[0]], at[ends[1]]), 1.0)
        name = "--".join(ends)
        lines.append(
            [name, *ends, f"{length:.1f}", row["mode"], "", "", "", "straight-lines", "derived", row["note"]]
        )
    header = "id,from,to,distance_km,mode,one_way,open_from,open_to,source,evidence,note"
    _write(CASE / "routes.csv", header.split(","), sorted(lines))


def weekly(events: Iterator[Row], towns: Sequence[Row]) -> dict[tuple[dt.date, str], list[int]]:
    """Count events and deaths by Monday and place; one that lasts over a week counts in the week of its middle day."""
    counts: dict[tuple[dt.date, str], list[int]] = {}
    told = {"read": 0, "no death": 0, "too far": 0, "placed": 0}
    for row in events:
        told["read"] += 1
        low, best, high = (int(float(row[name])) for name in ("low", "best", "high"))
        place = nearest((float(row["latitude"]), float(row["longitude"])), towns)
        if best == 0 or place is None:
            told["no death" if best == 0 else "too far"] += 1
            continue
        told["placed"] += 1
        first, last = (dt.date.fromisoformat(row[name]) for name in ("date_start", "date_end"))
        middle = first + (last - first) / 2
        cell = counts.setdefault((middle - dt.timedelta(days=middle.weekday()), place), [0, 0, 0, 0])
        for at, number in enumerate((1, min(low, best), best, max(high, best))):
            cell[at] += number
    print(", ".join(f"{name} {number:,}" for name, number in told.items()))
    return counts


def nearest(spot: tuple[float, float], towns: Sequence[Row]) -> str | None:
    """Name the area whose disc holds a spot, else the nearest town within reach."""
    far = sorted((km(spot, (float(t["lat"]), float(t["lon"]))), t["id"]) for t in towns)
    inside = [name for distance, name in far if name in AREAS and distance <= DISC_KM]
    if inside:
        return inside[0]
    others = [(distance, name) for distance, name in far if name not in AREAS]
    return others[0][1] if others[0][0] <= FURTHEST_KM else None


def write_events(file: str, counts: Mapping[tuple[dt.date, str], Sequence[int]]) -> None:
    """Write one row for each place and week with an event."""
    header = "date,week,place,events,deaths_low,deaths_best,deaths_high,kind,precision,source,evidence"
    rows = [
        ["", week, place, *cell, "all", "near", "ucdp-ged", "derived"]
        for (week, place), cell in counts.items()
    ]
    _write(CASE / file, header.split(","), sorted(rows))


def km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Measure a great circle."""
    (a, b), (c, d) = (tuple(math.radians(x) for x in spot) for spot in (one, other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def _events(shared: Path) -> Iterator[Row]:
    path = shared / "data" / "ged" / "ged_bosnia_1992_1995_prec125.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
