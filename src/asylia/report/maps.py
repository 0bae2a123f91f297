"""Maps: one small map per plan on one scale, a large one for the plan in focus, and the key.

One measure for people everywhere: the area of a circle. A ring is the room of a zone, the disc in it its people.
Fighting is shaded in ColorBrewer's YlOrBr with hatching on the two highest classes; people are blue or ink, so that
nothing rests on hue alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import polars as pl
from markupsafe import Markup

from asylia.report import svg, words
from asylia.report.dossier import Area, Dossier
from asylia.report.ground import spot_inside
from asylia.report.labels import Label, Page
from asylia.report.projection import Frame, extent, fit, on_border, within

SMALL_WIDTH: Final = 390.0
LARGE_WIDTH: Final = 780.0
TEXT: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What the maps of one report share.

    Parameters
    ----------
    breaks
        Lethal events a week at which a darker class starts.
    most
        People in the largest circle; its radius is `largest` of the map's width.
    crossings
        Where each crossing stands on the border, (longitude, latitude) by id.
    """

    breaks: tuple[float, ...]
    most: float
    crossings: Mapping[str, tuple[float, float]]
    largest: float

    def radius(self, people: float | None, width: float) -> float:
        """Return the radius of a circle for people, pixels."""
        return self.largest * width * math.sqrt(max(people or 0.0, 0.0) / self.most)

    def grade(self, events: float) -> int:
        """Return the class of fighting, 0 lowest."""
        return sum(events >= edge for edge in self.breaks)


def scale(dossier: Dossier) -> Scale:
    """Return the scale all maps share: set by the most fighting and the largest circle of any plan."""
    events = dossier.fighting_by_area["events_recent"].max() or 1.0
    edges = sorted({_nice(float(str(events)) / part) for part in (27, 9, 3, 1.5)})
    columns = (dossier.people_end["middle"], dossier.zones["capacity_high"], dossier.zones["end_middle"])
    tops = [float(str(column.max())) for column in columns if column.max() is not None]
    # Sixty places crowd where fourteen areas do not.
    largest = 0.062 if dossier.people_end["area"].n_unique() <= 25 else 0.042
    return Scale(
        breaks=tuple(edges),
        most=max(tops, default=1.0) or 1.0,
        crossings=on_border(dossier.ground),
        largest=largest,
    )


def base(dossier: Dossier, shared: Scale) -> Markup:
    """Draw what all maps have in common once: land, fighting, borders, roads. Small size; others scale it."""
    frame = fit(dossier.ground, SMALL_WIDTH)
    events = dict(dossier.fighting_by_area.select("area", "events_recent").iter_rows())
    countries = [area for area in dossier.ground.areas if area.kind == "country"]
    inside = [area for area in dossier.ground.areas if area.kind != "country"]
    shapes = [svg.element("path", {"class": "land", "d": _outline(frame, area)}) for area in countries]
    for area in inside:
        grade, outline = shared.grade(events.get(area.name, 0.0)), _outline(frame, area)
        shapes.append(svg.element("path", {"class": f"area f{grade}", "d": outline}))
        if grade >= 3:
            shapes.append(svg.element("path", {"d": outline, "fill": f"url(#hatch-{grade})"}))
    roads = "".join(svg.path(frame.at(*spot) for spot in road) for road in dossier.ground.roads)
    shapes.append(svg.element("path", {"class": "road", "d": roads}))
    defs = svg.element("defs", {}, *hatches(), svg.group({"id": "base-map"}, shapes))
    return svg.element("svg", {"width": 0, "height": 0, "class": "store", "aria-hidden": "true"}, defs)


def hatches() -> Iterable[Markup]:
    """Make the hatching that keeps the two highest classes of fighting apart without colour."""
    for grade, gap in ((3, 7), (4, 4)):
        line = svg.element("path", {"d": f"M0 0V{gap}", "class": "hatch"})
        attributes = {
            "id": f"hatch-{grade}",
            "width": gap,
            "height": gap,
            "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        }
        yield svg.element("pattern", attributes, line)


def plan_map(dossier: Dossier, plan_id: str, shared: Scale, *, large: bool = False) -> Markup:
    """Draw one plan on the last day."""
    width = LARGE_WIDTH if large else SMALL_WIDTH
    frame = fit(dossier.ground, width)
    page = Page(width=frame.width, height=frame.height)
    page.taken.append((0.0, frame.height - 34, 22 + _bar_length(frame)[1] + 14, frame.height))
    people = dossier.people_end.filter(pl.col("plan") == plan_id).sort(
        "middle", descending=True, nulls_last=True
    )
    zones = dossier.zones.filter(pl.col("plan") == plan_id)
    ratio = width / SMALL_WIDTH
    layers = [
        svg.element("rect", {"class": "water", "width": frame.width, "height": frame.height}),
        svg.element("use", {"href": "#base-map", "transform": f"scale({ratio:.4f})" if large else None}),
        svg.group({"class": "outlines"}, _limits(dossier, plan_id, frame)),
        svg.group({"class": "people"}, _people(people, dossier, frame, shared)),
        svg.group({"class": "crossings"}, _crossings(dossier, frame, shared, page, large=large)),
        svg.group({"class": "zones"}, _zones(zones, frame, shared, page)),
        svg.group({"class": "names"}, _names(dossier, plan_id, frame, shared, page)),
        _bar(frame),
    ]
    title = f"Map: {dossier.plan_title(plan_id)}, on the last day"
    name = f"map-{plan_id}{'-large' if large else ''}"
    return svg.figure((frame.width, frame.height), title, finding(dossier, plan_id), layers, name)


def finding(dossier: Dossier, plan_id: str) -> str:
    """Say in a sentence or two what the map of a plan shows."""
    zones = dossier.zones.filter(pl.col("plan") == plan_id)
    people = dossier.people_end.filter((pl.col("plan") == plan_id) & pl.col("middle").is_not_null())
    most = people.sort("middle", descending=True).head(2)
    parts = []
    if zones.height:
        low, held, high = (float(zones[f"end_{end}"].fill_null(0).sum()) for end in ("low", "middle", "high"))
        parts.append(
            f"{words.amount(held, 'people', low, high)} people in {words.count(zones.height, 'zone')}."
        )
    else:
        parts.append("No zone.")
    if most.height:
        named = [f"{row['name']} ({_said(row)})" for row in most.iter_rows(named=True)]
        parts.append(f"Most people outside zones: {words.listed(named)}.")
    return " ".join(parts)


def _said(row: Mapping[str, float | None]) -> str:
    return words.amount(row["middle"], "people", row["low"], row["high"])


def _outline(frame: Frame, area: Area) -> str:
    return "".join(svg.path(part, closed=True) for ring in area.rings for part in within(frame, ring))


def _limits(dossier: Dossier, plan_id: str, frame: Frame) -> Iterable[Markup]:
    for (plan, _), ring in sorted(dossier.outlines.items()):
        if plan == plan_id:
            yield svg.element("path", {"d": svg.path([frame.at(*spot) for spot in ring], closed=True)})


def _people(people: pl.DataFrame, dossier: Dossier, frame: Frame, shared: Scale) -> Iterable[Markup]:
    for (x, y), radius in _circles_at(people, dossier, frame, shared).values():
        if radius > 0.4:
            yield svg.element("circle", {"cx": x, "cy": y, "r": radius})


def _circles_at(
    people: pl.DataFrame, dossier: Dossier, frame: Frame, shared: Scale
) -> Mapping[str, tuple[tuple[float, float], float]]:
    """Return the circle of each area or place, the largest first: where, and its radius in pixels."""
    spots = {area.name: area.spot for area in dossier.ground.areas if area.kind != "country"}
    rows = people.filter(pl.col("lat").is_not_null()).sort(
        "middle", "area", descending=[True, False], nulls_last=True
    )
    return {
        row["area"]: (
            frame.at(*spots.get(row["area"], (row["lon"], row["lat"]))),
            shared.radius(row["middle"], frame.width),
        )
        for row in rows.iter_rows(named=True)
    }


def _crossings(dossier: Dossier, frame: Frame, shared: Scale, page: Page, *, large: bool) -> Iterable[Markup]:
    half = 3.6 if large else 2.5
    for crossing in dossier.ground.crossings:
        x, y = frame.at(*shared.crossings[crossing.id])
        page.keep(x, y, half)
        yield crossing_mark(x, y, half, is_open=crossing.is_open)


def crossing_mark(x: float, y: float, half: float, *, is_open: bool) -> Markup:
    """Draw a crossing: an empty square for open, a cross for closed."""
    if is_open:
        square = {"class": "open", "x": x - half, "y": y - half, "width": 2 * half, "height": 2 * half}
        return svg.element("rect", square)
    lines = svg.path([(x - half, y - half), (x + half, y + half)]) + svg.path(
        [(x - half, y + half), (x + half, y - half)]
    )
    return svg.group({}, [svg.element("path", {"class": c, "d": lines}) for c in ("closed-halo", "closed")])


def _zones(zones: pl.DataFrame, frame: Frame, shared: Scale, page: Page) -> Iterable[Markup]:
    for row in zones.sort("capacity_high", descending=True).iter_rows(named=True):
        x, y = frame.at(row["lon"], row["lat"])
        room = max(shared.radius(_room(row), frame.width), 4.0)
        page.keep(x, y, room)
        yield zone_mark(x, y, room, min(shared.radius(row["end_middle"], frame.width), room))


def zone_mark(x: float, y: float, room: float, held: float) -> Markup:
    """Draw a zone: a ring for its room, a disc for the people in it."""
    return svg.group(
        {},
        [
            svg.element("circle", {"class": "halo", "cx": x, "cy": y, "r": room}),
            svg.element("circle", {"class": "held", "cx": x, "cy": y, "r": held}),
            svg.element("circle", {"class": "room", "cx": x, "cy": y, "r": room}),
        ],
    )


def _room(row: dict[str, float | None]) -> float:
    ends = [value for value in (row["capacity_low"], row["capacity_high"]) if value is not None]
    return sum(ends) / len(ends) if ends else 0.0


def _names(dossier: Dossier, plan_id: str, frame: Frame, shared: Scale, page: Page) -> Iterable[Markup]:
    is_large = frame.width > SMALL_WIDTH
    size = TEXT + 2 if is_large else TEXT
    zones = dossier.zones.filter(pl.col("plan") == plan_id)
    found: list[Label | None] = []
    for row in zones.iter_rows(named=True):
        radius = max(shared.radius(_room(row), frame.width), 4.0)
        found.append(
            page.place(row["name"], frame.at(row["lon"], row["lat"]), radius, size, "zone", must=True)
        )
    people = dossier.people_end.filter(pl.col("plan") == plan_id)
    found += _area_names(dossier, _circles_at(people, dossier, frame, shared), frame, page)
    for crossing in dossier.ground.crossings if is_large else ():
        spot = frame.at(*shared.crossings[crossing.id])
        found.append(page.place(crossing.name, spot, 4.0, size - 1, "crossing"))
    for label in found:
        if label is not None:
            spot_of = {"class": label.kind, "x": label.x, "y": label.y, "text-anchor": label.anchor}
            yield svg.element("text", spot_of, label.text)


def _area_names(
    dossier: Dossier, circles: Mapping[str, tuple[tuple[float, float], float]], frame: Frame, page: Page
) -> list[Label | None]:
    """Place names of areas under their circles, the largest areas first, then those of neighbour countries."""
    found: list[Label | None] = []
    size = TEXT + 2 if frame.width > SMALL_WIDTH else TEXT
    for (x, y), radius in circles.values():
        # A name on the circle of another area would say the wrong thing.
        page.keep(x, y, 0.75 * radius)
    inside = [area for area in dossier.ground.areas if area.kind != "country"]
    for area in sorted(inside, key=lambda area: (-extent(area), area.name)):
        radius = circles[area.name][1] if area.name in circles else -6.0
        found.append(page.place(area.name, frame.at(*area.spot), radius, size, "area", below=True))
    for area in dossier.ground.areas:
        spot = _middle(frame, area)
        if area.kind == "country" and area.name != dossier.country and spot:
            found.append(page.place(area.name, spot, -1.0, size, "country"))
    return found


def _middle(frame: Frame, area: Area) -> tuple[float, float] | None:
    """Return where the name of a country stands: inside the largest of its parts within the window."""
    parts = [tuple(part) for ring in area.rings for part in within(frame, ring)]
    wide = [part for part in parts if max(x for x, _ in part) - min(x for x, _ in part) > TEXT]
    return spot_inside(max(wide, key=len)) if wide else None


def _bar_length(frame: Frame) -> tuple[float, float]:
    """Return the length of the scale bar in km and in pixels."""
    distance = _nice(frame.width * 0.22 / frame.km(1))
    return distance, frame.km(distance)


def _bar(frame: Frame) -> Markup:
    distance, long = _bar_length(frame)
    x, y = 10.0, frame.height - 10
    return svg.group(
        {"class": "scale-bar"},
        [
            svg.element("path", {"d": f"M{x:.1f} {y - 4:.1f}V{y:.1f}H{x + long:.1f}V{y - 4:.1f}"}),
            svg.element("text", {"x": x, "y": y - 7}, f"{distance:g} km"),
            svg.element("path", {"d": f"M{x + long + 14:.1f} {y:.1f}v-12l-3 5m3 -5l3 5"}),
            svg.element("text", {"x": x + long + 14, "y": y - 15, "text-anchor": "middle"}, "N"),
        ],
    )


def _nice(size: float) -> float:
    """Return the nearest of 1, 2, 5 times a power of ten.

    >>> [_nice(s) for s in (0.8, 2.4, 7.4, 130)]
    [1.0, 2.0, 10.0, 100.0]
    """
    power = 10.0 ** math.floor(math.log10(size)) if size > 0 else 1.0
    return min(
        (power * step for step in (1, 2, 5, 10)),
        key=lambda option: abs(math.log(option / size)) if size > 0 else option,
    )


def key(shared: Scale) -> Markup:
    """Draw the key of the maps: what shade, circle, ring, square and line mean."""
    return svg.figure(
        (SMALL_WIDTH * 2, 146.0),
        "Key of the maps",
        "What the marks of the maps mean.",
        [*_shades(shared), *_circles(shared), *_marks()],
        "map-key",
    )


def _shades(shared: Scale) -> Iterable[Markup]:
    yield svg.element("text", {"x": 0, "y": 14}, "Lethal events a week in the area")
    edges = [f"{edge:g}" for edge in shared.breaks]
    names = [
        f"under {edges[0]}",
        *(f"{a} to {b}" for a, b in pairwise(edges)),
        f"{edges[-1]} or more",
    ]
    for grade, name in enumerate(names):
        box = {"x": 0, "y": 24 + 22 * grade, "width": 26, "height": 16}
        yield svg.element("rect", {**box, "class": f"area f{grade}"})
        if grade >= 3:
            yield svg.element("rect", {**box, "fill": f"url(#hatch-{grade})"})
        yield svg.element("text", {"x": 34, "y": 36 + 22 * grade}, name)


def _circles(shared: Scale) -> Iterable[Markup]:
    yield svg.element("text", {"x": 220, "y": 14}, "Displaced people outside zones")
    x = 220.0
    for share in (1.0, 0.25, 0.05):
        people = _nice(shared.most * share)
        radius = shared.radius(people, SMALL_WIDTH)
        circle = svg.element("circle", {"cx": x + radius, "cy": 78 - radius, "r": radius})
        yield svg.group({"class": "people"}, [circle])
        yield svg.element(
            "text", {"x": x + radius, "y": 94, "text-anchor": "middle"}, words.amount(people, "people")
        )
        x += 2 * radius + 46
    yield svg.element(
        "text", {"x": 220, "y": 126}, "Circles, rings and discs share this scale: area is people."
    )


def _marks() -> Iterable[Markup]:
    yield svg.element("text", {"x": 500, "y": 14}, "Zones, crossings, roads")
    yield svg.group({"class": "zones"}, [zone_mark(514, 42, 13, 8)])
    yield svg.element("text", {"x": 536, "y": 46}, "zone: ring its room, disc the people in it")
    yield svg.group(
        {"class": "crossings"},
        [crossing_mark(514, 72, 3.5, is_open=True), crossing_mark(514, 94, 3.5, is_open=False)],
    )
    yield svg.element("text", {"x": 536, "y": 76}, "crossing people can leave through")
    yield svg.element("text", {"x": 536, "y": 98}, "crossing closed to people who leave")
    yield svg.element("path", {"class": "road", "d": "M500 116H528"})
    yield svg.element("text", {"x": 536, "y": 120}, "main road")
