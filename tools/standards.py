"""Make the shipped table of standards from the research table (maintainers only).

Run from the project root: `.venv/bin/python tools/standards.py [RESEARCH_CSV] [SHIPPED_CSV]`.
Values, editions and evidence tags are carried over one to one; two column names and a few notes change, the range that stands in
a note gets columns of its own, and every row names its editions and its stage.
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
    "low",
    "high",
    "unit",
    "phase",
    "stage",
    "editions",
    "source",
    "url",
    "evidence",
    "note",
)
RENAMED = {"phase": "emergency_phase", "url": "source_url"}
STAGES = {
    "acute_survival": "survival",
    "emergency": "emergency",
    "post_emergency": "stabilised",
    "planned_settlement": "stabilised",
}
"""Stage by phase; a phase that is none holds at every stage."""
EDITIONS = {
    "Sphere Handbook 4th ed. (2018)": "Sphere 2018",
    "Sphere Handbook 3rd ed. (2011)": "Sphere 2011",
    "Sphere Handbook (2004 ed.)": "Sphere 2004",
    "UNHCR WASH Standards and Indicators": "UNHCR WASH 2015-2020",
    "UNHCR Emergency Handbook, Camp planning": "UNHCR camp planning, 4th ed.",
    "UNHCR Emergency Handbook, site planning": "UNHCR Emergency Handbook",
    "UNHCR Handbook for Emergencies 2nd ed. (1999)": "UNHCR 1999",
    "INEE Minimum Standards": "INEE",
    "UNHCR/UNICEF practice": "UNHCR and UNICEF practice",
    "WFP/UNHCR general ration": "WFP and UNHCR practice",
    "WHO/UNICEF thresholds": "WHO and UNICEF",
    "Quinlivan": "Quinlivan 1995, 2003",
    "Zaatari July 2020": "Zaatari 2020",
    "UN A/66/532": "UN A/66/532",
    "UN SG projection": "UN projection 2000",
}
"""Edition by the words that name it in a source; a source without one is its own edition."""
RANGES = {
    "WAT-02": ("7.5", "15"),
    "WAT-03": ("2.5", "3"),
    "WAT-18": ("10", "35"),
    "SIT-04": ("4.5", "5.5"),
    "SIT-13": ("4", "6"),
    "FOO-02": ("10", "12"),
    "HEA-06": ("1", "2"),
    "HEA-08": ("2", "4"),
    "EDU-03": ("1", "1.5"),
    "CCM-04": ("15", "20"),
    "CCM-05": ("1", "4"),
    "SEC-02": ("15000", "30000"),
    "CST-02": ("252", "372"),
    "CST-10": ("300", "1000"),
    "CST-11": ("80", "300"),
    "CST-12": ("80", "250"),
    "CST-13": ("15", "28"),
    "CST-14": ("3", "15"),
    "CST-15": ("1410", "1428"),
}
"""Low and high of the rows whose note gives a range."""
NOTES = {
    "HEA-02": (
        "via secondary transcription of Sphere 2018 in a public repository; UNHCR camp planning uses 1:20,000 "
        "(recalled); the ratio of 1:10,000 is the basic health unit, not the centre"
    ),
}
"""Notes that spoke to the people who gathered the values, reworded for readers of the table."""


def shipped_row(row: dict[str, str]) -> dict[str, str]:
    """Return a row of the research table under the shipped column names."""
    made = dict.fromkeys(COLUMNS, "")
    made |= {name: row[old].strip() for name in COLUMNS if (old := RENAMED.get(name, name)) in row}
    made["low"], made["high"] = RANGES.get(made["id"], ("", ""))
    made["stage"] = STAGES.get(made["phase"], "all")
    found = sorted(
        (made["source"].find(words), name) for words, name in EDITIONS.items() if words in made["source"]
    )
    made["editions"] = "; ".join(name for _, name in found) or made["source"].split(";")[0]
    made["note"] = NOTES.get(made["id"], made["note"])
    return made


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
