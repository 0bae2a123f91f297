"""What must hold between the part `replay` of a case and its other tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from asylia.core.errors import Problem
from asylia.io.cross_tables import broken
from asylia.io.csv_table import Table
from asylia.io.draft import Draft
from asylia.model.recorded import CONFLICTS_SOURCE, LOCATIONS_SOURCE, TOTAL
from asylia.model.replay import REPLAY_KINDS

BASE: Final = {
    "conflict": "town",
    "flood": "town",
    "idpcamp": "camp",
    "forward": "crossing",
    "marker": "crossing",
}


def check_record(draft: Draft) -> Iterator[Problem]:
    """Check that the tables of `replay/` fit the places, the fighting and each other; nothing without them."""
    if draft.record is None:
        return
    tables = {
        name: draft.tables[f"replay_{name}"] for name in ("places", "daily", "layout", "changes", "closures")
    }
    places = draft.frame("places").filter(pl.col("source") == LOCATIONS_SOURCE)
    yield from _check_kinds(tables["places"], places)
    yield from _check_plain_kinds(draft, tables["places"], places)
    yield from _check_changes(tables["changes"])
    yield from _check_layout(tables["layout"])
    yield from _check_closures(tables["closures"], places)
    yield from _check_fighting(draft, tables["daily"], places)


def _check_kinds(table: Table, places: pl.DataFrame) -> Iterator[Problem]:
    kinds = dict(places.select("id", "kind").iter_rows())
    fits = [
        f"{place} {kind}"
        for place, case_kind in kinds.items()
        for kind, base in BASE.items()
        if base == case_kind
    ]
    said = pl.concat_str("place", pl.lit(" "), "kind")
    must = "fits `kind` of places.csv: conflict and flood are towns, idpcamp a camp, forward and marker crossings"
    yield from broken(table, ~said.is_in(fits), "kind", must, "Correct one of the two.", needs=["place"])


def _check_plain_kinds(draft: Draft, table: Table, places: pl.DataFrame) -> Iterator[Problem]:
    said = set(table.frame.filter(pl.col("kind").is_not_null())["place"])
    rule = (pl.col("source") == LOCATIONS_SOURCE) & ~pl.col("kind").is_in(["town", "camp"])
    rule &= ~pl.col("id").is_in(sorted(said))
    must = "a place of the recorded conflict is a town or camp, or replay/places.csv says what it is"
    yield from broken(draft.tables["places"], rule, "kind", must, "Add it there.", needs=["id", "source"])
    if places.is_empty() and draft.tables["places"].has("source"):
        must = f"places.csv holds the places of the recorded conflict, of source {LOCATIONS_SOURCE}"
        yield Problem(file="places.csv", must=must, mend="Add them, or take [replay] out of case.toml.")


def _check_changes(table: Table) -> Iterator[Problem]:
    must = f"is one of {', '.join(REPLAY_KINDS)}"
    yield from broken(table, ~pl.col("kind").is_in(REPLAY_KINDS), "kind", must, "Correct the word.")


def _check_layout(table: Table) -> Iterator[Problem]:
    if not table.header or table.frame.is_empty() or TOTAL not in table.frame["camp"].to_list():
        must, mend = f'names the source of the published total, as camp "{TOTAL}"', "Add the row."
        yield Problem(file=table.schema.file, must=must, mend=mend)


def _check_closures(table: Table, places: pl.DataFrame) -> Iterator[Problem]:
    countries, ids = sorted(set(places["country"].drop_nulls())), sorted(set(places["id"].drop_nulls()))
    is_border = pl.col("what") == "country"
    for column in ("name1", "name2"):
        wrong = (
            pl.when(is_border).then(~pl.col(column).is_in(countries)).otherwise(~pl.col(column).is_in(ids))
        )
        must = "is an id of places.csv, or for a country one of its countries"
        yield from broken(table, wrong, column, must, "Correct the name.", needs=["what"])


def _check_fighting(draft: Draft, table: Table, places: pl.DataFrame) -> Iterator[Problem]:
    """Check that fighting lies in the period, and that a number stands only for a day with an event."""
    record = draft.record or {}
    first, days = record["first"], record["days"]
    of_record = pl.col("source") == CONFLICTS_SOURCE
    day = (pl.col("date") - pl.lit(first)).dt.total_days()
    wrong = of_record & ~day.is_between(0, days - 1).fill_null(value=False)
    must = f"fighting of the recorded conflict lies in its {days} days from {first}"
    yield from broken(draft.tables["events"], wrong, "date", must, "Correct the date.", needs=["source"])
    ids = sorted(set(places["id"].drop_nulls()))
    stray = of_record & ~pl.col("place").is_in(ids)
    must = f"is a place of the recorded conflict, of source {LOCATIONS_SOURCE}"
    yield from broken(draft.tables["events"], stray, "place", must, "Correct the place.", needs=["source"])
    events = draft.frame("events").filter(of_record).select(pl.format("{} {}", day, "place"))
    said = pl.format("{} {}", "day", "where")
    lone = (pl.col("what") == "fighting") & ~said.is_in(events.to_series().drop_nulls().to_list())
    must = "stands for a day and place that events.csv lists"
    yield from broken(table, lone, "where", must, "Add the event, or remove the row.", needs=["what", "day"])
    flooded = (pl.col("what") == "flood") & ~pl.col("where").is_in(ids)
    yield from broken(table, flooded, "where", "is an id of places.csv", "Correct it.", needs=["what"])
