"""Make the shipped table of historical zones from the adjudicated research table (maintainers only).

Run from the project root: `.venv/bin/python tools/precedents.py [RESEARCH_CSV] [SHIPPED_CSV]`.
The three system rows are left out. Dates become whole days by the rule of the agreement note: a start known
by month or year is its first day, an end its last; zones without an end are observed up to the day last seen.
"""

from __future__ import annotations

import calendar
import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESEARCH = ROOT.parent / "shared" / "data" / "safe_zones_adjudicated.csv"
SHIPPED = ROOT / "src" / "asylia" / "data" / "precedents" / "zones.csv"
COLUMNS = (
    "id",
    "name",
    "country",
    "cluster",
    "start",
    "end",
    "zone_class",
    "logic",
    "consent_host_state",
    "consent_armed_parties",
    "demilitarised",
    "air_cover",
    "force_deployed",
    "population_low",
    "population_high",
    "area_km2",
    "overrun",
    "overrun_date",
    "mass_casualty_100",
    "outcome",
    "outcome_note",
    "disputed",
    "adjudication",
    "sources",
    "confidence",
    "end_kind",
    "dates_as_found",
    "seen_fields",
    "recalled_fields",
    "threat",
)
LAST_SEEN = {
    "CYB": "2026-03-31",
    "MAL": "2023-05-24",
    "SES": "2024-12-08",
    "SPS": "2024-12-08",
    "MAW": "2025-12-31",
    "OSI": "1992-01-03",
    "DUB": "1992-05-31",
}
"""Zones whose end is open or unclear: the last day they are counted as observed (agreement note, section 6)."""

LOSS_OF_CONTROL = {"NKG": "1937-12-14"}
"""Zones that lost control before their regime formally ended; for all others the end is the loss of control."""

THREAT = {
    "state": ("NKG SHA DAC NIC CYB FBX FCA IRN IRS UPW UPN KIB LN1 LN2 LN3 LBY SEG SNH SDQ SID SDM RUK MAW"),
    "both": "JER LMA LJH OSI DUB VUK UPE BOR MAL BEN JUB WAU SES SPS ALE HOD",
    "non_state": "PNH SRE ZEP GOR SAR TUZ BIC TUR BUN AKO BAM ALI",
}
"""Who could attack: forces of a state, armed groups that are none, or both. Our own code, by one reader who knew how each zone
ended, from the event and the parties of each row; it only orders like cases and enters no rate."""

RENAMED = {"logic": "protection_logic"}


def whole_day(text: str, *, last: bool) -> str:
    """Return a year, month or day as a whole day, the first or the last of its span.

    >>> whole_day("1948-05", last=False), whole_day("1948-10", last=True), whole_day("1990", last=False)
    ('1948-05-01', '1948-10-31', '1990-01-01')
    """
    parts = [int(part) for part in text.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else (12 if last else 1)
    day = parts[2] if len(parts) > 2 else (calendar.monthrange(year, month)[1] if last else 1)
    return f"{year:04d}-{month:02d}-{day:02d}"


def dates(row: dict[str, str]) -> dict[str, str]:
    """Return start, end, day of loss of control, and what the end stands for."""
    overrun = row["overrun"] == "1"
    end = LAST_SEEN.get(row["id"]) or whole_day(row["end_date"], last=True)
    kind = "last_seen" if row["id"] in LAST_SEEN else ("lost" if overrun else "ended")
    return {
        "start": whole_day(row["start_date"], last=False),
        "end": end,
        "overrun_date": LOSS_OF_CONTROL.get(row["id"], end) if overrun else "",
        "end_kind": kind,
        "dates_as_found": f"{row['start_date']} to {row['end_date'] or 'open'}",
    }


def shipped_row(row: dict[str, str]) -> dict[str, str]:
    """Return a row of the research table under the shipped column names."""
    cells = {name: row.get(RENAMED.get(name, name), "").strip() for name in COLUMNS}
    disputed = [field for field in row["disagreed_fields"].split(";") if field]
    cells["disputed"] = ";".join("logic" if field == "protection_logic" else field for field in disputed)
    changes = [part.strip() for part in (row["adjudication"].split("//")) if part.strip()]
    changes += [row["date_change"]] if row["date_change"] else []
    cells["adjudication"] = "; ".join(changes)
    second = f" | second coder: {row['sources_coder2']}" if row["sources_coder2"] else ""
    cells["sources"] = row["sources"] + second
    cells["threat"] = next(kind for kind, ids in THREAT.items() if row["id"] in ids.split())
    if cells["mass_casualty_100"] == "NA":
        cells["mass_casualty_100"] = ""
    return cells | dates(row)


def make(research: Path, shipped: Path) -> int:
    """Write the shipped table and return the number of zones."""
    with research.open(encoding="utf-8", newline="") as file:
        rows = [shipped_row(row) for row in csv.DictReader(file) if row["unit"] == "zone"]
    with shipped.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


if __name__ == "__main__":
    paths = [Path(argument) for argument in sys.argv[1:3]]
    research_csv, shipped_csv = (paths + [RESEARCH, SHIPPED][len(paths) :])[:2]
    print(f"{make(research_csv, shipped_csv)} zones")
