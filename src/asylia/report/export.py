"""Write redacted data for other programs: CSV with optional HXL tags, Parquet, GeoJSON, JSON. Whole files or none."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import polars as pl

from asylia.report import law
from asylia.report.dossier import Dossier, Ring

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that starts with one of these."""
HXL: Final = {
    "plan": "#activity+name",
    "criterion": "#indicator+code",
    "measure": "#indicator+code",
    "unit": "#indicator+unit",
    "low": "#affected+low",
    "middle": "#affected+median",
    "high": "#affected+high",
    "date": "#date",
    "first_day": "#date+start",
    "opens": "#date+start",
    "closes": "#date+end",
    "said": "#date+reported",
    "area": "#adm1+code",
    "name": "#loc+name",
    "name_local": "#loc+name+local",
    "zone": "#loc+code+zone",
    "place": "#loc+code",
    "lat": "#geo+lat",
    "lon": "#geo+lon",
    "capacity_low": "#capacity+low",
    "capacity_high": "#capacity+high",
    "sector": "#sector",
    "indicator": "#indicator+code",
    "actor": "#org+code",
    "actor_name": "#org+name",
    "donor": "#org+funder+name",
    "status": "#status",
    "usd_low": "#value+low+usd",
    "usd_high": "#value+high+usd",
    "source": "#meta+source",
    "evidence": "#meta+evidence",
    "suppressed": "#meta+suppressed",
    "note": "#description",
    "events_recent": "#event+num",
    "item": "#item+name",
    "kind": "#item+type",
    "more": "#output+quantity+more",
    "total_low": "#output+quantity+low",
    "total_middle": "#output+quantity+median",
    "total_high": "#output+quantity+high",
    "needed_by": "#date+needed",
    "order_by": "#date+order",
    "month": "#date+month",
    "on": "#date+paid",
    "stops": "#date+end",
    "standard": "#meta+standard",
    "usd": "#value+usd",
    "usd_middle": "#value+median+usd",
    "currency_year": "#date+year+currency",
    "url": "#meta+url",
}
"""Humanitarian Exchange Language tags by column; a column without one gets an empty tag, which HXL ignores."""


def frames(dossier: Dossier) -> Mapping[str, pl.DataFrame]:
    """Return every table of the dossier by file name, without suffix."""
    return {
        "verdict": dossier.verdict,
        "series": dossier.series,
        "people_end": dossier.people_end,
        "zones": dossier.zones,
        "fighting": dossier.fighting,
        "consent": consent_lines(dossier),
        **floor_lines(dossier),
        "needs": dossier.needs,
        "costs": dossier.costs,
        **({} if dossier.zone_flags.is_empty() else {"zone_flags": dossier.zone_flags}),
        "funding": dossier.funding,
        "silences": dossier.silences,
        "precedents": precedent_lines(dossier),
        "drivers": dossier.drivers,
        "assumptions": dossier.assumptions,
        "evidence": dossier.evidence,
        "sources": dossier.sources,
        **law.lines(dossier),
        **dossier.provision,
        **{f"siting_{name}": table for name, table in dossier.siting.items()},
    }


def consent_lines(dossier: Dossier) -> pl.DataFrame:
    """Return one row per plan, actor and statement; an actor without a statement has one row with blanks."""
    rows = []
    for stand in dossier.stands:
        held = {
            name: getattr(stand, name)
            for name in ("plan", "actor", "actor_name", "position", "has_veto", "reason")
        }
        said = [{f.name: getattr(line, f.name) for f in fields(line)} for line in stand.lines]
        rows += [held | line for line in said or [dict.fromkeys(_WORDS)]]
    types = dict.fromkeys(("plan", "actor", "actor_name", "position"), pl.String) | {"has_veto": pl.Boolean}
    return pl.DataFrame(
        rows, schema=types | {"reason": pl.String} | dict.fromkeys(_WORDS, pl.String) | {"said": pl.Date}
    )


def floor_lines(dossier: Dossier) -> dict[str, pl.DataFrame]:
    """Return one row per plan and protection term that is not for trading, by the name of the file; none if there are none."""
    rows = [{"plan": stand.plan, **line} for stand in dossier.stands for line in stand.floor]
    return {"floor": pl.DataFrame(rows)} if rows else {}


def precedent_lines(dossier: Dossier) -> pl.DataFrame:
    """Return one row per plan with its like cases, counted."""
    names = ("plan", "n", "overrun", "clusters", "low", "high", "why", "caution", "sensitivity")
    rows = [[getattr(cases, name) for name in names] for cases in dossier.like_cases]
    types = (pl.String, pl.Int64, pl.Int64, pl.Int64, pl.Float64, pl.Float64, pl.String, pl.String, pl.String)
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")


def csv_text(frame: pl.DataFrame, *, hxl: bool = False) -> str:
    """Write a frame as CSV: blank for unknown, ISO dates, no cell a spreadsheet would run.

    >>> print(csv_text(pl.DataFrame({"name": ["=1+1", "Homs"], "low": [-1.5, None]})), end="")
    name,low
    '=1+1,-1.5
    Homs,
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_harmless(name) for name in frame.columns])
    if hxl:
        writer.writerow([HXL.get(name, "") for name in frame.columns])
    for row in frame.iter_rows():
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def zones_geojson(dossier: Dossier) -> Mapping[str, object]:
    """Return zones as points, or as polygons where this audience may see their outline (RFC 7946)."""
    features = []
    for row in dossier.zones.iter_rows(named=True):
        ring = dossier.outlines.get((row["plan"], row["zone"]))
        shape = {"type": "Point", "coordinates": [row["lon"], row["lat"]]} if ring is None else _polygon(ring)
        features.append(_feature(shape, {k: v for k, v in row.items() if k not in ("lat", "lon")}))
    return {"type": "FeatureCollection", "features": features}


def places_geojson(dossier: Dossier) -> Mapping[str, object]:
    """Return people outside zones at the end, one point per area or place with a property per plan, and crossings."""
    spots: dict[str, dict[str, object]] = {}
    for row in dossier.people_end.iter_rows(named=True):
        if row["lat"] is None or row["lon"] is None:
            continue
        kept = spots.setdefault(
            row["area"],
            {
                "kind": "people",
                "name": row["name"],
                "name_local": row["name_local"],
                "at": [row["lon"], row["lat"]],
            },
        )
        kept[f"people_{row['plan']}"] = row["middle"]
        if row["suppressed"]:
            kept[f"suppressed_{row['plan']}"] = row["suppressed"]
    features = [
        _feature({"type": "Point", "coordinates": said.pop("at")}, {"area": area, **said})
        for area, said in spots.items()
    ]
    for crossing in dossier.ground.crossings:
        shape = {"type": "Point", "coordinates": [crossing.lon, crossing.lat]}
        features.append(
            _feature(shape, {"kind": "crossing", "name": crossing.name, "is_open": crossing.is_open})
        )
    return {"type": "FeatureCollection", "features": features}


def json_text(noun: object) -> str:
    """Write dataclasses, frames, dates and plain values as JSON; what is not a finite number becomes null."""
    return json.dumps(_plain(noun), ensure_ascii=False, indent=1, sort_keys=False, allow_nan=False) + "\n"


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Write a frame as Parquet."""
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def put(file: Path, content: str | bytes) -> Path:
    """Write a file whole or not at all: beside its place first, then moved there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        draft.write_bytes(data)
        os.replace(draft, file)  # noqa: PTH105 -- replaces in one step on every system, as the docs of os promise
    finally:
        draft.unlink(missing_ok=True)
    return file


_WORDS: Final = (
    "statement",
    "summary",
    "force",
    "standing",
    "condition",
    "words",
    "speaker",
    "mode",
    "source",
    "said",
)


def _harmless(text: str) -> str:
    # A bare carriage return would end the row for some readers, and the next cell could then start a formula.
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    # Spreadsheets differ in which blanks they drop before they look for a formula, so every kind counts.
    starts = (text, plain.lstrip(" \n"), plain.lstrip())
    return f"'{plain}" if any(start.startswith(FORMULA_STARTS) for start in starts) else plain


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    return _harmless(value) if isinstance(value, str) else value


def _polygon(ring: Ring) -> Mapping[str, object]:
    """Return a polygon that closes and runs anticlockwise, as RFC 7946 asks."""
    closed = [*ring] if ring[0] == ring[-1] else [*ring, ring[0]]
    turn = sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in pairwise(closed))
    ordered = closed if turn < 0 else closed[::-1]
    return {"type": "Polygon", "coordinates": [[[x, y] for x, y in ordered]]}


def _feature(geometry: Mapping[str, object], properties: Mapping[str, object]) -> Mapping[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _plain(noun: object) -> object:
    if isinstance(noun, pl.DataFrame):
        return [_plain(row) for row in noun.iter_rows(named=True)]
    if is_dataclass(noun) and not isinstance(noun, type):
        return {field.name: _plain(getattr(noun, field.name)) for field in fields(noun)}
    if isinstance(noun, Mapping):
        return {
            key if isinstance(key, str) else " ".join(map(str, key)): _plain(value)
            for key, value in noun.items()
        }
    if isinstance(noun, tuple | list | set | frozenset):
        return [_plain(item) for item in noun]
    if isinstance(noun, float):
        return noun if abs(noun) < float("inf") else None
    return noun if isinstance(noun, str | int | bool | None) else str(noun)
