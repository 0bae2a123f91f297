"""The record of a review: every decision on a proposed statement, in a file beside the statements that only grows."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Self

from asylia.io.door import fail
from asylia.model.actors import Statement
from asylia.model.case import fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision of a review.

    Parameters
    ----------
    when
        UTC, to the second.
    decision
        confirmed, rejected or edited.
    by
        Desk or office; blank if nobody said.
    reads
        The condition as it stood then, and `fingerprint` of the whole statement: what exactly was decided on.
    """

    when: str
    statement: str
    decision: str
    by: str
    actor: str
    force: str
    reads: str
    fingerprint: str

    @classmethod
    def of(cls, statement: Statement, decision: str, by: str = "") -> Self:
        """Write down a decision as it is made."""
        return cls(
            when=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            statement=statement.id,
            decision=decision,
            by=" ".join(by.split()),
            actor=statement.actor,
            force=statement.force,
            reads=statement.expression,
            fingerprint=fingerprint(statement),
        )


def record_of(path: Path) -> Path:
    """Name the record of a file of statements: `record-proposals.csv` beside `proposals.toml`."""
    return path.with_name(f"record-{path.stem}.csv")


def keep(path: Path, decision: Decision) -> None:
    """Add a decision to the record beside a file of statements.

    Raises
    ------
    CaseError
        If the record cannot be written.
    """
    place = record_of(path)
    try:
        is_new = not place.exists()
        with place.open("a", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            if is_new:
                writer.writerow([field.name for field in fields(Decision)])
            writer.writerow([_harmless(cell) for cell in astuple(decision)])
    except OSError as error:
        must = f"the record can be written ({error.strerror})"
        raise fail(place.name, must, "The decision itself is kept; free the file and go on.") from error


def read_record(path: Path) -> tuple[Decision, ...]:
    """Read the record beside a file of statements, oldest first; nothing if there is none."""
    place = record_of(path)
    if not place.exists():
        return ()
    with place.open(encoding="utf-8", newline="") as handle:
        return tuple(Decision(**row) for row in csv.DictReader(handle))


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running what somebody typed."""
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@") else cell
