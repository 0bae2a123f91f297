"""The recorded conflict of a case, as it was read: the other direction of `flee_case`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.tables import empty
from asylia.io.door import fail
from asylia.io.flee_frames import replay_frame
from asylia.io.flee_places import EVERYWHERE
from asylia.model.case import Case
from asylia.model.recorded import (
    CLOSURES_SOURCE,
    CONFLICTS_SOURCE,
    LOCATIONS_SOURCE,
    RECORD_TABLES,
    ROUTES_SOURCE,
    TOTAL,
    Recorded,
)
from asylia.model.replay import NO_CAPACITY, Replay

PLAIN_KINDS: Final = {"town": "town", "camp": "camp"}


def from_case(case: Case) -> Replay:
    """Give back the recorded conflict of a case.

    Raises
    ------
    CaseError
        If the case holds none.
    """
    if case.replay is None:
        mend = "`asylia import flee FOLDER --to NEWCASE` makes a case with one."
        raise fail("case.toml", "the case holds a recorded conflict under [replay]", mend, column="replay")
    return _Reader(case, case.replay).replay()


class _Reader:
    """Read one case; ids become names again."""

    def __init__(self, case: Case, recorded: Recorded) -> None:
        self.case = case
        self.recorded = recorded
        self.rows = case.places.filter(pl.col("source") == LOCATIONS_SOURCE)
        self.names: Mapping[str, str] = dict(self.rows.select("id", "name").iter_rows())
        self.titles: Mapping[str, str] = dict(case.sources.select("id", "title").iter_rows())

    def replay(self) -> Replay:
        """Put the parts together."""
        frames = {
            "places": self._places(),
            "links": self._links(),
            "closures": self._closures(),
            "corrections": [
                (self._camp(camp), date) for camp, date in self._table("corrections").iter_rows()
            ],
            "reports": list(self._reports()),
            "totals": self._totals(),
            "facts": [(self.names[p], name, value) for p, name, value in self._table("facts").iter_rows()],
            "food": self._daily("hunger"),
            "floods": [(day, self.names[place], level) for day, place, level in self._daily("flood")],
            "changes": [
                (day, self.names[place], kind) for day, place, kind in self._table("changes").iter_rows()
            ],
        }
        made: Any = {name: replay_frame(name, rows) for name, rows in frames.items()}
        return Replay(
            id=self.case.id,
            title=self.case.title,
            first=self.recorded.first,
            days=self.recorded.days,
            intensity=self._intensity(),
            makeup=self._makeup(),
            settings=self.recorded.settings,
            **made,
        )

    def _table(self, name: str) -> pl.DataFrame:
        return self.recorded.tables.get(name, empty(RECORD_TABLES[name]))

    def _camp(self, camp: str) -> str:
        return self.names.get(camp, camp)

    def _places(self) -> list[tuple[Any, ...]]:
        beyond = {place: (kind, onset) for place, kind, onset in self._table("places").iter_rows()}
        rows = []
        for row in self.rows.iter_rows(named=True):
            kind, onset = beyond.get(row["id"], (None, None))
            where = (row["name"], row["admin1"], row["country"], row["lat"], row["lon"])
            room = NO_CAPACITY if row["capacity"] is None else row["capacity"]
            rows.append((*where, kind or PLAIN_KINDS[row["kind"]], onset, row["population"] or 0, room))
        return rows

    def _links(self) -> list[tuple[Any, ...]]:
        beyond = {row[0]: row[1:] for row in self._table("routes").iter_rows()}
        rows = []
        for row in self.case.routes.filter(pl.col("source") == ROUTES_SOURCE).iter_rows(named=True):
            forced, speed, walk = beyond.get(row["id"], (None, None, None))
            ends = (self.names[row["from"]], self.names[row["to"]])
            rows.append((*ends, row["distance_km"], forced or 0, speed, walk))
        return rows

    def _day(self, date: dt.date) -> int:
        return (date - self.recorded.first).days

    def _intensity(self) -> NDArray[np.float64]:
        order = {place: index for index, place in enumerate(self.rows["id"])}
        table = np.zeros((self.recorded.days, len(order)))
        events = self.case.events.filter(pl.col("source") == CONFLICTS_SOURCE)
        for date, place in events.select("date", "place").iter_rows():
            table[self._day(date), order[place]] = 1.0
        for day, place, value in self._daily("fighting"):
            table[day, order[place]] = value
        return table

    def _daily(self, what: str) -> list[tuple[Any, ...]]:
        return list(self._table("daily").filter(pl.col("what") == what).drop("what").iter_rows())

    def _counts(self, source: str, area: str) -> Iterator[tuple[Any, ...]]:
        rule = (pl.col("source") == source) & (pl.col("area") == area)
        yield from self.case.people.filter(rule).select("date", "persons").iter_rows()

    def _totals(self) -> list[tuple[Any, ...]]:
        layout = self._table("layout").filter(pl.col("camp") == TOTAL)
        return [row for source in layout["source"] for row in self._counts(source, self.case.country)]

    def _reports(self) -> Iterator[tuple[Any, ...]]:
        apart = self._table("reports")
        for camp, source in self._table("layout").filter(pl.col("camp") != TOTAL).iter_rows():
            rule = (pl.col("camp") == camp) & (pl.col("source") == source)
            counts = apart.filter(rule).select("date", "people").iter_rows()
            for date, people in self._counts(source, camp) if camp in self.names else counts:
                yield self._camp(camp), self.titles[source], date, people

    def _closures(self) -> list[tuple[Any, ...]]:
        ends = dict(self.case.routes.select("id", pl.struct("from", "to")).iter_rows())
        rows: list[tuple[Any, ...]] = []
        for row in self.case.closures.filter(pl.col("source") == CLOSURES_SOURCE).iter_rows(named=True):
            end = -1 if row["to"] is None else self._day(row["to"]) + 1
            what, where = row["what"], row["where"]
            said = {
                "border": ("country", self.case.country, where),
                "place": ("location", self._camp(where), ""),
            }
            if what == "route":
                said["route"] = ("link", self.names[ends[where]["from"]], self.names[ends[where]["to"]])
            rows.append((*said[what], self._day(row["from"]), end))
        for what, name1, name2, start, end in self._table("closures").iter_rows():
            first, second = (name1, name2 or "")
            if what != "country":
                first, second = self._camp(first), self._camp(second)
            rows.append((what, first, second, start, -1 if end is None else end))
        return rows

    def _makeup(self) -> dict[str, pl.DataFrame]:
        table = self._table("makeup")
        found = {}
        for attribute in table["attribute"].unique(maintain_order=True):
            part = table.filter(pl.col("attribute") == attribute)
            rows = [
                (value, EVERYWHERE if place is None else self.names[place], share)
                for _, value, place, share in part.iter_rows()
            ]
            found[str(attribute)] = replay_frame("makeup", rows)
        return found
