"""A realistic example of Findings: seven plans and about sixty places, made by arithmetic alone.

The figures are invented; only the places are real. No random numbers: the same every time.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from shapely import MultiPoint, Point, Polygon, union_all, voronoi_polygons

from asylia.model.actors import Actor, Pointer, Statement
from asylia.model.agreement import (
    Agreement,
    Asked,
    Brief,
    PlanBrief,
    PlanHold,
    Quote,
    Shares,
    TermChange,
)
from asylia.model.case import Case
from asylia.model.findings import ConsentCell, ConsentLine, Findings, Precedents
from asylia.model.plan import Plan, Protection, Zone
from asylia.model.schemas import TABLES
from asylia.model.uncertain import Uncertain
from asylia.model.verdict import VERDICT_COLUMNS, Criterion

FIRST = dt.date(2017, 2, 23)
WEEKS = 52
DISTRICTS = """
damascus|Damascus|دمشق|Damascus|33.51|36.29|1600000
douma|Duma|دوما|Rural Damascus|33.57|36.40|450000
darayya|Darayya|داريا|Rural Damascus|33.46|36.24|260000
nabk|An Nabk|النبك|Rural Damascus|34.02|36.73|120000
zabdani|Az-Zabdani|الزبداني|Rural Damascus|33.72|36.10|90000
qatana|Qatana|قطنا|Rural Damascus|33.44|36.08|210000
tall|At Tall|التل|Rural Damascus|33.60|36.31|160000
aleppo|Aleppo|حلب|Aleppo|36.20|37.16|1500000
azaz|A'zaz|أعزاز|Aleppo|36.59|37.05|230000
al-bab|Al Bab|الباب|Aleppo|36.37|37.52|180000
manbij|Menbij|منبج|Aleppo|36.53|37.96|320000
jarabulus|Jarablus|جرابلس|Aleppo|36.82|38.01|70000
afrin|Afrin|عفرين|Aleppo|36.51|36.87|170000
ain-al-arab|Ain al Arab|عين العرب|Aleppo|36.89|38.35|150000
as-safira|As-Safira|السفيرة|Aleppo|36.08|37.37|120000
idleb|Idleb|إدلب|Idleb|35.93|36.63|420000
maarra|Al Ma'ra|معرة النعمان|Idleb|35.65|36.67|350000
harim|Harim|حارم|Idleb|36.21|36.52|300000
ariha|Ariha|أريحا|Idleb|35.81|36.61|160000
jisr|Jisr-Ash-Shugur|جسر الشغور|Idleb|35.81|36.32|140000
hama|Hama|حماة|Hama|35.13|36.75|820000
salamiyah|As-Salamiyeh|السلمية|Hama|35.01|37.05|190000
muhradah|Muhradah|محردة|Hama|35.25|36.57|90000
masyaf|Masyaf|مصياف|Hama|35.06|36.34|180000
suqaylabiyah|As-Suqaylabiyah|السقيلبية|Hama|35.37|36.38|120000
homs|Homs|حمص|Homs|34.73|36.71|900000
ar-rastan|Ar-Rastan|الرستن|Homs|34.92|36.73|110000
al-qusayr|Al-Qusayr|القصير|Homs|34.51|36.58|60000
tadmor|Tadmor|تدمر|Homs|34.56|38.27|30000
al-makhrim|Al Makhrim|المخرم|Homs|34.82|37.08|40000
tell-kalakh|Tall Kalakh|تلكلخ|Homs|34.67|36.25|80000
lattakia|Lattakia|اللاذقية|Lattakia|35.52|35.79|700000
jableh|Jablah|جبلة|Lattakia|35.36|35.93|200000
haffa|Al-Haffa|الحفة|Lattakia|35.60|36.04|60000
qardaha|Al-Qardaha|القرداحة|Lattakia|35.46|36.06|70000
tartous|Tartous|طرطوس|Tartous|34.89|35.89|450000
banyas|Banyas|بانياس|Tartous|35.18|35.95|180000
safita|Safita|صافيتا|Tartous|34.82|36.12|130000
raqqa|Ar-Raqqa|الرقة|Ar-Raqqa|35.95|39.01|380000
tell-abyad|Tell Abiad|تل أبيض|Ar-Raqqa|36.70|38.96|110000
thawrah|Ath-Thawrah|الثورة|Ar-Raqqa|35.84|38.55|130000
deir-ez-zor|Deir-ez-Zor|دير الزور|Deir-ez-Zor|35.34|40.14|420000
al-mayadin|Al Mayadin|الميادين|Deir-ez-Zor|35.02|40.45|220000
abu-kamal|Abu Kamal|البوكمال|Deir-ez-Zor|34.45|40.92|200000
hasakeh|Al-Hasakeh|الحسكة|Al-Hasakeh|36.50|40.75|380000
qamishli|Quamishli|القامشلي|Al-Hasakeh|37.05|41.23|420000
ras-al-ain|Ras Al Ain|رأس العين|Al-Hasakeh|36.85|40.07|130000
malikeyyeh|Al-Malikeyyeh|المالكية|Al-Hasakeh|37.18|42.14|160000
dara|Dar'a|درعا|Dar'a|32.62|36.10|380000
izra|Izra'|إزرع|Dar'a|32.86|36.25|230000
as-sanamayn|As-Sanamayn|الصنمين|Dar'a|33.07|36.18|160000
sweida|As-Sweida|السويداء|As-Sweida|32.71|36.57|280000
salkhad|Salkhad|صلخد|As-Sweida|32.49|36.71|60000
shahba|Shahba|شهبا|As-Sweida|32.85|36.63|70000
quneitra|Quneitra|القنيطرة|Quneitra|33.13|35.83|90000
"""
CROSSINGS = """
bab-al-hawa|Bab al-Hawa|Idleb|36.24|36.68|turkey
bab-as-salama|Bab as-Salama|Aleppo|36.65|37.08|turkey
jarabulus-crossing|Karkamis|Aleppo|36.84|38.02|turkey
nusaybin|Nusaybin|Al-Hasakeh|37.07|41.22|turkey
masnaa|Masnaa|Rural Damascus|33.69|35.93|lebanon
dabousieh|Dabousieh|Homs|34.63|36.33|lebanon
nasib|Nasib|Dar'a|32.55|36.18|jordan
al-yarubiyah|Al-Yarubiyah|Al-Hasakeh|36.81|42.06|iraq
al-qaim|Al-Qaim|Deir-ez-Zor|34.39|41.01|iraq
"""
ROADS = """
damascus-douma damascus-darayya damascus-qatana damascus-tall damascus-zabdani douma-nabk nabk-homs homs-ar-rastan
ar-rastan-hama hama-maarra maarra-ariha ariha-idleb idleb-harim maarra-aleppo ariha-jisr jisr-lattakia lattakia-jableh
jableh-banyas banyas-tartous tartous-safita tell-kalakh-homs tartous-tell-kalakh homs-al-qusayr homs-tadmor
tadmor-deir-ez-zor deir-ez-zor-al-mayadin al-mayadin-abu-kamal deir-ez-zor-raqqa raqqa-thawrah thawrah-as-safira
as-safira-aleppo aleppo-azaz aleppo-al-bab al-bab-manbij manbij-jarabulus manbij-raqqa azaz-afrin raqqa-tell-abyad
tell-abyad-ras-al-ain ras-al-ain-hasakeh hasakeh-qamishli qamishli-malikeyyeh deir-ez-zor-hasakeh ain-al-arab-tell-abyad
damascus-as-sanamayn as-sanamayn-izra izra-dara damascus-shahba shahba-sweida sweida-salkhad qatana-quneitra
hama-salamiyah salamiyah-al-makhrim hama-muhradah muhradah-suqaylabiyah hama-masyaf masyaf-banyas lattakia-haffa
""".split()  # noqa: SIM905 -- a table reads better than a list of quoted pairs
LANDS = "turkey|Turkey|38.6|37.6 lebanon|Lebanon|33.9|35.6 jordan|Jordan|31.9|36.6 iraq|Iraq|34.0|42.9"
PLANS = (
    # id, title, proposed by, zone places, pull, opens, overrun, cost per person-year, force
    ("none", "No zone", (), (), 0.0, None, None, 0.0),
    (
        "damascus-consent",
        "Zones with Damascus's consent",
        ("syria",),
        ("homs", "tartous", "hama"),
        0.9,
        5,
        0.07,
        1100.0,
    ),
    ("host-support", "Support where people are", ("asylia",), (), 0.0, None, None, 700.0),
    ("no-fly", "No-fly zone, nothing on the ground", ("opposition",), (), 0.0, None, None, 0.0),
    (
        "turkey-north",
        "Jarablus, A'zaz, al-Bab",
        ("turkey",),
        ("jarabulus", "azaz", "al-bab"),
        1.3,
        3,
        0.21,
        1600.0,
    ),
    (
        "un-safe-areas",
        "Six towns, as in Bosnia",
        ("commentator",),
        ("idleb", "douma", "dara", "aleppo", "hasakeh", "ar-rastan"),
        1.1,
        7,
        0.38,
        1900.0,
    ),
    (
        "us-gulf",
        "Interim zones, Gulf funding",
        ("united-states",),
        ("dara", "raqqa", "manbij"),
        1.0,
        6,
        0.26,
        1700.0,
    ),
)
CRITERIA = (
    ("sheltered", "Sheltered in zones on the last day", "people", "more"),
    ("without_shelter", "Displaced without adequate shelter on the last day", "people", "less"),
    ("refused_or_trapped", "Refused by a full zone or trapped", "people", "less"),
    ("wanted_to_cross", "Wanted to cross a border and could not", "people", "less"),
    ("exposure_2_km", "Person-days within 2 km of a lethal event", "person-days", "less"),
    ("overrun_52_weeks", "Any zone overrun within 52 weeks", "probability", "less"),
    ("overrun_26_weeks", "Any zone overrun within 26 weeks", "probability", "less"),
    ("cost_usd", "Cost over the horizon", "usd", "less"),
    ("unfunded_share", "Share of the cost nobody has committed", "share", "less"),
    ("newly_displaced", "Newly displaced", "people", "less"),
    ("refused", "Refused by a full zone", "people", "less"),
    ("trapped", "Trapped on the last day", "people", "less"),
    ("crossed", "Crossed a border", "people", "neither"),
    ("returned", "Returned of their own accord", "people", "neither"),
    ("toilets_short", "Toilets short on the worst day", "toilets", "less"),
)


def _rows(text: str) -> list[list[str]]:
    return [line.split("|") for line in text.strip().splitlines()]


def _wave(*keys: object) -> float:
    """Return a number between 0 and 1 that depends on its keys alone."""
    return (math.sin(sum((i + 1) * 12.9898 * sum(map(ord, str(k))) for i, k in enumerate(keys))) + 1) / 2


def places() -> pl.DataFrame:
    rows = [
        (
            i,
            n,
            a,
            None,
            g,
            "Syria",
            float(y),
            float(x),
            "town",
            int(p),
            None,
            "mixed",
            "geonames",
            "seen",
            None,
        )
        for i, n, a, g, y, x, p in _rows(DISTRICTS)
    ]
    rows += [
        (
            i,
            n,
            None,
            None,
            g,
            "Syria",
            float(y),
            float(x),
            "crossing",
            0,
            None,
            None,
            "geonames",
            "seen",
            None,
        )
        for i, n, g, y, x, _ in _rows(CROSSINGS)
    ]
    rows += [
        (i, n, None, None, n, n, float(y), float(x), "country", None, None, None, "geonames", "seen", None)
        for i, n, y, x in (word.split("|") for word in LANDS.split())
    ]
    return pl.DataFrame(rows, schema=TABLES["places"].dtypes, orient="row")


def routes() -> pl.DataFrame:
    known = {row[0] for row in _rows(DISTRICTS)}
    pairs = []
    for word in ROADS:
        cut = next(i for i, c in enumerate(word) if c == "-" and word[:i] in known and word[i + 1 :] in known)
        pairs.append((word[:cut], word[cut + 1 :], "road"))
    pairs += [(i, land, "crossing") for i, *_, land in _rows(CROSSINGS)]
    rows = [
        (f"{a}-{b}", a, b, 50.0, mode, None, None, None, "roads", "assumed", None) for a, b, mode in pairs
    ]
    return pl.DataFrame(rows, schema=TABLES["routes"].dtypes, orient="row")


def closures() -> pl.DataFrame:
    rows = [
        ("border", "Jordan", "out", dt.date(2016, 6, 21), None, "news-1", "seen", None),
        ("border", "Turkey", "out", dt.date(2016, 3, 1), None, "news-1", "seen", None),
        ("place", "al-qaim", "both", None, None, "news-1", "recalled", None),
    ]
    return pl.DataFrame(rows, schema=TABLES["closures"].dtypes, orient="row")


def boundaries() -> Mapping[str, object]:
    """Make admin1 polygons by cutting the plane between districts: rough, but always there."""
    rows = _rows(DISTRICTS)
    frame = Polygon(
        [(35.6, 32.3), (35.6, 36.0), (36.5, 37.0), (42.4, 37.4), (41.0, 34.3), (38.8, 33.4), (36.8, 32.2)]
    )
    points = [Point(float(r[5]), float(r[4])) for r in rows]
    cells = voronoi_polygons(MultiPoint(points), extend_to=frame).geoms
    by_name: dict[str, list[Polygon]] = {}
    for row, point in zip(rows, points, strict=True):
        by_name.setdefault(row[3], []).append(next(c for c in cells if c.covers(point)).intersection(frame))
    features = []
    for name, parts in by_name.items():
        shape = json.loads(json.dumps(union_all(parts).__geo_interface__))
        features.append(
            {"type": "Feature", "properties": {"kind": "admin1", "name": name}, "geometry": shape}
        )
    return {"type": "FeatureCollection", "features": features}


def case() -> Case:
    sources = [
        ("geonames", "GeoNames", "GeoNames", "2026", "dataset", None, None, "CC BY 4.0", "high", None),
        (
            "news-1",
            "US would seek interim zones",
            "A newspaper",
            "2017-02-23",
            "news",
            None,
            None,
            None,
            "medium",
            None,
        ),
        (
            "roads",
            "Main roads, by hand",
            "Asylia",
            "2026",
            "assumption",
            None,
            None,
            "Apache-2.0",
            "medium",
            None,
        ),
    ]
    return Case(
        id="syria-2017",
        title="Syria, February 2017",
        country="Syria",
        as_of=dt.date(2017, 2, 22),
        first=FIRST,
        days=365,
        places=places(),
        routes=routes(),
        events=pl.DataFrame(schema=TABLES["events"].dtypes),
        people=pl.DataFrame(schema=TABLES["people"].dtypes),
        closures=closures(),
        sources=pl.DataFrame(sources, schema=TABLES["sources"].dtypes, orient="row"),
        actors=tuple(Actor(id=i, name=n, kind=k) for i, n, k in ACTORS),
        statements=(
            Statement(
                id="SYR-9",
                actor="syria",
                rank=9,
                force="soft",
                expression="",
                summary="said in private",
                sensitive=True,
                evidence=(Pointer(source="news-1", start=1, end=2, words="w", speaker="s", mode="inferred"),),
            ),
        ),
        boundaries=boundaries(),
        limits=(
            "Nobody published how many displaced people each governorate hosted; the numbers here follow a stated rule.",
            "Fighting is aggregated by district and week; nothing here says where the next attack comes.",
            "Control of territory changed weekly; the case holds one date.",
        ),
        licences=(
            "Places: GeoNames, CC BY 4.0.",
            "Boundaries: Natural Earth, public domain.",
            "Events: UCDP GED, CC BY 4.0.",
        ),
    )


ACTORS = (
    ("syria", "Syrian government", "host_state"),
    ("opposition", "Syrian opposition", "armed_actor"),
    ("turkey", "Turkey", "neighbour"),
    ("russia", "Russia", "outside_power"),
    ("united-states", "United States", "outside_power"),
    ("saudi-arabia", "Saudi Arabia", "donor"),
    ("unhcr", "UNHCR", "agency"),
    ("displaced", "Displaced people", "displaced_people"),
    ("commentator", "Commentator", "commentator"),
    ("asylia", "Asylia's authors", "commentator"),
)


def plans() -> tuple[Plan, ...]:
    names = {row[0]: row[1] for row in _rows(DISTRICTS)}
    made = []
    for key, title, by, zone_places, pull, opens, _, _ in PLANS:
        zones = tuple(
            Zone(
                id=place,
                name=names[place],
                place=place,
                capacity_people=Uncertain(low=40_000, high=160_000 * pull, shape="log"),
                opens=FIRST + dt.timedelta(weeks=opens or 0),
                outline=((37.0, 36.5), (38.0, 36.5), (38.0, 36.9), (37.0, 36.5)) if place == "azaz" else (),
            )
            for place in zone_places
        )
        made.append(
            Plan(
                id=key,
                title=title,
                summary=f"{title}: what the sources say, filled where they are silent.",
                proposed_by=by,
                zones=zones,
                objectives=("Give civilians a place to go",) if zones else (),
                protection=Protection(force="Peacekeepers; number not stated" if zones else ""),
            )
        )
    return tuple(made)


def _range(middle: float, spread: float) -> tuple[float, float, float]:
    return middle / (1 + spread), middle, middle * (1 + spread)


def _middle(criterion: str, plan: tuple) -> tuple[float, float, float] | None:
    key, _, _, zone_places, pull, _, overrun, cost = plan
    held = sum(70_000 * (0.6 + _wave(z, key)) for z in zone_places) * pull
    if criterion == "sheltered":
        return _range(held, 0.5) if held else (0.0, 0.0, 0.0)
    if criterion == "without_shelter":
        base = 2_450_000 - held * 0.8 - (300_000 if key == "host-support" else 0)
        return _range(base, 0.55)
    if criterion == "refused_or_trapped":
        return (4.0, 70_000.0, 190_000.0) if held else (0.0, 6.0, 9.0)
    if criterion.startswith("overrun"):
        late = 1.0 if criterion.endswith("52_weeks") else 0.6
        return (
            None
            if overrun is None
            else (overrun * late * 0.4, overrun * late, min(1.0, overrun * late * 1.9))
        )
    if criterion in ("cost_usd", "unfunded_share"):
        if key in {"none", "no-fly"}:
            return (0.0, 0.0, 0.0) if key == "none" and criterion == "cost_usd" else None
        return _range((held or 400_000) * cost, 0.9) if criterion == "cost_usd" else (0.83, 0.95, 1.0)
    scale = {
        "wanted_to_cross": 412_000,
        "exposure_2_km": 31e6,
        "newly_displaced": 1.9e6,
        "refused": 30_000 if held else 0,
    }
    more = {
        "trapped": 9_000 if held else 0,
        "crossed": 310_000,
        "returned": 160_000,
        "toilets_short": held / 50,
    }
    base = {**scale, **more}[criterion]
    return _range(base * (1 - 0.12 * (held > 0) * (0.3 + _wave(criterion, key))), 0.6)


def verdict() -> pl.DataFrame:
    rows = []
    for criterion, _, unit, better in CRITERIA:
        none = _middle(criterion, PLANS[0])
        for plan in PLANS:
            values = _middle(criterion, plan) or (None, None, None)
            gaps: tuple[float | None, ...] = (None, None, None)
            if none and values[0] is not None and plan[0] != "none":
                gap = values[1] - none[1]
                spread = 0.4 if plan[3] else 1.3
                gaps = (gap - abs(gap) * spread, gap, gap + abs(gap) * spread)
            why = "" if values[0] is not None else f"{plan[1]} gives nothing to work this out from."
            share = None if better == "neither" else 0.97
            rows.append((plan[0], criterion, unit, better, *values, *gaps, share, 200, why))
    return pl.DataFrame(rows, schema=VERDICT_COLUMNS, orient="row")


def series() -> pl.DataFrame:
    measures = {
        "in_zones": "people",
        "without_shelter": "people",
        "crossed": "people",
        "wanted_to_cross": "people",
        "newly_displaced": "people",
        "exposure_2_km": "person-days",
    }
    names = {"in_zones": "sheltered"}
    rows = []
    for plan in PLANS:
        for measure, unit in measures.items():
            low, middle, high = _middle(names.get(measure, measure), plan) or (0.0, 0.0, 0.0)
            for week in range(WEEKS):
                share = (week + 1) / WEEKS
                wiggle = 1 + 0.05 * math.sin(week / 3 + len(plan[0]))
                grown = {
                    "in_zones": max(0.0, 1 - math.exp(-(week - (plan[5] or 0)) / 9)),
                    "without_shelter": 0.75 + share / 4,
                }
                level = grown.get(measure, share) * (wiggle if measure in grown else 1)
                level = min(level, 1.0)
                spread = share**0.5
                rows.append(
                    (
                        plan[0],
                        measure,
                        unit,
                        FIRST + dt.timedelta(weeks=week),
                        (middle - (middle - low) * spread) * level,
                        middle * level,
                        (middle + (high - middle) * spread) * level,
                    )
                )
    names_of = ("plan", "measure", "unit", "date", "low", "middle", "high")
    return pl.DataFrame(
        rows,
        schema=dict.fromkeys(names_of[:3], pl.String)
        | {"date": pl.Date}
        | dict.fromkeys(names_of[4:], pl.Float64),
        orient="row",
    )


def end_places() -> pl.DataFrame:
    rows = []
    for plan in PLANS:
        for key, *_, people in _rows(DISTRICTS):
            middle = (
                int(people) * (0.15 + 0.5 * _wave(key)) * (0.9 if plan[3] else 1.0) if key != "salkhad" else 2
            )
            rows.append((plan[0], key, middle * 0.6, middle, middle * 1.7))
    return pl.DataFrame(
        rows,
        schema={
            "plan": pl.String,
            "place": pl.String,
            "low": pl.Float64,
            "middle": pl.Float64,
            "high": pl.Float64,
        },
        orient="row",
    )


def end_areas() -> pl.DataFrame:
    area_of = {key: area for key, _, _, area, *_ in _rows(DISTRICTS)}
    summed = end_places().with_columns(pl.col("place").replace_strict(area_of).alias("area"))
    return summed.group_by("plan", "area", maintain_order=True).agg(pl.col("low", "middle", "high").sum())


def agreements() -> dict[str, Agreement]:
    quote = Quote(
        statement="SYR-1",
        actor="syrian-government",
        actor_name="Government",
        force="hard",
        summary="Written consent first.",
        condition="host_consent = written",
        words="only with consent",
        speaker="Foreign ministry",
        mode="direct",
        source="news",
        sensitive=False,
    )
    change = TermChange(term="host_consent", name="Consent of the host", before="none", after="written")
    plan = PlanBrief(
        plan="turkey-north",
        title="North",
        verdict="refused",
        refused_by=("Government",),
        refusals=(quote,),
        cost=1,
        proved=True,
        ways_count=1,
        ways=((change,),),
        proof="Changing 1 term does.",
        giving_up="",
        doubt="Refused in all drawn worlds.",
    )
    shared = Shares(
        sentence="Every one has written consent.",
        agreed=(("Consent of the host", "written"),),
        one_of=(),
        free=("Who pays",),
        assured=4,
        possible=8,
    )
    asked = Asked(question="Would tacit consent do?", sort="reading", answers=(("Yes", "one plan more"),))
    brief = Brief(
        plans=(plan,),
        shared=shared,
        together=True,
        clashes=((quote, quote),),
        concessions=(),
        questions=(asked,),
        first_choices=(),
        silent=("United States",),
        not_asked="The displaced people were not asked.",
        unconfirmed="",
    )
    hold = PlanHold(
        plan="turkey-north", margin="One term.", stability="Nobody.", worlds="In none.", past="77 of 216."
    )
    return dict.fromkeys(("public", "partners"), Agreement(brief=brief, holds=(hold,)))


def zones() -> pl.DataFrame:
    spots = {r[0]: (r[1], float(r[4]), float(r[5])) for r in _rows(DISTRICTS)}
    rows = []
    for plan in PLANS:
        for place in plan[3]:
            name, lat, lon = spots[place]
            middle = 70_000 * (0.6 + _wave(place, plan[0])) * plan[4]
            opens = FIRST + dt.timedelta(weeks=plan[5] or 0)
            top = 160_000 * plan[4]
            rows.append(
                (
                    plan[0],
                    place,
                    name,
                    place,
                    lat,
                    lon,
                    40_000.0,
                    top,
                    middle * 0.5,
                    middle,
                    min(top, middle * 1.5),
                    middle * 0.6,
                    middle * 1.1,
                    top,
                    0.0,
                    middle * 0.2,
                    middle * 0.7,
                    opens,
                    None,
                )
            )
    names = [
        "capacity_low",
        "capacity_high",
        "end_low",
        "end_middle",
        "end_high",
        "peak_low",
        "peak_middle",
        "peak_high",
        "refused_low",
        "refused_middle",
        "refused_high",
    ]
    schema = dict.fromkeys(("plan", "zone", "name", "place"), pl.String) | dict.fromkeys(
        ("lat", "lon", *names), pl.Float64
    )
    return pl.DataFrame(rows, schema=schema | {"opens": pl.Date, "closes": pl.Date}, orient="row")


def fighting() -> pl.DataFrame:
    hot = {
        "douma": 14.0,
        "aleppo": 9.0,
        "hama": 7.5,
        "dara": 9.5,
        "raqqa": 6.0,
        "al-bab": 8.0,
        "deir-ez-zor": 6.5,
        "idleb": 4.0,
        "homs": 3.0,
        "tadmor": 3.2,
        "maarra": 3.5,
    }
    rows = [
        (r[0], hot.get(r[0], 0.6 * _wave(r[0]) if r[3] not in ("Tartous", "As-Sweida") else 0.0))
        for r in _rows(DISTRICTS)
    ]
    return pl.DataFrame(
        [(p, e, e * 0.3, e * 0.8, e * 2.2) for p, e in rows],
        orient="row",
        schema={"place": pl.String}
        | dict.fromkeys(("events_recent", "outlook_low", "outlook_middle", "outlook_high"), pl.Float64),
    )


def consent_public() -> tuple[ConsentCell, ...]:
    cells = []
    for cell in consent():
        lines = tuple(line for line in cell.lines if line.statement != "SYR-9")
        changed = (
            {} if len(lines) == len(cell.lines) else {"lines": lines, "position": "cannot say", "reason": ""}
        )
        cells.append(dataclasses.replace(cell, **changed))
    return tuple(cells)


def consent() -> tuple[ConsentCell, ...]:
    refuse = {
        ("syria", "us-gulf"),
        ("syria", "turkey-north"),
        ("syria", "un-safe-areas"),
        ("syria", "no-fly"),
        ("russia", "no-fly"),
    }
    contested = {("russia", "us-gulf"), ("turkey", "damascus-consent")}
    silent = {"saudi-arabia", "displaced", "unhcr"}
    cells = []
    for plan in PLANS:
        for actor, name, _ in ACTORS[:8]:
            pair = (actor, plan[0])
            position = (
                "refuses"
                if pair in refuse
                else "contested"
                if pair in contested
                else "cannot say"
                if actor in silent and plan[3]
                else "nothing stated against it"
            )
            cells.append(_cell(plan[0], actor, name, position))
    return tuple(cells)


def _cell(plan: str, actor: str, name: str, position: str) -> ConsentCell:
    standing = {"refuses": "unmet", "contested": "contested", "cannot say": "unknown"}.get(position, "met")
    words = {
        "syria": "violation of national sovereignty",
        "russia": "would need the agreement of Damascus",
    }.get(actor, "in principle")
    line = ConsentLine(
        statement=f"{actor.upper()[:3]}-1",
        summary=f"{name}: any zone needs the agreement of the host state.",
        force="hard" if actor == "syria" else "soft",
        standing=standing,
        condition="host_consent = written",
        words=words,
        speaker="Syria's state news agency" if actor == "syria" else f"{name}, spokesperson",
        mode="indirect",
        source="news-1",
        said=dt.date(2017, 2, 22),
    )
    hidden = ConsentLine(
        statement="SYR-9",
        summary="said in private",
        force="soft",
        standing="unknown",
        condition="",
        words="w",
        speaker="s",
        mode="inferred",
        source="news-1",
        said=None,
    )
    lines = (
        () if plan == "none" else (line, hidden) if (actor, plan) == ("syria", "host-support") else (line,)
    )
    return ConsentCell(
        plan=plan,
        actor=actor,
        actor_name=name,
        position=position,
        has_veto=actor in ("syria", "russia"),
        reason=f"{standing}: {line.summary}",
        lines=lines,
    )


def needs() -> pl.DataFrame:
    sectors = (
        ("wash_water", "Water", "WAT-04", "litres a day", 15.0),
        ("wash_sanitation", "Toilets", "SAN-01", "toilets", 0.05),
        ("shelter", "Covered space", "SHE-01", "m²", 3.5),
        ("site_planning", "Ground", "SIT-01", "m²", 45.0),
        ("health", "Health posts", "HEA-01", "health posts", 0.0001),
        ("education", "School places", "EDU-01", "places", 0.3),
    )
    rows = []
    for plan in PLANS:
        for zone in plan[3]:
            people = 70_000 * (0.6 + _wave(zone, plan[0])) * plan[4]
            for i, (sector, indicator, standard, unit, each) in enumerate(sectors):
                gap = max(0.0, _wave(zone, sector) - 0.25)
                short = people * each * gap
                day = FIRST + dt.timedelta(weeks=(plan[5] or 0) + i * 2) if gap else None
                rows.append(
                    (
                        plan[0],
                        zone,
                        sector,
                        indicator,
                        standard,
                        unit,
                        people * each,
                        people * each * (1 - gap),
                        short * 0.4,
                        short,
                        short * 1.6,
                        day,
                        people * gap * 0.4,
                        people * gap,
                        people * gap * 1.6,
                        "seen",
                        "sphere-2018",
                    )
                )
    schema = dict.fromkeys(("plan", "zone", "sector", "indicator", "standard", "unit"), pl.String)
    schema |= dict.fromkeys(
        ("needed_middle", "provided_middle", "shortfall_low", "shortfall_middle", "shortfall_high"),
        pl.Float64,
    )
    schema |= {"first_day": pl.Date} | dict.fromkeys(
        ("people_low", "people_middle", "people_high"), pl.Float64
    )
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(("evidence", "source"), pl.String), orient="row")


def costs() -> pl.DataFrame:
    rows = [
        (
            p[0],
            item,
            kind,
            per,
            90_000.0 * p[7] * part * 0.5,
            90_000.0 * p[7] * part,
            90_000.0 * p[7] * part * 2,
        )
        for p in PLANS
        if p[7]
        for item, kind, per, part in (
            ("Relief", "relief", "person_year", 0.6),
            ("Set-up", "set_up", "once", 0.1),
            ("Protection force", "force", "month", 0.3),
        )
        if p[3] or item == "Relief"
    ]
    return pl.DataFrame(
        rows,
        orient="row",
        schema=dict.fromkeys(("plan", "item", "kind", "per"), pl.String)
        | dict.fromkeys(("low", "middle", "high"), pl.Float64),
    )


def funding() -> pl.DataFrame:
    rows = [
        ("us-gulf", "Gulf states", "mentioned", None, None, "news-1", "No amount was named."),
        ("turkey-north", "Turkey", "pledged", 50e6, 120e6, "news-1", ""),
    ]
    return pl.DataFrame(
        rows,
        orient="row",
        schema=dict.fromkeys(("plan", "donor", "status"), pl.String)
        | dict.fromkeys(("usd_low", "usd_high"), pl.Float64)
        | dict.fromkeys(("source", "note"), pl.String),
    )


ELEMENTS = [
    "place",
    "limits",
    "size",
    "capacity",
    "who_is_admitted",
    "opens",
    "duration",
    "exit",
    "legal_basis",
    "host_consent",
    "armed_parties_consent",
    "administrator",
    "protection_force",
    "rules_of_engagement",
    "air_cover",
    "demilitarisation",
    "supervision",
    "supply_routes",
    "services",
    "education",
    "budget",
    "funding_source",
    "guarantor",
    "asylum_kept_open",
    "return_conditions",
    "complaints_and_reporting",
]


def silences() -> pl.DataFrame:
    rows = []
    for plan in PLANS[1:]:
        for element in ELEMENTS:
            luck = _wave(plan[0], element)
            status = (
                "stated"
                if luck > 0.72
                else "assumed"
                if luck > 0.45
                else "not needed"
                if not plan[3] and luck > 0.3
                else "silent"
            )
            rows.append(
                (
                    plan[0],
                    element,
                    f"What does the plan say about {element.replace('_', ' ')}?",
                    status,
                    "news-1" if status == "stated" else "",
                )
            )
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("plan", "element", "question", "status", "by"), pl.String), orient="row"
    )


def precedents() -> tuple[Precedents, ...]:
    schema = dict.fromkeys(("id", "name", "country", "start", "end", "outcome"), pl.String) | {
        "overrun": pl.Boolean,
        "disputed": pl.Boolean,
        "sources": pl.String,
    }
    rows = pl.DataFrame(
        [
            (
                "SZ-01",
                "Srebrenica",
                "Bosnia and Herzegovina",
                "1993-04",
                "1995-07",
                "overrun",
                True,
                False,
                "un-1999",
            ),
            (
                "SZ-02",
                "Goražde",
                "Bosnia and Herzegovina",
                "1993-05",
                "1995-12",
                "held",
                False,
                True,
                "un-1999",
            ),
        ],
        schema=schema,
        orient="row",
    )
    made = []
    for plan in PLANS[1:]:
        n = 9 if plan[3] else 0
        made.append(
            Precedents(
                plan=plan[0],
                n=n,
                overrun=3 if n else 0,
                clusters=2 if n else 0,
                low=0.13 if n else None,
                high=0.60 if n else None,
                why="Armed protection without the consent of all parties."
                if n
                else "No zone of the past is like it.",
                caution="Few separate conflicts: the rate may not carry over." if n else "",
                rows=rows if n else rows.head(0),
            )
        )
    return tuple(made)


def drivers() -> pl.DataFrame:
    rules = (
        ("zone_pull", "ratio", 0.71),
        ("displaced_per_event", "people per lethal event", 0.48),
        ("hosted_without_shelter_share", "share", -0.35),
        ("travel_km_per_day", "km per day", 0.09),
    )
    rows = [
        (c, "us-gulf", rule, unit, corr * (1 if c == "sheltered" else -0.8), "0.5", "8")
        for c in ("sheltered", "without_shelter", "exposure_2_km")
        for rule, unit, corr in rules
    ]
    return pl.DataFrame(
        rows,
        schema=dict.fromkeys(("criterion", "plan", "rule", "unit"), pl.String)
        | {"correlation": pl.Float64}
        | dict.fromkeys(("low_text", "high_text"), pl.String),
        orient="row",
    )


def assumptions() -> pl.DataFrame:
    rows = [
        (
            "",
            "Share of displaced people who lack adequate shelter",
            "0.16 to 0.68",
            "HNO 2017 gives both ends.",
            "assumed",
            "hno-2017",
        )
    ]
    rows += [
        (p[0], "Places", p[1], "The sources name none; these follow the maps of the time.", "assumed", "")
        for p in PLANS
        if p[3]
    ]
    return pl.DataFrame(
        rows,
        schema=dict.fromkeys(("plan", "what", "value", "reason", "evidence", "source"), pl.String),
        orient="row",
    )


def evidence() -> pl.DataFrame:
    rows = [
        ("places", "seen", 55),
        ("places", "derived", 13),
        ("people", "seen", 212),
        ("people", "recalled", 14),
        ("people", "unknown", 14),
        ("events", "seen", 2210),
        ("routes", "assumed", 61),
        ("closures", "seen", 2),
        ("closures", "recalled", 1),
        ("rules", "derived", 6),
        ("rules", "assumed", 18),
    ]
    return pl.DataFrame(
        rows, schema={"table": pl.String, "evidence": pl.String, "rows": pl.Int64}, orient="row"
    )


def findings(*, shapes: Mapping[str, object] | None = None) -> Findings:
    """Build the example; `shapes` takes the place of the rough polygons."""
    known = case()
    if shapes is not None:
        known = Case(
            **{name: getattr(known, name) for name in Case.__dataclass_fields__} | {"boundaries": shapes}
        )
    return Findings(
        case=known,
        plans=plans(),
        verdict=verdict(),
        series=series(),
        end_places=end_places(),
        end_areas=end_areas(),
        agreements=agreements(),
        zones=zones(),
        fighting=fighting(),
        criteria=tuple(
            Criterion(id=i, name=n, unit=u, better=b, basis=f"{n}, counted in each run.", headline=k < 8)
            for k, (i, n, u, b) in enumerate(CRITERIA)
        ),
        consent=consent(),
        consent_public=consent_public(),
        needs=needs(),
        costs=costs(),
        funding=funding(),
        silences=silences(),
        precedents=precedents(),
        drivers=drivers(),
        assumptions=assumptions(),
        evidence=evidence(),
        sentences={
            "shared": "Under every plan about 2.4 million people lack adequate shelter after a year, give or take a million: no plan reaches more than 1 in 6 of them.",
            "separates": "Six towns, as in Bosnia, shelters most people (0.5 million) and has the highest chance that a zone is overrun (2 in 5); no plan without host consent is below 1 in 5.",
            "turns": "If zones draw people less than 1.4 times as strongly as a town does, Support where people are leaves fewer people without shelter than any zone.",
        },
        manifest={
            "case": "syria-2017",
            "case_fingerprint": "4f1d0c9a77be2210",
            "seed": 7,
            "members": 200,
            "days": 365,
            "version": "0.1.0",
            "command": "asylia compare syria-2017 --members 200 --days 365 --seed 7",
            "versions": {"python": "3.11.2", "polars": "1.35"},
        },
    )


def real_boundaries() -> Mapping[str, object] | None:
    """Return the boundaries the package ships, if they are there."""
    file = Path(__file__).resolve().parents[1] / "src/asylia/data/cases/syria-2017/boundaries.geojson"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
