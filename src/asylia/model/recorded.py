"""What a recorded conflict says that the other tables of a case cannot: the part `replay` of a case folder.

A fact stands in one place. Places, routes, fighting, counts of people and closures stand in the tables of the case;
the tables here hold what Flee says beyond them. Rows of the case with one of the sources below are the recorded
conflict; rows a person adds with another source are not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from asylia.core.tables import Column, Schema
from asylia.model.replay import CLOSURE_KINDS, ReplaySettings

LOCATIONS_SOURCE: Final = "flee-locations"
ROUTES_SOURCE: Final = "flee-routes"
CONFLICTS_SOURCE: Final = "flee-conflicts"
CLOSURES_SOURCE: Final = "flee-closures"
SERIES_PREFIX: Final = "flee-data-"
TOTAL: Final = "total"
"""Camp of the layout whose series is the published total."""

_PLACE: Final = Column(name="place", kind="id", refers="places", doc="Id of the place.", example="mill-town")
_DAY: Final = Column(name="day", kind="integer", lowest=0, unit="days", doc="Days from day 0.", example="0")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recorded:
    """The part `replay` of a case.

    Parameters
    ----------
    first, days
        Date of day 0 of the recorded conflict, and its number of days.
    settings
        The published settings.
    tables
        Frames by name that follow `RECORD_TABLES`; those without rows are left out.
    """

    first: dt.date
    days: int
    settings: ReplaySettings = field(default_factory=ReplaySettings)
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def _schema(name: str, doc: str, key: tuple[str, ...], *columns: Column) -> Schema:
    file = f"replay/{name}.csv"
    return Schema(name=f"replay_{name}", file=file, doc=doc, key=key, needed=False, columns=columns)


_ALL: Final = (
    _schema(
        "places",
        "What kind of place it is for the recorded conflict, where `kind` of places.csv does not say it.",
        ("place",),
        _PLACE,
        Column(
            name="kind",
            kind="text",
            needed=False,
            choices=("conflict", "idpcamp", "forward", "marker", "flood"),
            doc="Blank for a town or camp. A conflict zone or flood zone is a town, an idpcamp a camp, the others crossings.",
            example="conflict",
        ),
        Column(
            name="onset_day",
            kind="integer",
            needed=False,
            lowest=0,
            unit="days",
            doc="The conflict date of the folder.",
        ),
    ),
    _schema(
        "facts",
        "Further columns of the places of the folder, such as `initial_idps`.",
        ("place", "name"),
        _PLACE,
        Column(name="name", kind="text", doc="Name of the column.", example="initial_idps"),
        Column(name="value", kind="text", doc="What stands there.", example="120"),
    ),
    _schema(
        "routes",
        "What the folder says about a route beyond its length.",
        ("route",),
        Column(name="route", kind="id", refers="routes", doc="Id of the route.", example="mill-ford"),
        Column(
            name="redirection",
            kind="integer",
            needed=False,
            lowest=1,
            highest=2,
            doc="1: whoever arrives at `from` is sent on to `to`; 2: the other way round.",
        ),
        Column(
            name="max_move_speed",
            kind="number",
            needed=False,
            above=0,
            highest=2000,
            doc="Most km a day on this route.",
            example="200",
        ),
        Column(
            name="walk_probability",
            kind="number",
            needed=False,
            lowest=0,
            highest=1,
            doc="Chance that a person walks this route on a day.",
        ),
    ),
    _schema(
        "layout",
        "Which sources count the people of which camp; the first row is the published total.",
        ("camp", "source"),
        Column(
            name="camp",
            kind="text",
            doc="Id of a place, `total`, or the name of a camp that is no place of the case.",
            example=TOTAL,
        ),
        Column(
            name="source", kind="id", refers="sources", doc="Source of the counts.", example="flee-data-total"
        ),
    ),
    _schema(
        "reports",
        "Counts of camps that are no place of the case; those of places stand in people.csv.",
        (),
        Column(name="camp", kind="text", doc="Name of the camp.", example="Ferry"),
        Column(
            name="source", kind="id", refers="sources", doc="Source of the count.", example="flee-data-ferry"
        ),
        Column(name="date", kind="date", doc="Day of the count.", example="2026-01-31"),
        Column(
            name="people",
            kind="integer",
            lowest=0,
            highest=2_000_000_000,
            unit="people",
            doc="The count.",
            example="120",
        ),
    ),
    _schema(
        "corrections",
        "Days on which the registration of a camp was put right: earlier counts are scaled to join on.",
        ("camp", "date"),
        Column(name="camp", kind="text", doc="As in layout.csv.", example="ford"),
        Column(name="date", kind="date", doc="Day of the first count that is right.", example="2026-01-31"),
    ),
    _schema(
        "closures",
        "Closures that closures.csv cannot say: of camps, of redirections, between two other countries.",
        (),
        Column(
            name="what", kind="text", choices=CLOSURE_KINDS, doc="What kind of thing closes.", example="camp"
        ),
        Column(name="name1", kind="text", doc="Id of a place, or a country.", example="ford"),
        Column(name="name2", kind="text", needed=False, doc="The other end, if there is one."),
        Column(name="start", kind="integer", lowest=0, unit="days", doc="First day closed.", example="0"),
        Column(
            name="end",
            kind="integer",
            needed=False,
            lowest=0,
            unit="days",
            doc="Day on which it is open again; blank if it never is.",
        ),
    ),
    _schema(
        "changes",
        "Changes of the kind of a place.",
        (),
        _DAY,
        _PLACE,
        Column(
            name="kind",
            kind="text",
            doc="What it becomes, in the words of `replay/places.csv`.",
            example="camp",
        ),
    ),
    _schema(
        "daily",
        "Numbers by day: fighting that is not simply yes (1), acute hunger, flood levels.",
        ("what", "day", "where"),
        Column(
            name="what",
            kind="text",
            choices=("fighting", "hunger", "flood"),
            doc="fighting: intensity on a day that events.csv lists; hunger: percent of people; flood: level.",
            example="flood",
        ),
        _DAY,
        Column(name="where", kind="text", doc="Id of a place; for hunger, an admin1 name.", example="ford"),
        Column(name="value", kind="number", lowest=0, doc="The number.", example="2"),
    ),
    _schema(
        "makeup",
        "Who the people are: shares by attribute.",
        ("attribute", "value", "place"),
        Column(name="attribute", kind="text", doc="Such as age or gender.", example="gender"),
        Column(name="value", kind="text", doc="Value of the attribute.", example="female"),
        Column(name="place", kind="id", needed=False, refers="places", doc="Blank for all other places."),
        Column(name="share", kind="number", lowest=0, doc="Share; need not add up to 1.", example="0.5"),
    ),
)
RECORD_TABLES: Final[dict[str, Schema]] = {schema.name.removeprefix("replay_"): schema for schema in _ALL}
"""The tables of the part `replay`, by name; each is the file `replay/NAME.csv` of the case folder."""
