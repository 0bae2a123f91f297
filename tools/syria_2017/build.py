"""Build the figures of the case `syria-2017`: places, routes, events, people, closures, sources, map, case.toml.

Run by maintainers: `python tools/syria_2017/build.py --packages DIR --shared DIR`; see tools/README.md. The same
input gives the same bytes. Actors, statements and plans of the case are kept by hand and are not touched.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import events
import exposure
import geography
import geonames
import network
import people
import rules
import writing
from tables import Row, rows

CASE = Path(__file__).resolve().parents[2] / "src" / "asylia" / "data" / "cases" / "syria-2017"

HEADER: dict[str, str | int] = {
    "id": "syria-2017",
    "title": "Syria, February 2017",
    "country": geography.COUNTRY,
    "as_of": "2017-02-22",
    "first": "2017-02-23",
    "days": 365,
    "standards": "emergency",
}


def main() -> None:
    """Read packages and shared data, write the case folder, and print what was left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, required=True, help="folder with the unpacked packages")
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds data/")
    parser.add_argument("--out", type=Path, default=CASE, help="case folder to write")
    given = parser.parse_args()
    build(given.packages, given.shared, given.out)


def build(packages: Path, shared: Path, out: Path) -> None:
    """Write every file of the case that this script owns."""
    shapes = geography.read_shapes(packages)
    places = geography.read_places(packages, shared)
    routes = network.read_routes(places)
    tally = events.Tally()
    placed = list(events.located(events.read_events(shared, tally), places, tally))
    weekly = events.weekly(placed)
    tables: dict[str, list[Row]] = {
        "places": places,
        "routes": routes,
        "closures": rows("closures"),
        "sources": writing.sources(),
        "events": events.before(weekly),
        "people": people.published(shared),
        "hindcast/events": events.after(weekly),
        "hindcast/people": people.hindcast(shared),
    }
    writing.write_tables(out, tables)
    writing.write_map(out, geography.feature_collection(shapes))
    near = exposure.near_events(
        placed,
        geography.settlements(places, geonames.read(packages)),
        geography.district_areas_km2(places, shapes),
    )
    found = {**rules.published_rules(shared), **rules.exposure_rules(near), **rules.fitted_rules()}
    words = tally.words()
    lists = {name: [row["sentence"].format(**words) for row in rows(name)] for name in ("limits", "licences")}
    writing.write_case(out, HEADER, lists, found)
    _tell(tally, tables, geography.outside(places, shapes))


def _tell(tally: events.Tally, tables: dict[str, list[Row]], outside: list[str]) -> None:
    for what, count in tally.read.items():
        print(f"{count:7,} events, {tally.deaths[what]:7,} deaths  {what}")
    for name, found in tables.items():
        print(f"{len(found):7,} rows of {name}")
    groups = network.components([place["id"] for place in tables["places"]], tables["routes"])
    print(f"Groups of places that no route joins: {len(groups)}. Towns off their governorate: {outside}.")


if __name__ == "__main__":
    main()
