"""What a search for zones found, on the terminal: what people would do first, what was planned after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from asylia.cli.json_text import json_text
from asylia.model.case import Case
from asylia.report.siting import UNKNOWNS
from asylia.report.words import amount, count, percent, span
from asylia.study.siting_tables import excluded_by

MOST_LINES = 12
LIMITS = (
    "A gap is about this model, not about the war. Zones of the past have been attacked and overrun. Nothing here recommends "
    "that anybody be moved, and Asylia calls no zone safe."
)


def show(
    tables: Mapping[str, pl.DataFrame], case: Case, files: Sequence[Path], page: Path | None, *, as_json: bool
) -> None:
    """Print the tables of a search."""
    if as_json:
        print(json_text(as_data(tables, case, files, page)))
        return
    console = Console(highlight=False)
    facts = dict(tables["facts"].iter_rows())
    console.print(f"[bold]{escape(case.title)}[/bold], zones from {facts['opens']}\n")
    if facts["periods"] != "1":
        console.print(f"Periods begin {facts['periods']}. A zone opens at the start of one and stays open.\n")
    console.print(_exclusions(tables["candidates"], facts))
    if facts["none"]:
        console.print(f"[bold]None of these.[/bold] {escape(facts['none'])}")
    for step in (_occupancy, _front, _worth):
        step(console, tables)
    console.print(f"[dim]{LIMITS}[/dim]")
    for file in (*files, *([page] if page else [])):
        console.print(f"Wrote {file}", soft_wrap=True)


def as_data(
    tables: Mapping[str, pl.DataFrame], case: Case, files: Sequence[Path], page: Path | None
) -> dict[str, object]:
    """Give everything as plain data."""
    return {
        "case": case.id,
        "facts": dict(tables["facts"].iter_rows()),
        "excluded": excluded_by(tables["candidates"]),
        **{name: table.to_dicts() for name, table in tables.items() if name != "facts"},
        "files": [str(file) for file in files],
        "report": str(page) if page else None,
        "limits": LIMITS,
    }


def _exclusions(candidates: pl.DataFrame, facts: Mapping[str, str]) -> str:
    found = excluded_by(candidates)
    why = "; ".join(f"{number} {said}" for said, number in found.items())
    unknown = sorted(
        {UNKNOWNS.get(word, word) for row in candidates["unknown"] for word in row.split("; ") if word}
    )
    said = f"{facts['candidates']} candidates looked at, {facts['asked']} may be asked about. Left out: {why or 'none'}."
    return f"{said} Not known for some or all: {', '.join(unknown) or 'nothing'}.\n"


def _occupancy(console: Console, tables: Mapping[str, pl.DataFrame]) -> None:
    """Show what people would do without obedience before what was planned."""
    for (plan,), rows in tables["occupancy"].group_by("plan", maintain_order=True):
        table = Table(
            "zone",
            "people who would come",
            "planned at first",
            "planned after",
            "room",
            box=None,
            pad_edge=False,
        )
        for row in rows.iter_rows(named=True):
            numbers = (row[name] for name in ("simulated", "planned_first", "planned", "room"))
            table.add_row(escape(row["name"]), *(amount(value, "people") for value in numbers))
        first = rows.row(0, named=True)
        console.print(f"[bold]{plan}[/bold]: people choose for themselves, at the end")
        console.print(table)
        said = "agree" if first["agrees"] else "do not agree"
        console.print(
            f"Plan and people {said}: {percent(first['apart'])} apart after {count(first['rounds'], 'correction')}; "
            f"{amount(float(rows['planned_first'].sum()), 'people')} planned at first, "
            f"{amount(float(rows['simulated_first'].sum()), 'people')} would have come.\n"
        )


def _front(console: Console, tables: Mapping[str, pl.DataFrame]) -> None:
    front = tables["front"]
    if front.is_empty():
        return
    columns = (
        "",
        "plan",
        "zones",
        "sheltered",
        "at most",
        "cost",
        "person-km",
        "guests per resident",
        "worst area",
    )
    table = Table(
        *columns,
        title=f"{front.height} plans, none better than another in everything",
        box=None,
        pad_edge=False,
    )
    for row in front.iter_rows(named=True):
        most = "" if row["sheltered_most"] is None else amount(row["sheltered_most"], "people")
        table.add_row(
            str(row["number"]), row["plan"], str(row["zones"]), amount(row["sheltered"], "people"), most,
            amount(row["cost"], "usd"), amount(row["travel"], "km"), f"{row['burden']:.2f}", percent(row["worst_area"]),
        )  # fmt: skip
    console.print(table)
    console.print(f"Used up, in how many of them: {_counted(_limits_of(front))}.")
    rooms = [word for word in tables["candidates"]["binding"] if word]
    console.print(f"What sets the room, at how many sites: {escape(_counted(rooms))}.\n")


def _limits_of(front: pl.DataFrame) -> list[str]:
    """List what is used up, plan after plan; rooms by site count once a plan."""
    return [
        word.split(" at ")[0] if word.startswith("room at") else word
        for row in front["binding"]
        for word in row.split("; ")
    ]


def _counted(words: Sequence[str]) -> str:
    return "; ".join(f"{word} {number}" for word, number in Counter(words).most_common()) or "nothing"


def _worth(console: Console, tables: Mapping[str, pl.DataFrame]) -> None:
    worth = tables["worth"]
    if worth.is_empty():
        return
    table = Table("party", "site", "on record", "sheltered if it agrees", "fewer if it refuses", box=None, pad_edge=False,
                  title="What each consent would be worth, people sheltered")  # fmt: skip
    for row in worth.head(MOST_LINES).iter_rows(named=True):
        table.add_row(
            escape(row["party_name"]), escape(row["name"]), row["consent"],
            _between(row["gained_low"], row["gained_high"]), _between(row["lost_low"], row["lost_high"]),
        )  # fmt: skip
    if worth.height > MOST_LINES:
        table.caption = f"{worth.height - MOST_LINES} more lines: use --json or --report."
    console.print(table)


def _between(low: float, high: float) -> str:
    return span(low, high, "people") or amount(low, "people")
