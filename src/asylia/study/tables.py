"""Outcomes turned into the tidy frames of `model.findings`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.percentiles import percentiles
from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.rules import RULES
from asylia.model.uncertain import Evidence, Uncertain
from asylia.study.columns import Columns
from asylia.study.settings import Settings
from asylia.study.verdicts import spread

SERIES = {
    "plan": pl.String, "measure": pl.String, "unit": pl.String, "date": pl.Date,
    "low": pl.Float64, "middle": pl.Float64, "high": pl.Float64,
}  # fmt: skip
ZONES = {
    "plan": pl.String, "zone": pl.String, "name": pl.String, "place": pl.String, "lat": pl.Float64,
    "lon": pl.Float64, "capacity_low": pl.Float64, "capacity_high": pl.Float64, "end_low": pl.Float64,
    "end_middle": pl.Float64, "end_high": pl.Float64, "peak_low": pl.Float64, "peak_middle": pl.Float64,
    "peak_high": pl.Float64, "refused_low": pl.Float64, "refused_middle": pl.Float64, "refused_high": pl.Float64,
    "opens": pl.Date, "closes": pl.Date,
}  # fmt: skip
ASSUMPTIONS = {
    "plan": pl.String, "what": pl.String, "value": pl.String, "reason": pl.String, "evidence": pl.String,
    "source": pl.String,
}  # fmt: skip
FUNDING = {
    "plan": pl.String, "donor": pl.String, "status": pl.String, "usd_low": pl.Float64, "usd_high": pl.Float64,
    "source": pl.String, "note": pl.String,
}  # fmt: skip
COSTS = {
    "plan": pl.String, "item": pl.String, "kind": pl.String, "per": pl.String,
    "low": pl.Float64, "middle": pl.Float64, "high": pl.Float64,
}  # fmt: skip


UNITS_OF = {
    "in_zones": "people", "without_shelter": "people", "crossed": "people", "wanted_to_cross": "people",
    "newly_displaced": "people", "exposure_2_km": "person-days",
}  # fmt: skip
"""Unit of each measure that is shown over time (`sheet.weekly`)."""


def series(sheets: Mapping[str, Columns], case: Case, settings: Settings) -> pl.DataFrame:
    """Put weekly middles and 90 % bands of six measures into long form."""
    rows: list[dict[str, object]] = []
    for plan, sheet in sheets.items():
        for measure, unit in UNITS_OF.items():
            for index, point in enumerate(settings.points):
                low, middle, high = _band(sheet.column(measure, index))
                rows.append(
                    {
                        "plan": plan, "measure": measure, "unit": unit,
                        "date": case.first + dt.timedelta(days=point),
                        "low": low, "middle": middle, "high": high,
                    }
                )  # fmt: skip
    return pl.DataFrame(rows, schema=SERIES)


def end_places(sheets: Mapping[str, Columns], places: Sequence[str]) -> pl.DataFrame:
    """Put displaced people outside zones on the last day into long form, by place."""
    return _by_place(sheets, "displaced_at", places, "place")


def rows_of_areas(places: Sequence[str], case: Case) -> dict[str, list[int]]:
    """List the rows of places in each first-level area, areas in order."""
    area_of = dict(case.places.select("id", "admin1").iter_rows())
    return {
        area: [r for r, p in enumerate(places) if area_of[p] == area] for area in sorted({*area_of.values()})
    }


def end_areas(sheets: Mapping[str, Columns], areas: Sequence[str]) -> pl.DataFrame:
    """Give the same people by first-level area; added up member by member, so that ranges are those of the sums."""
    return _by_place(sheets, "areas", areas, "area")


def _by_place(sheets: Mapping[str, Columns], quantity: str, names: Sequence[str], name: str) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for plan, sheet in sheets.items():
        for index, each in enumerate(names):
            low, middle, high = _band(sheet.column(quantity, index))
            rows.append({"plan": plan, name: each, "low": low, "middle": middle, "high": high})
    kinds = {"plan": pl.String, name: pl.String} | dict.fromkeys(("low", "middle", "high"), pl.Float64)
    return pl.DataFrame(rows, schema=kinds)


def zones(sheets: Mapping[str, Columns], plans: Sequence[Plan], case: Case) -> pl.DataFrame:
    """Describe every zone: where it is, what it holds, how full it gets, whom it refuses."""
    where = {row["id"]: row for row in case.places.iter_rows(named=True)}
    rows: list[dict[str, object]] = []
    for plan in plans:
        sheet = sheets[plan.id]
        for index, zone in enumerate(sorted(plan.zones, key=lambda z: z.id)):
            row: dict[str, object] = {
                "plan": plan.id, "zone": zone.id, "name": zone.name, "place": zone.place,
                "lat": where[zone.place]["lat"], "lon": where[zone.place]["lon"],
                "capacity_low": zone.capacity_people.low, "capacity_high": zone.capacity_people.high,
                "opens": zone.opens, "closes": zone.closes,
            }  # fmt: skip
            for name in ("end", "peak", "refused"):
                low, middle, high = spread(sheet.column(f"zone_{name}", index).astype(np.float64))
                row.update({f"{name}_low": low, f"{name}_middle": middle, f"{name}_high": high})
            rows.append(row)
    return pl.DataFrame(rows, schema=ZONES)


def costs(sheets: Mapping[str, Columns], plans: Sequence[Plan]) -> pl.DataFrame:
    """Give each cost line over the horizon, with its range."""
    rows: list[dict[str, object]] = []
    for plan in plans:
        for index, cost in enumerate(plan.costs):
            low, middle, high = spread(sheets[plan.id].column("cost", index))
            rows.append(
                {
                    "plan": plan.id, "item": cost.item, "kind": cost.kind, "per": cost.per,
                    "low": low, "middle": middle, "high": high,
                }
            )  # fmt: skip
    return pl.DataFrame(rows, schema=COSTS)


def funding(plans: Sequence[Plan]) -> pl.DataFrame:
    """List the money somebody spoke of."""
    rows = [
        {
            "plan": plan.id, "donor": line.donor, "status": line.status,
            "usd_low": line.usd.low if line.usd else None, "usd_high": line.usd.high if line.usd else None,
            "source": line.source, "note": line.note,
        }
        for plan in plans
        for line in plan.funding
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=FUNDING)


def assumptions(case: Case, plans: Sequence[Plan]) -> pl.DataFrame:
    """List every assumption: of the plans, then the numbers of the model nobody published."""
    rows: list[dict[str, object]] = [
        {
            "plan": plan.id, "what": a.what, "value": a.value, "reason": a.reason,
            "evidence": str(a.evidence), "source": a.source,
        }
        for plan in plans
        for a in plan.assumptions
    ]  # fmt: skip
    for name, spec in RULES.items():
        number = case.rules.get(name, spec.default)
        rows.append(
            {
                "plan": "", "what": spec.doc, "value": _between(number, spec.unit), "reason": number.why,
                "evidence": str(number.evidence), "source": number.source,
            }
        )  # fmt: skip
    return pl.DataFrame(rows, schema=ASSUMPTIONS)


def evidence(case: Case) -> pl.DataFrame:
    """Count rows by table and evidence tag."""
    frames = [
        frame.group_by("evidence")
        .len("rows")
        .select(pl.lit(name).alias("table"), "evidence", pl.col("rows").cast(pl.Int64))
        for name, frame in (
            ("places", case.places),
            ("routes", case.routes),
            ("events", case.events),
            ("people", case.people),
            ("closures", case.closures),
        )
    ]
    numbers = [str(case.rules.get(name, spec.default).evidence) for name, spec in RULES.items()]
    counted = [
        {"table": "rules", "evidence": tag, "rows": numbers.count(tag)} for tag in Evidence if tag in numbers
    ]
    frames.append(pl.DataFrame(counted, schema={"table": pl.String, "evidence": pl.String, "rows": pl.Int64}))
    return pl.concat(frames).sort("table", "evidence")


def _band(values: NDArray[np.generic]) -> tuple[float, float, float]:
    low, middle, high = percentiles(values.astype(np.float64), 5.0, 50.0, 95.0)
    return low, middle, high


def _between(number: Uncertain, unit: str) -> str:
    if number.is_fixed:
        return f"{number.low:.3g} {unit}"
    return f"{number.low:.3g} to {number.high:.3g} {unit}"
