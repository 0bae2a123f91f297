"""Where zones could be asked for: candidates on a map, plans side by side with their bands, and what each consent is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl
from markupsafe import Markup

from asylia.report import charts, svg, words
from asylia.report.dossier import Dossier
from asylia.report.labels import Page
from asylia.report.maps import LARGE_WIDTH, SMALL_WIDTH
from asylia.report.projection import Frame, fit

ASKED: Final = "may be asked about"
MARKS: Final = (
    ("near recent fighting", "F"),
    ("no one party holds it", "P"),
    ("the party in control refuses", "N"),
    ("consent ends before the zone would", "E"),
    ("near a border", "B"),
    ("on land that floods", "W"),
    ("on mined land", "M"),
    ("near a military object", "K"),
    ("for a reason that is kept back", "K"),
    ("no open way leads there", "R"),
    ("no standard leaves room for anybody", "S"),
)
"""Letter of each reason on the map; a candidate with several bears the first."""
UNKNOWNS: Final = {
    "flood": "whether the land floods",
    "mines": "whether there are mines",
    "military": "whether a military object is near",
    "border": "how far the border is",
    "consent": "whether the party in control would agree",
    "room by ground": "how much ground there is",
    "room by water": "how much water there is",
    "room by hosts": "how many people live there",
}
MEASURES: Final = (
    ("travel", "Way to shelter, person-km", "km"),
    ("exposure", "People times lethal events", "events"),
    ("cost", "Cost, US dollars", "usd"),
    ("burden", "Guests for each resident, highest", "ratio"),
    ("worst_area", "Left without shelter, worst area", "share"),
    ("tail", "Left without shelter, worst scenarios", "people"),
)
PANEL: Final = (390.0, 236.0)
PLOT: Final = (8.0, 26.0, 382.0, 194.0)
Row = Mapping[str, Any]


def _budget(facts: Mapping[str, str]) -> str:
    """Say what may be spent: in all, or in each period."""
    if facts.get("budgets"):
        each = ", ".join(words.amount(float(word), "usd") for word in facts["budgets"].split(", "))
        return f"{each}, each for a period"
    return words.amount(float(facts["budget"]), "usd") if facts["budget"] else "without limit"


def section(dossier: Dossier) -> Mapping[str, object]:
    """Return what the template shows; empty where no search was made."""
    tables = dossier.siting
    if not tables:
        return {}
    facts = dict(tables["facts"].iter_rows())
    return {
        "facts": facts,
        "budget": _budget(facts),
        "people": words.span(float(facts["people low"]), float(facts["people high"]), "people")
        or facts["people high"],
        "map": candidate_map(dossier),
        "finding": finding(tables["candidates"]),
        "key": _key(tables["candidates"]),
        "panels": [(title, panel(tables["front"], name, title, unit)) for name, title, unit in MEASURES],
        "front": [_plan(row) for row in tables["front"].iter_rows(named=True)],
        "worth": [_worth(row) for row in tables["worth"].iter_rows(named=True)],
        "tried": _tried(tables["occupancy"], dossier),
        "rooms": Counter(word for word in tables["candidates"]["binding"] if word).most_common(),
        "unknown": _unknown(tables["candidates"]),
    }


def finding(candidates: pl.DataFrame) -> str:
    """Say in a sentence what the map of candidates shows."""
    asked = candidates.filter(pl.col("excluded") == "").height
    reasons = Counter(_first(row) for row in candidates["excluded"] if row)
    said = words.listed([f"{number} {reason}" for reason, number in reasons.most_common()])
    left = f" Left out: {said}." if said else ""
    return f"{words.count(candidates.height, 'candidate')}, {asked} of which {ASKED}.{left}"


def candidate_map(dossier: Dossier) -> Markup:
    """Draw every candidate: a disc where it may be asked about, else the letter of what speaks against it."""
    frame = fit(dossier.ground, LARGE_WIDTH)
    page = Page(width=frame.width, height=frame.height)
    rows = dossier.siting["candidates"].sort("candidate")
    layers = [
        svg.element("rect", {"class": "water", "width": frame.width, "height": frame.height}),
        svg.element("use", {"href": "#base-map", "transform": f"scale({LARGE_WIDTH / SMALL_WIDTH:.4f})"}),
        svg.group({"class": "candidates"}, _candidates(rows, frame, page)),
        svg.group({"class": "names"}, _names(rows.filter(pl.col("excluded") == ""), frame, page)),
    ]
    title = "Map: candidates for zones"
    return svg.figure((frame.width, frame.height), title, finding(rows), layers, "map-candidates")


def panel(front: pl.DataFrame, name: str, title: str, unit: str) -> Markup:
    """Draw all plans in one measure against people sheltered; a bar reaches to the most that any plan of its kind could."""
    left, top, right, bottom = PLOT
    across = charts.ceiling(float(str(front["sheltered_most"].max() or front["sheltered"].max() or 1.0)))
    up = charts.ceiling(float(str(front[name].max() or 1.0)))
    shapes: list[Markup] = []
    for row in front.sort("plan").iter_rows(named=True):
        if row["sheltered"] is None or row[name] is None:
            continue
        x = left + (right - left) * row["sheltered"] / across
        y = bottom - (bottom - top) * row[name] / up
        if row["sheltered_most"] is not None:
            most = left + (right - left) * row["sheltered_most"] / across
            shapes.append(svg.element("path", {"class": "band-line", "d": svg.path([(x, y), (most, y)])}))
        kind = "dot chosen" if row["plan"] else "dot"
        shapes.append(
            svg.element("circle", {"class": kind, "cx": x, "cy": y, "r": 4.0 if row["plan"] else 2.6})
        )
        if row["plan"]:
            at_left = x > right - 30
            spot = {
                "x": x - 6 if at_left else x + 6,
                "y": y - 4,
                "text-anchor": "end" if at_left else "start",
            }
            shapes.append(svg.element("text", {**spot, "class": "name"}, row["plan"].removeprefix("site-")))
    frame = [
        svg.element("path", {"class": "grid", "d": svg.path([(left, top), (right, top)])}),
        svg.element("path", {"class": "floor", "d": svg.path([(left, bottom), (right, bottom)])}),
        svg.element("text", {"x": left, "y": top - 10}, _amount(up, unit)),
        svg.element("text", {"x": left, "y": bottom + 14}, "0"),
        svg.element(
            "text", {"x": right, "y": bottom + 14, "text-anchor": "end"}, words.amount(across, "people")
        ),
        svg.element(
            "text",
            {"x": (left + right) / 2, "y": bottom + 14, "text-anchor": "middle"},
            "people sheltered, as planned",
        ),
    ]
    said = f"{front.height} plans by people sheltered and {title.lower()}."
    return svg.figure(PANEL, title, said, [*frame, *shapes], f"siting-{name.replace('_', '-')}")


def _candidates(rows: pl.DataFrame, frame: Frame, page: Page) -> Iterable[Markup]:
    letters = dict(MARKS)
    for row in rows.sort(pl.col("excluded") == "").iter_rows(named=True):
        x, y = frame.at(row["lon"], row["lat"])
        if row["excluded"]:
            spot = {"class": "out", "x": x, "y": y + 3.4, "text-anchor": "middle"}
            yield svg.element("text", spot, letters[_first(row["excluded"])])
        else:
            page.keep(x, y, 5.0)
            yield svg.element("circle", {"class": "asked", "cx": x, "cy": y, "r": 5.0})


def _names(rows: pl.DataFrame, frame: Frame, page: Page) -> Iterable[Markup]:
    for row in rows.sort("room", descending=True, nulls_last=True).iter_rows(named=True):
        label = page.place(row["name"], frame.at(row["lon"], row["lat"]), 5.0, 11.0, "zone")
        if label is not None:
            yield svg.element(
                "text", {"class": "zone", "x": label.x, "y": label.y, "text-anchor": label.anchor}, label.text
            )


def _first(excluded: str) -> str:
    """Return the reason a candidate is marked by: the first in the order of the key."""
    has = excluded.split("; ")
    return next((reason for reason, _ in MARKS if reason in has), has[0])


def _key(candidates: pl.DataFrame) -> list[tuple[str, str]]:
    used = {_first(row) for row in candidates["excluded"] if row}
    return [(letter, reason) for reason, letter in MARKS if reason in used]


def _unknown(candidates: pl.DataFrame) -> list[tuple[str, int]]:
    found = Counter(word for row in candidates["unknown"] for word in row.split("; ") if word)
    return [(UNKNOWNS.get(word, word), number) for word, number in found.most_common()]


def _plan(row: Row) -> Row:
    hidden = str(row["suppressed"] or "").split()
    said: dict[str, object] = {
        name: row[name] for name in ("number", "plan", "zones", "sites", "aim", "held", "binding")
    }
    for name, unit in (("sheltered", "people"), ("sheltered_most", "people"), ("travel", "km"), ("exposure", "events"),
                       ("cost", "usd"), ("burden", "ratio"), ("worst_area", "share"), ("tail", "people")):  # fmt: skip
        said[name] = words.FEW if name in hidden else _amount(row[name], unit)
    return said


def _worth(row: Row) -> Row:
    hidden = str(row["suppressed"] or "").split()
    ends = {
        name: words.FEW if any(h.startswith(name) for h in hidden) else _between(row, name)
        for name in ("gained", "lost")
    }
    return {**{name: row[name] for name in ("party_name", "name", "site", "consent")}, **ends}


def _between(row: Row, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return words.span(low, high, "people") or words.amount(low, "people")


def _tried(occupancy: pl.DataFrame, dossier: Dossier) -> list[Row]:
    """Return each plan tried: its zones with people who would come first, then what was planned."""
    found: list[Row] = []
    for (plan,), rows in occupancy.group_by("plan", maintain_order=True):
        zones = [
            {"name": row["name"], **{name: _shown(row, name) for name in ("simulated", "planned_first", "planned")},
             "room": words.amount(row["room"], "people")}
            for row in rows.iter_rows(named=True)
        ]  # fmt: skip
        first = rows.row(0, named=True)
        found.append(
            {
                "title": dossier.plan_title(str(plan)), "zones": zones, "agrees": first["agrees"], "rounds": first["rounds"],
                "apart": words.percent(first["apart"]),
                "would_come": _amount(float(rows["simulated_first"].sum()), "people"),
                "planned": _amount(float(rows["planned_first"].sum()), "people"),
            }
        )  # fmt: skip
    return found


def _shown(row: Row, name: str) -> str:
    return words.FEW if name in str(row["suppressed"] or "").split() else _amount(row[name], "people")


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if unit == "ratio" else words.amount(value, unit)
