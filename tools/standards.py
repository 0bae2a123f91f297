"""Make the shipped table of standards from the research table (maintainers only).

Run from the project root: `.venv/bin/python tools/standards.py [RESEARCH_CSV] [SHIPPED_CSV]`.
Values, editions and evidence tags are carried over one to one; only two column names and a few notes change.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESEARCH = ROOT.parent / "shared" / "data" / "standards.csv"
SHIPPED = ROOT / "src" / "asylia" / "data" / "standards" / "standards.csv"
COLUMNS = (
    "id",
    "sector",
    "indicator",
    "bound",
    "value",
    "unit",
    "phase",
    "source",
    "url",
    "evidence",
    "note",
)
RENAMED = {"phase": "emergency_phase", "url": "source_url"}
NOTES = {
    "HEA-02": (
        "via secondary transcription of Sphere 2018 in a public repository; UNHCR camp planning uses 1:20,000 "
        "(recalled); the ratio of 1:10,000 is the basic health unit, not the centre"
    ),
}
"""Notes that spoke to the people who gathered the values, reworded for readers of the table."""


def shipped_row(row: dict[str, str]) -> dict[str, str]:
    """Return a row of the research table under the shipped column names."""
    cells = {name: row[RENAMED.get(name, name)].strip() for name in COLUMNS}
    cells["note"] = NOTES.get(cells["id"], cells["note"])
    return cells


def make(research: Path, shipped: Path) -> int:
    """Write the shipped table and return the number of rows."""
    with research.open(encoding="utf-8", newline="") as file:
        rows = [shipped_row(row) for row in csv.DictReader(file)]
    with shipped.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


if __name__ == "__main__":
    paths = [Path(argument) for argument in sys.argv[1:3]]
    research_csv, shipped_csv = (paths + [RESEARCH, SHIPPED][len(paths) :])[:2]
    print(f"{make(research_csv, shipped_csv)} standards")
