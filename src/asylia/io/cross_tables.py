"""What must hold between the columns and tables of a case. Each check is one function that returns problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from asylia.core.errors import Problem, nearest
from asylia.core.tables import refer
from asylia.io.csv_table import Table
from asylia.io.limits import FIRST_YEAR, LAST_YEAR, ROWS_SHOWN

LINE = "line in file"
PEOPLE_KEY = ("date", "days", "measure", "status", "area", "origin", "group", "source")
WEEK_KEY = ("week", "place", "kind", "precision", "source")


def broken(
    table: Table, rule: pl.Expr, column: str, must: str, mend: str, *, needs: Iterable[str] = ()
) -> list[Problem]:
    """List the rows of a table that break a rule.

    Parameters
    ----------
    rule
        True where the row is wrong; null counts as right (a missing cell has its own problem).
    column
        Column to name and to quote.
    needs
        Columns the file must hold for the rule to make sense.
    """
    if not table.has(column, *needs) or table.frame.is_empty():
        return []
    frame = table.frame.with_columns(pl.Series(LINE, table.lines))
    rows = frame.filter(rule.fill_null(value=False))
    shown = [
        Problem(
            file=table.schema.file,
            row=line,
            column=column,
            value="" if value is None else str(value),
            must=must,
            mend=mend,
        )
        for line, value in rows.select(LINE, column).head(ROWS_SHOWN).iter_rows()
    ]
    return [*shown, *_rest(table, column, must, rows.height - len(shown))]


def _rest(table: Table, column: str, must: str, count: int) -> list[Problem]:
    if count <= 0:
        return []
    mend = f"{count:,} more rows have the same fault."
    return [Problem(file=table.schema.file, column=column, must=must, mend=mend)]


def check_references(table: Table, known: Mapping[str, set[str]]) -> list[Problem]:
    """Check that every id of another table exists there."""
    problems = []
    for column in table.schema.columns:
        if column.refers not in known or not table.has(column.name):
            continue
        frame = table.frame.with_columns(pl.Series(LINE, table.lines, dtype=pl.Int64))
        wrong = frame.filter(~pl.col(column.name).is_in(sorted(known[column.refers])))
        first = wrong.head(ROWS_SHOWN)
        only = {column.refers: known[column.refers]}
        listed = refer(table.schema, first, only, first[LINE].to_list())
        problems += [problem for problem in listed if problem.column == column.name]
        problems += _rest(table, column.name, f"names an id of {column.refers}", wrong.height - first.height)
    return problems


def check_days(table: Table) -> Iterator[Problem]:
    """Check that dates lie in a span of years in which they can be meant."""
    for column in table.schema.columns:
        if column.kind == "date":
            rule = ~pl.col(column.name).dt.year().is_between(FIRST_YEAR, LAST_YEAR)
            must = f"is a day between {FIRST_YEAR} and {LAST_YEAR}"
            yield from broken(table, rule, column.name, must, "Is the year right?")


def check_known_by(table: Table, as_of: dt.date, *columns: str) -> Iterator[Problem]:
    """Check that nothing in a case is dated after its last day of knowledge."""
    for column in columns:
        must = f"is not after {as_of}, the as_of of case.toml"
        mend = "What came later belongs in hindcast/, which no forecast reads."
        yield from broken(table, pl.col(column) > as_of, column, must, mend)


def check_routes(table: Table) -> Iterator[Problem]:
    """Check that a route joins two places, and opens before it closes."""
    same = pl.col("from") == pl.col("to")
    yield from broken(table, same, "to", "differs from `from`", "Correct one end.", needs=["from"])
    late = pl.col("open_from") > pl.col("open_to")
    must = "open_to is not before open_from"
    yield from broken(table, late, "open_to", must, "Swap the two dates.", needs=["open_from"])


def check_events(table: Table) -> Iterator[Problem]:
    """Check that an event has one date or one week; weeks are Mondays; estimates run from low to high."""
    day, week = pl.col("date").is_null(), pl.col("week").is_null()
    column = "date" if table.has("date") else "week"
    must = "exactly one of `date` and `week` is filled in"
    if table.has("date") or table.has("week"):
        whole = without_problems(table, "date", "week")
        yield from broken(whole, day == week, column, must, "Keep the one the source gives.")
    monday = "a week is named by its Monday"
    mend = "Write the date of the Monday on or before it."
    yield from broken(table, pl.col("week").dt.weekday() != 1, "week", monday, mend)
    for low, high in (("low", "best"), ("best", "high"), ("low", "high")):
        rule = pl.col(f"deaths_{low}") > pl.col(f"deaths_{high}")
        if (low, high) == ("low", "high"):
            rule &= pl.col("deaths_best").is_null()
        must = f"deaths_{high} is not below deaths_{low}"
        mend = "Low, best and high run upwards; leave one blank if unknown."
        yield from broken(table, rule, f"deaths_{high}", must, mend, needs=[f"deaths_{low}"])
    double = pl.col("week").is_not_null() & ~pl.struct(WEEK_KEY).is_first_distinct()
    must = "a place and week of one kind and source stands once"
    yield from broken(
        table, double, "place", must, "Add the two rows up, or remove the copy.", needs=["week"]
    )


def check_people(table: Table) -> Iterator[Problem]:
    """Check that unknown counts are blank, flows have a length, and no count stands twice."""
    unknown = pl.col("evidence") == "unknown"
    blank = pl.col("persons").is_null()
    must = "persons is blank if and only if the evidence is unknown"
    mend = 'Leave persons blank and write "unknown", or say how the number is known.'
    wrong = unknown != blank
    whole = without_problems(table, "persons", "days", "evidence", "measure")
    yield from broken(whole, wrong, "persons", must, mend, needs=["evidence"])
    is_stock = pl.col("measure") == "stock"
    length = pl.col("days").is_not_null()
    must = "a stock has no length, a flow has one"
    mend = "Give the days of the period for newly_displaced and returned; leave it blank for a stock."
    yield from broken(whole, is_stock == length, "days", must, mend, needs=["measure"])
    double = ~pl.struct(PEOPLE_KEY).is_first_distinct()
    must = "one source gives one count for the same people and time"
    needs = ("date", "measure", "status", "source")
    yield from broken(
        table, double, "area", must, "Remove the copy, or say in `group` how they differ.", needs=needs
    )


def without_problems(table: Table, *columns: str) -> Table:
    """Leave out rows with a problem in one of these columns: their cells are null for another reason."""
    bad = {problem.row for problem in table.problems if problem.column in columns}
    keep = [index for index, line in enumerate(table.lines) if line not in bad]
    return Table(
        schema=table.schema,
        frame=table.frame[keep],
        lines=tuple(table.lines[index] for index in keep),
        header=table.header,
    )


def check_period_end(table: Table, as_of: dt.date) -> Iterator[Problem]:
    """Check that a period that is counted has ended by the last day of knowledge."""
    must = f"the period ends by {as_of}, the as_of of case.toml"
    mend = "Leave out a period that was not over, or move the row to hindcast/."
    for column in ("week", "days"):
        if column in table.schema.names:
            wrong = (period_start(column) <= as_of) & (period_end(column) > as_of)
            yield from broken(table, wrong, column, must, mend)


def period_start(column: str) -> pl.Expr:
    """Give the first day a row speaks of, for the column that says how long: `week`, `days` or `date`."""
    return pl.col("week" if column == "week" else "date")


def period_end(column: str) -> pl.Expr:
    """Give the last day a row speaks of."""
    if column == "days":
        return pl.col("date").dt.offset_by(pl.format("{}d", pl.col("days") - 1))
    return pl.col("week").dt.offset_by("6d") if column == "week" else pl.col("date")


def check_later(table: Table, as_of: dt.date) -> Iterator[Problem]:
    """Check that every row tells something later than a case; a week or month that was not over yet stands as a whole."""
    must = f"ends after {as_of}, the as_of of case.toml"
    mend = "What was known by then belongs in the case itself."
    counted = pl.col("days").is_not_null() if "days" in table.schema.names else pl.lit(value=False)
    for column in ("date", "week"):
        if column in table.schema.names:
            wrong = (period_end(column) <= as_of) & ~counted
            yield from broken(table, wrong, column, must, mend)
    if "days" in table.schema.names:
        wrong = period_end("days") <= as_of
        yield from broken(table, wrong, "days", must, mend)


def check_areas(table: Table, known: set[str]) -> Iterator[Problem]:
    """Check that areas and origins of people are places, first-level areas or countries of the case."""
    must = "is an id of places.csv, an admin1 name or a country of the case"
    for column in ("area", "origin"):
        for problem in broken(table, ~pl.col(column).is_in(sorted(known)), column, must, ""):
            yield _with_hint(problem, known)


def check_closures(table: Table, known: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Check that what closes exists, and closes before it opens again."""
    for what, names in known.items():
        rule = (pl.col("what") == what) & ~pl.col("where").is_in(sorted(names))
        must = "is a country of places.csv" if what == "border" else f"is an id of {what}s.csv"
        for problem in broken(table, rule, "where", must, "", needs=["what"]):
            yield _with_hint(problem, names)
    late = pl.col("from") > pl.col("to")
    yield from broken(table, late, "to", "to is not before from", "Swap the two dates.", needs=["from"])


def check_sources(table: Table) -> Iterator[Problem]:
    """Checksums and addresses of sources are written as such."""
    rule = ~pl.col("sha256").str.contains("^[0-9a-f]{64}$")
    must = "is a SHA-256: 64 of the characters 0-9 and a-f"
    yield from broken(table, rule, "sha256", must, "`sha256sum FILE` prints it.")
    rule = ~pl.col("url").str.contains("^https?://[^\\s<>\"']+$")
    must = "is a web address that starts with https:// or http://"
    yield from broken(table, rule, "url", must, "Leave it blank if there is none, and use the note.")


def _with_hint(problem: Problem, known: set[str]) -> Problem:
    if problem.mend:
        return problem
    mend = nearest(problem.value, known) or "Add it to places.csv, or correct the name."
    return Problem(
        file=problem.file,
        row=problem.row,
        column=problem.column,
        value=problem.value,
        must=problem.must,
        mend=mend,
    )
