"""The tables of a case folder, as data.

These rows drive checking (`asylia check`), templates (`asylia new`) and the reference page of the docs.
"""

from __future__ import annotations

from typing import Final

from asylia.core.tables import Column, Schema

EVIDENCE_WORDS: Final = ("seen", "derived", "recalled", "assumed", "unknown")
PLACE_KINDS: Final = ("town", "site", "camp", "crossing", "country")
ROUTE_MODES: Final = ("road", "track", "crossing", "air", "sea")

_SOURCE = Column(
    name="source",
    kind="id",
    doc="Where this row comes from: an id of sources.csv.",
    refers="sources",
    example="survey-2025",
)
_EVIDENCE = Column(
    name="evidence",
    kind="text",
    choices=EVIDENCE_WORDS,
    example="assumed",
    doc="How it is known: seen in the source, derived from seen figures, recalled, assumed, or unknown.",
)
_NOTE = Column(name="note", kind="text", needed=False, doc="Anything a reader should know about this row.")

PLACES: Final = Schema(
    name="places",
    file="places.csv",
    doc="Everywhere people can be: towns, sites, camps, border crossings and neighbour countries.",
    key=("id",),
    columns=(
        Column(name="id", kind="id", doc="Stable id; draws are keyed to it.", example="mill-town"),
        Column(name="name", kind="text", doc="Name in Latin letters.", example="Mill Town"),
        Column(
            name="name_local", kind="text", needed=False, doc="Name in the local script.", example="مدينة"
        ),
        Column(name="pcode", kind="text", needed=False, doc="OCHA P-code.", example="XX0101"),
        Column(
            name="admin1", kind="text", doc="First-level area (for a country: its own name).", example="North"
        ),
        Column(name="country", kind="text", doc="Country the place lies in.", example="Riverland"),
        Column(
            name="lat", kind="number", unit="deg", lowest=-90, highest=90, doc="Latitude.", example="34.5"
        ),
        Column(
            name="lon", kind="number", unit="deg", lowest=-180, highest=180, doc="Longitude.", example="37.5"
        ),
        Column(
            name="kind", kind="text", choices=PLACE_KINDS, doc="What kind of place it is.", example="town"
        ),
        Column(
            name="population",
            kind="integer",
            unit="people",
            needed=False,
            lowest=0,
            highest=2_000_000_000,
            doc="People at home here at the start, not displaced ones; blank if unknown.",
            example="12000",
        ),
        Column(
            name="capacity",
            kind="integer",
            unit="people",
            needed=False,
            lowest=0,
            highest=100_000_000,
            doc="Most people a site or camp can hold; blank for no stated limit.",
        ),
        Column(
            name="controller",
            kind="text",
            needed=False,
            example="council",
            doc="Who holds it at the as-of date, as an id of actors.toml or a word such as mixed or contested.",
        ),
        _SOURCE,
        _EVIDENCE,
        _NOTE,
    ),
)

ROUTES: Final = Schema(
    name="routes",
    file="routes.csv",
    doc="Ways people can take between places; one row serves both directions unless one_way is yes.",
    key=("id",),
    columns=(
        Column(name="id", kind="id", doc="Stable id.", example="mill-ford"),
        Column(name="from", kind="id", refers="places", doc="Where it starts.", example="mill-town"),
        Column(name="to", kind="id", refers="places", doc="Where it ends.", example="ford"),
        Column(
            name="distance_km",
            kind="number",
            unit="km",
            above=0,
            highest=20000,
            doc="Length along the way.",
            example="31",
        ),
        Column(name="mode", kind="text", choices=ROUTE_MODES, doc="How people travel it.", example="road"),
        Column(
            name="one_way", kind="flag", needed=False, doc="Yes if it can only be taken from `from` to `to`."
        ),
        Column(name="open_from", kind="date", needed=False, doc="First day it is open; blank if always."),
        Column(
            name="open_to", kind="date", needed=False, doc="Last day it is open; blank if no end is known."
        ),
        _SOURCE,
        _EVIDENCE,
        _NOTE,
    ),
)

EVENTS: Final = Schema(
    name="events",
    file="events.csv",
    doc="Lethal events of organised violence: one row per event, or one per place and week.",
    columns=(
        Column(name="date", kind="date", needed=False, doc="Day of the event; or give `week`.", example=""),
        Column(
            name="week",
            kind="date",
            needed=False,
            example="2026-01-05",
            doc="Monday of the week the row counts; or give `date`.",
        ),
        Column(name="place", kind="id", refers="places", doc="Nearest place.", example="mill-town"),
        Column(
            name="events",
            kind="integer",
            unit="events",
            lowest=0,
            highest=100000,
            doc="Events with at least one death.",
            example="2",
        ),
        Column(
            name="deaths_low",
            kind="integer",
            unit="deaths",
            needed=False,
            lowest=0,
            doc="Lowest estimate.",
            example="2",
        ),
        Column(
            name="deaths_best",
            kind="integer",
            unit="deaths",
            needed=False,
            lowest=0,
            doc="Best estimate.",
            example="3",
        ),
        Column(
            name="deaths_high",
            kind="integer",
            unit="deaths",
            needed=False,
            lowest=0,
            doc="Highest estimate.",
            example="5",
        ),
        Column(
            name="kind",
            kind="text",
            needed=False,
            choices=("state_based", "non_state", "one_sided", "all"),
            doc="UCDP type of violence, or all.",
            example="all",
        ),
        Column(
            name="precision",
            kind="text",
            needed=False,
            choices=("exact", "near", "district", "region", "mixed"),
            doc="How well the place is known.",
            example="near",
        ),
        _SOURCE,
        _EVIDENCE,
    ),
)

PEOPLE: Final = Schema(
    name="people",
    file="people.csv",
    doc="Counts of people, as published. Never a named person. Blank persons are unknown, not zero.",
    columns=(
        Column(
            name="date",
            kind="date",
            doc="Day of a stock, or first day of the period of a flow.",
            example="2026-01-01",
        ),
        Column(
            name="days",
            kind="integer",
            unit="days",
            needed=False,
            lowest=1,
            highest=3660,
            doc="Length of the period of a flow; blank for a stock.",
            example="31",
        ),
        Column(
            name="measure",
            kind="text",
            choices=("stock", "newly_displaced", "returned"),
            doc="People there on a day, people newly displaced in a period, or people returning in it.",
            example="newly_displaced",
        ),
        Column(
            name="status",
            kind="text",
            choices=("resident", "idp", "refugee", "returnee", "besieged", "in_need"),
            doc="Who they are.",
            example="idp",
        ),
        Column(
            name="area",
            kind="text",
            example="North",
            doc="Where they are: an id of places.csv, an admin1 name, a country, or the case's country for all.",
        ),
        Column(name="origin", kind="text", needed=False, doc="Where they come from, written as `area` is."),
        Column(name="group", kind="text", needed=False, doc="Group, such as children; blank for everybody."),
        Column(
            name="persons",
            kind="integer",
            unit="people",
            needed=False,
            lowest=0,
            highest=2_000_000_000,
            doc="Count; blank if nobody published one.",
            example="1200",
        ),
        _SOURCE,
        _EVIDENCE,
        _NOTE,
    ),
)

CLOSURES: Final = Schema(
    name="closures",
    file="closures.csv",
    doc="What was or is closed, and when.",
    columns=(
        Column(
            name="what",
            kind="text",
            choices=("route", "place", "border"),
            doc="What kind of thing closes.",
            example="route",
        ),
        Column(
            name="where",
            kind="text",
            example="mill-ford",
            doc="Id of the route or place; for a border, the country on the other side.",
        ),
        Column(
            name="direction",
            kind="text",
            needed=False,
            choices=("both", "in", "out"),
            doc="Seen from the case's country: out stops leaving, in stops entering.",
            example="both",
        ),
        Column(
            name="from", kind="date", needed=False, doc="First day closed; blank if before the case starts."
        ),
        Column(name="to", kind="date", needed=False, doc="Last day closed; blank if no end is known."),
        _SOURCE,
        _EVIDENCE,
        _NOTE,
    ),
)

SOURCES: Final = Schema(
    name="sources",
    file="sources.csv",
    doc="Where everything comes from.",
    key=("id",),
    columns=(
        Column(name="id", kind="id", doc="Stable id.", example="survey-2025"),
        Column(name="title", kind="text", doc="Title.", example="Town survey 2025"),
        Column(name="publisher", kind="text", doc="Who published it.", example="Survey office"),
        Column(name="date", kind="text", needed=False, doc="When, as precisely as known.", example="2025-11"),
        Column(
            name="kind",
            kind="text",
            choices=("dataset", "report", "news", "opinion", "official", "law", "model", "assumption"),
            doc="What kind of source.",
            example="report",
        ),
        Column(name="url", kind="text", needed=False, doc="Where it was published."),
        Column(
            name="sha256",
            kind="text",
            needed=False,
            doc="Checksum of the copy used, if offsets point into it.",
        ),
        Column(name="licence", kind="text", needed=False, doc="Licence as stated.", example="CC BY 4.0"),
        Column(
            name="reliability",
            kind="text",
            needed=False,
            choices=("high", "medium", "low", "unknown"),
            doc="How far to trust it.",
            example="medium",
        ),
        _NOTE,
    ),
)

TABLES: Final[dict[str, Schema]] = {s.name: s for s in (SOURCES, PLACES, ROUTES, EVENTS, PEOPLE, CLOSURES)}
