"""Weekly lethal events and deaths by district, counted from UCDP GED."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geography import nearest
from tables import Row, rows

AS_OF = dt.date(2017, 2, 22)
"""Last day of knowledge of the case."""
FIRST_WEEK = dt.date(2016, 1, 4)
"""Monday of the first whole week of the source; the three days before it are left out."""
LAST_WEEK = dt.date(2017, 2, 13)
"""Monday of the last whole week by the as-of date; the week of 20 February 2017 opens the hindcast file."""
LONG_DAYS = 7
"""An event that lasts longer than this is split over the weeks it touches."""

ALL = "in the source"
NO_DEATH = "left out: no death in the best estimate"
NO_AREA = "left out: no governorate given"
DISTRICT = "placed: district named"
TOWN = "placed: nearest district town"
BY_RULE = "placed: by the governorate's earlier events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One lethal event of the source, deaths put in order low, best, high."""

    id: int
    start: dt.date
    end: dt.date
    admin1: str
    district: str
    precision: int
    lat: float
    lon: float
    deaths: tuple[int, int, int]

    @property
    def days(self) -> int:
        """How many days the event lasted."""
        return (self.end - self.start).days + 1


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of every row of the source."""

    read: Counter[str] = field(default_factory=Counter)
    deaths: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    known_deaths: Counter[str] = field(default_factory=Counter)

    def add(self, what: str, best: int, start: dt.date) -> None:
        """Count a row and its best estimate of deaths under a heading; `known` is what began by the as-of date."""
        self.read[what] += 1
        self.deaths[what] += best
        if start <= AS_OF:
            self.known[what] += 1
            self.known_deaths[what] += best

    def words(self) -> dict[str, str]:
        """Return the figures that the limits of the case quote, as text by name."""
        names = {"all": ALL, "bare": NO_DEATH, "nowhere": NO_AREA, "by_rule": BY_RULE}
        placed = [DISTRICT, TOWN, BY_RULE]
        counts = {name: self.known[what] for name, what in names.items()}
        counts |= {f"{name}_deaths": self.known_deaths[what] for name, what in names.items()}
        counts["placed"] = sum(self.known[what] for what in placed)
        counts["placed_deaths"] = sum(self.known_deaths[what] for what in placed)
        return {name: f"{count:,}" for name, count in counts.items()}


def read_events(shared: Path, tally: Tally) -> list[Event]:
    """Read the source, and leave out rows without deaths and rows placed only in the country.

    In about one row of a hundred the source has low above best, or best above high; the three are then widened
    to hold the best estimate.
    """
    path = shared / "data" / "ged" / "ged_syria_2016-01_2019-11.csv.gz"
    admin1 = {row["adm_1"]: row["admin1"] for row in rows("crosswalk_admin1")}
    found = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            best = int(row["best"])
            start = dt.date.fromisoformat(row["date_start"])
            tally.add(ALL, best, start)
            if best == 0:
                tally.add(NO_DEATH, best, start)
            elif not row["adm_1"]:
                tally.add(NO_AREA, best, start)
            else:
                found.append(_event(row, admin1))
    return sorted(found, key=lambda event: (event.start, event.id))


def _event(row: Row, admin1: Mapping[str, str]) -> Event:
    low, best, high = int(row["low"]), int(row["best"]), int(row["high"])
    return Event(
        id=int(row["id"]),
        start=dt.date.fromisoformat(row["date_start"]),
        end=dt.date.fromisoformat(row["date_end"]),
        admin1=admin1[row["adm_1"]],
        district=row["adm_2"],
        precision=int(row["where_prec"]),
        lat=float(row["latitude"]),
        lon=float(row["longitude"]),
        deaths=(min(low, best), best, max(high, best)),
    )


def located(events: Iterable[Event], places: Sequence[Row], tally: Tally) -> Iterator[tuple[Event, str]]:
    """Give every event a place.

    A district named in the source decides; else the nearest district town of the governorate for a point or
    an area; else, for an event known only by governorate, the district that is furthest behind its share of
    the governorate's events up to that day. Nothing later than the event decides where it goes.
    """
    crosswalk = {row["adm_2"]: row["place"] for row in rows("crosswalk")}
    towns = [place for place in places if place["kind"] == "town"]
    known: dict[str, Counter[str]] = {}
    given: dict[str, Counter[str]] = {}
    for event in events:
        if event.district:
            place, how = crosswalk[event.district], DISTRICT
        elif event.precision != 4:
            place, how = nearest(towns, event.lat, event.lon, event.admin1), TOWN
        else:
            counts = known.get(event.admin1, Counter())
            place = _behind(counts, given.setdefault(event.admin1, Counter())) or _largest(towns, event)
            how = BY_RULE
            given[event.admin1][place] += 1
        if event.precision != 4:
            known.setdefault(event.admin1, Counter())[place] += 1
        tally.add(how, event.deaths[1], event.start)
        yield event, place


def _behind(known: Counter[str], given: Counter[str]) -> str:
    total, next_given = known.total(), given.total() + 1
    gaps = {place: count * next_given / total - given[place] for place, count in known.items()}
    return min(gaps, key=lambda place: (-gaps[place], place)) if gaps else ""


def _largest(towns: Sequence[Row], event: Event) -> str:
    inside = [town for town in towns if town["admin1"] == event.admin1]
    return max(inside, key=lambda town: (int(town["population"]), town["id"]))["id"]


def monday(day: dt.date) -> dt.date:
    """Return the Monday of the week a day is in."""
    return day - dt.timedelta(days=day.weekday())


def weeks_of(event: Event) -> dict[dt.date, tuple[int, tuple[int, int, int]]]:
    """Split an event over weeks: whether it counts as an event there, and its deaths low, best, high.

    An event of a week or less counts in the week of its middle day. A longer one is split by days, whole
    deaths only, and counts once in every week that gets a death by the best estimate.
    """
    if event.days <= LONG_DAYS:
        middle = event.start + dt.timedelta(days=(event.days - 1) // 2)
        return {monday(middle): (1, event.deaths)}
    days = Counter(monday(event.start + dt.timedelta(days=n)) for n in range(event.days))
    weeks = sorted(days)
    low, best, high = (_split(total, [days[week] for week in weeks]) for total in event.deaths)
    split = {}
    for number, week in enumerate(weeks):
        lowest = min(low[number], best[number])
        split[week] = (int(best[number] > 0), (lowest, best[number], max(high[number], best[number])))
    return split


def _split(total: int, weights: Sequence[int]) -> list[int]:
    """Share whole deaths by days; running rounding, so that the parts sum to the total."""
    parts, shared, passed, whole = [], 0, 0, sum(weights)
    for weight in weights:
        passed += weight
        upto = total * passed // whole
        parts.append(upto - shared)
        shared = upto
    return parts


def weekly(placed: Iterable[tuple[Event, str]]) -> list[Row]:
    """Sum events and deaths by place and week; weeks without an event have no row."""
    sums: dict[tuple[dt.date, str], list[int]] = {}
    for event, place in placed:
        for week, (count, deaths) in weeks_of(event).items():
            cell = sums.setdefault((week, place), [0, 0, 0, 0])
            for number, value in enumerate((count, *deaths)):
                cell[number] += value
    return [_row(week, place, cell) for (week, place), cell in sorted(sums.items()) if cell[0]]


def _row(week: dt.date, place: str, cell: Sequence[int]) -> Row:
    events, low, best, high = (str(value) for value in cell)
    return {
        "date": "",
        "week": week.isoformat(),
        "place": place,
        "events": events,
        "deaths_low": low,
        "deaths_best": best,
        "deaths_high": high,
        "kind": "all",
        "precision": "mixed",
        "source": "ucdp-ged",
        "evidence": "derived",
    }


def before(found: Iterable[Row]) -> list[Row]:
    """Keep the whole weeks that were over by the as-of date."""
    return [row for row in found if FIRST_WEEK <= dt.date.fromisoformat(row["week"]) <= LAST_WEEK]


def after(found: Iterable[Row]) -> list[Row]:
    """Keep the weeks that were not."""
    return [row for row in found if dt.date.fromisoformat(row["week"]) > LAST_WEEK]
