"""A recorded conflict as a case, and back: nothing that the folder said is lost on the way.

What a case can say stands in its own tables; the rest stands in its part `replay` (`model.recorded`), each fact once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from asylia.core.tables import Schema
from asylia.io.flee_places import EVERYWHERE
from asylia.io.made_id import made_ids, unlike
from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.recorded import (
    CLOSURES_SOURCE,
    CONFLICTS_SOURCE,
    LOCATIONS_SOURCE,
    RECORD_TABLES,
    ROUTES_SOURCE,
    SERIES_PREFIX,
    TOTAL,
    Recorded,
)
from asylia.model.replay import NO_CAPACITY, Replay
from asylia.model.schemas import TABLES

CASE_KINDS: Final = {
    "conflict": "town",
    "town": "town",
    "flood": "town",
    "camp": "camp",
    "idpcamp": "camp",
    "forward": "crossing",
    "marker": "crossing",
}
"""Kind of a place of the case by its kind for the replay."""

SAME_KINDS: Final = frozenset({"town", "camp"})
TOTAL_FILE: Final = "refugees.csv"
ID_LETTERS: Final = 70
DAYS_AHEAD: Final = 365
PUBLISHER: Final = "Flee folder"
INPUTS: Final = {
    LOCATIONS_SOURCE: "locations.csv",
    ROUTES_SOURCE: "routes.csv",
    CONFLICTS_SOURCE: "conflicts.csv",
    CLOSURES_SOURCE: "closures.csv",
}
FLAGS: Final = "Fighting comes from flags that are 0 or 1 a day: they cannot tell worse from bad, and one event a day stands for all."
NO_DEATHS: Final = "Deaths are unknown: the folder this case was made from does not count them."
NO_VOICES: Final = "Nobody's consent is in this case: the folder it was made from names no parties."

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Ids by name, made once for a replay."""

    places: Mapping[str, str]
    series: Mapping[str, str]
    routes: list[str]
    total_file: str

    def camp(self, name: str) -> str:
        """How a camp is called in the part `replay`: by its id if it is a place."""
        return self.places.get(name, name)


@dataclass(slots=True, kw_only=True)
class _Rows:
    """Rows of the tables of the part `replay` as they come."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in RECORD_TABLES})

    def add(self, table: str, **cells: Any) -> None:
        self.tables[table].append(cells)


def to_case(replay: Replay) -> Case:
    """Turn a recorded conflict into a case; `from_case` gives it back.

    The case is as known on the last day of the record, and begins on the day after.
    """
    names = _names(replay)
    rows = _Rows()
    home = str(replay.places["country"][0])
    as_of = _last_day(replay)
    frames: dict[str, list[Row]] = {
        "places": _places(replay, names, rows),
        "routes": _routes(replay, names, rows),
        "events": _events(replay, names, rows),
        "people": _people(replay, names, rows, home),
        "closures": _closures(replay, names, rows, home),
        "sources": _sources(names),
    }
    _rest(replay, names, rows)
    tables = {name: _frame(RECORD_TABLES[name], found) for name, found in rows.tables.items() if found}
    made: dict[str, Any] = {name: _frame(TABLES[name], found) for name, found in frames.items()}
    return Case(
        id=replay.id,
        title=replay.title,
        country=home,
        as_of=as_of,
        first=as_of + dt.timedelta(days=1),
        days=DAYS_AHEAD,
        plans=(Plan.none(),),
        limits=_limits(replay),
        licences=(
            "The licence of the data is that of the Flee folder it was read from; ask whoever gave it.",
        ),
        replay=Recorded(first=replay.first, days=replay.days, settings=replay.settings, tables=tables),
        **made,
    )


def _names(replay: Replay) -> Names:
    taken = {TOTAL, *replay.places["country"], *replay.places["region"], *replay.camps}
    called = replay.places["name"].to_list()
    places = dict(zip(called, made_ids(called, taken), strict=True))
    files = list(replay.reports["file"].unique(maintain_order=True))
    total = TOTAL_FILE if TOTAL_FILE not in files else f"total-{len(files)}-{TOTAL_FILE}"
    ends = [f"{places[a]}.{places[b]}" for a, b in replay.links.select("from", "to").iter_rows()]
    short = [both if len(both) <= ID_LETTERS else f"{both[:34]}.{both[-34:]}" for both in ends]
    return Names(
        places=places,
        series=dict(zip([total, *files], made_ids([total, *files], prefix=SERIES_PREFIX), strict=True)),
        routes=unlike(short),
        total_file=total,
    )


def _last_day(replay: Replay) -> dt.date:
    last: dt.date = replay.first + dt.timedelta(days=replay.days - 1)
    said: list[dt.date] = [*replay.reports["date"], *replay.totals["date"]]
    return max([last, *said])


def _limits(replay: Replay) -> tuple[str, ...]:
    are_flags = set(np.unique(replay.intensity)) <= {0.0, 1.0}
    return (*([FLAGS] if are_flags else []), NO_DEATHS, NO_VOICES)


def _frame(schema: Schema, rows: list[Row]) -> pl.DataFrame:
    data = [[row.get(name) for name in schema.names] for row in rows]
    return pl.DataFrame(data, schema=schema.dtypes, orient="row")


def _seen(source: str, **cells: Any) -> Row:
    return {**cells, "source": source, "evidence": "seen"}


def _places(replay: Replay, names: Names, rows: _Rows) -> list[Row]:
    found = []
    for row in replay.places.iter_rows(named=True):
        place, kind = names.places[row["name"]], row["kind"]
        if kind not in SAME_KINDS or row["onset_day"] is not None:
            refined = None if kind in SAME_KINDS else kind
            rows.add("places", place=place, kind=refined, onset_day=row["onset_day"])
        cells = {
            "id": place,
            "name": row["name"],
            "admin1": row["region"],
            "country": row["country"],
            "lat": row["lat"],
            "lon": row["lon"],
            "kind": CASE_KINDS[kind],
            "population": row["population"] or None,
            "capacity": None if row["capacity"] == NO_CAPACITY else row["capacity"],
        }
        found.append(_seen(LOCATIONS_SOURCE, **cells))
    return found


def _routes(replay: Replay, names: Names, rows: _Rows) -> list[Row]:
    found = []
    for route, row in zip(names.routes, replay.links.iter_rows(named=True), strict=True):
        beyond = {
            "redirection": row["redirection"] or None,
            "max_move_speed": row["max_move_speed"],
            "walk_probability": row["walk_probability"],
        }
        if any(value is not None for value in beyond.values()):
            rows.add("routes", route=route, **beyond)
        ends = {"from": names.places[row["from"]], "to": names.places[row["to"]]}
        found.append(_seen(ROUTES_SOURCE, id=route, **ends, distance_km=row["distance_km"], mode="road"))
    return found


def _events(replay: Replay, names: Names, rows: _Rows) -> list[Row]:
    """One event for every place and day with fighting; intensities other than 1 go to the part `replay`."""
    places = [names.places[name] for name in replay.places["name"]]
    found = []
    for day, place in np.argwhere(replay.intensity > 0).tolist():
        value = float(replay.intensity[day, place])
        if value != 1.0:
            rows.add("daily", what="fighting", day=day, where=places[place], value=value)
        date = replay.first + dt.timedelta(days=day)
        cells = {"date": date, "place": places[place], "events": 1, "kind": "all"}
        found.append({**_seen(CONFLICTS_SOURCE, **cells), "evidence": "derived"})
    return found


def _people(replay: Replay, names: Names, rows: _Rows, home: str) -> list[Row]:
    total = names.series[names.total_file]
    rows.add("layout", camp=TOTAL, source=total)
    found = list(_stock(total, home, "refugee", replay.totals.iter_rows(), origin=home))
    kinds = dict(replay.places.select("name", "country").iter_rows())
    for (camp, file), part in replay.reports.group_by("camp", "file", maintain_order=True):
        name, source = str(camp), names.series[str(file)]
        rows.add("layout", camp=names.camp(name), source=source)
        counts = part.select("date", "people").iter_rows()
        if name in names.places:
            status = "idp" if kinds[name] == home else "refugee"
            found += _stock(source, names.places[name], status, counts)
        else:
            for date, people in counts:
                rows.add("reports", camp=name, source=source, date=date, people=people)
    return found


def _stock(
    source: str, area: str, status: str, counts: Iterator[tuple[Any, ...]], origin: str | None = None
) -> Iterator[Row]:
    seen: Counter[dt.date] = Counter()
    for date, people in counts:
        seen[date] += 1
        again = f"count {seen[date]} of the day" if seen[date] > 1 else None
        cells = {"date": date, "measure": "stock", "status": status, "area": area, "origin": origin}
        yield _seen(source, **cells, group=again, persons=people)


def _closures(replay: Replay, names: Names, rows: _Rows, home: str) -> list[Row]:
    """Say a closure in the words of a case where they suffice, and in those of Flee where not."""
    ends = [(a, b) for a, b in replay.links.select("from", "to").iter_rows()]
    joined = Counter(frozenset(pair) for pair in ends)
    route = {pair: names.routes[number] for number, pair in enumerate(ends) if joined[frozenset(pair)] == 1}
    found = []
    for what, name1, name2, start, end in replay.closures.iter_rows():
        known = {
            "country": ("border", name2 if name1 == home else None),
            "location": ("place", names.places.get(name1) if not name2 else None),
            "link": ("route", route.get((name1, name2))),
        }
        kind, where = known.get(what, ("", None))
        if where is None or 0 <= end <= start:
            pair = (
                (name1, name2) if what == "country" else (names.places[name1], names.places.get(name2, name2))
            )
            rows.add(
                "closures",
                what=what,
                name1=pair[0],
                name2=pair[1] or None,
                start=start,
                end=end if end >= 0 else None,
            )
            continue
        begin = replay.first + dt.timedelta(days=start)
        last = replay.first + dt.timedelta(days=end - 1) if end >= 0 else None
        found.append(
            _seen(CLOSURES_SOURCE, what=kind, where=where, direction="both", **{"from": begin, "to": last})
        )
    return found


def _sources(names: Names) -> list[Row]:
    titles = {**INPUTS, **{source: file for file, source in names.series.items()}}
    fixed = {"publisher": PUBLISHER, "kind": "dataset", "reliability": "unknown"}
    return [{"id": source, "title": title, **fixed} for source, title in titles.items()]


def _rest(replay: Replay, names: Names, rows: _Rows) -> None:
    places = names.places
    for name, fact, value in replay.facts.iter_rows():
        rows.add("facts", place=places[name], name=fact, value=value)
    for camp, date in replay.corrections.iter_rows():
        rows.add("corrections", camp=names.camp(camp), date=date)
    for day, name, kind in replay.changes.iter_rows():
        rows.add("changes", day=day, place=places[name], kind=kind)
    for day, region, percent in replay.food.iter_rows():
        rows.add("daily", what="hunger", day=day, where=region, value=percent)
    for day, name, level in replay.floods.iter_rows():
        rows.add("daily", what="flood", day=day, where=places[name], value=level)
    for attribute, shares in replay.makeup.items():
        for value, name, share in shares.iter_rows():
            place = None if name == EVERYWHERE else places[name]
            rows.add("makeup", attribute=attribute, value=value, place=place, share=share)
