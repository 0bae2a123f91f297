"""Writing the case folder: tables, map and case.toml."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tables import Row, rows, write

PLACES = (
    "id,name,name_local,pcode,admin1,country,lat,lon,kind,population,capacity,controller,source,evidence,note"
)
ROUTES = "id,from,to,distance_km,mode,one_way,open_from,open_to,source,evidence,note"
EVENTS = "date,week,place,events,deaths_low,deaths_best,deaths_high,kind,precision,source,evidence"
PEOPLE = "date,days,measure,status,area,origin,group,persons,source,evidence,note"
CLOSURES = "what,where,direction,from,to,source,evidence,note"
SOURCES = "id,title,publisher,date,kind,url,sha256,licence,reliability,note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One uncertain number of case.toml."""

    low: float
    high: float
    shape: str
    source: str
    evidence: str
    why: str

    def line(self) -> str:
        """Write the number as an inline table of TOML."""
        return (
            f"{{ between = [{_number(self.low)}, {_number(self.high)}], shape = {_text(self.shape)}, "
            f"source = {_text(self.source)}, evidence = {_text(self.evidence)}, why = {_text(self.why)} }}"
        )


def write_tables(folder: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """Write the CSV tables of a case; names are file names without `.csv`, columns as in the schemas."""
    columns = {
        "places": PLACES,
        "routes": ROUTES,
        "events": EVENTS,
        "people": PEOPLE,
        "closures": CLOSURES,
        "sources": SOURCES,
    }
    for name, found in tables.items():
        write(folder / f"{name}.csv", columns[Path(name).name].split(","), found)


def sources() -> list[Row]:
    """Join the sources of figures with those of words; an id in both must mean the same."""
    words = Path(__file__).parent / "sources_words.csv"
    found = {row["id"]: row for row in rows("sources")}
    if words.exists():
        for row in rows("sources_words", folder=words.parent):
            found.setdefault(row["id"], row)
    return [found[key] for key in sorted(found)]


def write_map(folder: Path, collection: Mapping[str, Any]) -> None:
    """Write the map on one line per feature, so that a change shows where it is."""
    features = [
        json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in collection["features"]
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"
    (folder / "boundaries.geojson").write_text(text, encoding="utf-8")


def write_case(
    folder: Path,
    header: Mapping[str, str | int],
    lists: Mapping[str, Sequence[str]],
    rules: Mapping[str, Rule],
) -> None:
    """Write case.toml."""
    lines = ["# Made by tools/syria_2017/build.py; change the script or its tables, not this file.", ""]
    lines += [f"{name} = {value if name in BARE else _text(str(value))}" for name, value in header.items()]
    for name, sentences in lists.items():
        lines += ["", f"{name} = [", *(f"    {_text(sentence)}," for sentence in sentences), "]"]
    lines += ["", "[rules]", *(f"{name} = {rules[name].line()}" for name in sorted(rules))]
    (folder / "case.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


BARE = ("as_of", "first", "days")
"""Dates and numbers stand without quotation marks."""


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
