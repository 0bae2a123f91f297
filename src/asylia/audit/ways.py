"""Ways out of the country and ways to each zone on the last day of knowledge, from routes and closures alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from asylia.model.case import Case
from asylia.model.law import Exit

Row = Mapping[str, Any]
Closed = Mapping[tuple[str, str], str]
"""(what, where) to the row that closes it."""
OUT: Final = ("both", "out")
IN: Final = ("both", "in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Ways between one place and the next ones.

    Parameters
    ----------
    open_in, open_out
        Ids of routes open to relief coming in, and to people going out.
    closed_by
        Rows that close the others.
    holders
        Who holds the places at the other end of open ways.
    """

    open_in: tuple[str, ...]
    open_out: tuple[str, ...]
    closed_by: tuple[str, ...]
    holders: tuple[str, ...]


def exits(case: Case) -> tuple[Exit, ...]:
    """List the crossings people could leave the country by, and whether anything closes them."""
    places = {row["id"]: row for row in case.places.iter_rows(named=True)}
    shut = closed(case.closures, case.as_of, OUT)
    found: dict[str, list[tuple[str, ...]]] = {}
    for route in case.routes.sort("id").iter_rows(named=True):
        ends = [places[route["from"]], places[route["to"]]]
        abroad = [end for end in ends if end["kind"] == "country" and end["country"] != case.country]
        home = [end for end in ends if end not in abroad]
        if len(abroad) == 1 and in_use(route, case.as_of):
            # a closed border closes every crossing to it, so the widest rule is named alone
            keys = [("border", abroad[0]["country"]), ("place", home[0]["id"]), ("route", route["id"])]
            barred = [shut[key] for key in keys if key in shut]
            found.setdefault(home[0]["id"], []).append(tuple(barred[:1]))
    return tuple(
        Exit(
            name=places[place]["name"],
            kind="crossing",
            is_open=not all(barred),
            closed_by=tuple(dict.fromkeys(row for rows in barred for row in rows)),
        )
        for place, barred in found.items()
    )


def ways(case: Case, place: str) -> Ways:
    """Find the ways between a place and the next ones on the last day of knowledge."""
    holders = dict(case.places.select("id", "controller").iter_rows())
    inward, outward = (closed(case.closures, case.as_of, direction) for direction in (IN, OUT))
    touching = [
        row for row in case.routes.sort("id").iter_rows(named=True) if place in (row["from"], row["to"])
    ]
    used = [row for row in touching if in_use(row, case.as_of)]
    open_in = tuple(r["id"] for r in used if not _bars(inward, r, place) and _leads_to(r, place))
    open_out = tuple(r["id"] for r in used if not _bars(outward, r, place) and _leads_from(r, place))
    barred = [rule for r in used for shut in (inward, outward) for rule in _bars(shut, r, place)]
    beyond = [holders.get(_other(r, place)) for r in used if r["id"] in open_in]
    return Ways(
        open_in=open_in,
        open_out=open_out,
        closed_by=tuple(dict.fromkeys(barred)),
        holders=tuple(dict.fromkeys(name for name in beyond if name)),
    )


def closed(closures: pl.DataFrame, day: dt.date, directions: tuple[str, ...]) -> Closed:
    """Name what is closed on a day in some direction, with the row that says so."""
    found = {}
    for row in closures.iter_rows(named=True):
        is_on = (row["from"] or day) <= day <= (row["to"] or day)
        if is_on and (row["direction"] or "both") in directions:
            said = f"closures.csv: {row['what']} {row['where']}, {row['evidence']}, {row['source']}"
            found[row["what"], row["where"]] = said
    return found


def _bars(shut: Closed, route: Row, place: str) -> list[str]:
    return [shut[key] for key in (("route", route["id"]), ("place", place)) if key in shut]


def _other(route: Row, place: str) -> str:
    return str(route["to"] if route["from"] == place else route["from"])


def _leads_to(route: Row, place: str) -> bool:
    return not route["one_way"] or route["to"] == place


def _leads_from(route: Row, place: str) -> bool:
    return not route["one_way"] or route["from"] == place


def in_use(route: Row, day: dt.date) -> bool:
    """Say whether a route is open on a day, by its own dates."""
    return bool((route["open_from"] or day) <= day <= (route["open_to"] or day))
