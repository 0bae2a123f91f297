"""Counts of people as published, from the shared fact tables; what nobody published stays blank."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

from events import AS_OF
from geography import AT_HOME, COUNTRY, at_home
from tables import Row, rows

YEAR_END_2016 = "2016-12-31"
FEBRUARY_2017 = "2017-02-01"
NEIGHBOURS = ("Turkey", "Lebanon", "Jordan", "Iraq")
REFUGEES_END_2017 = {"Iraq": "247057", "Jordan": "655624", "Lebanon": "997552", "Turkey": "3426786"}
"""Registered Syrians on 31 December 2017, recalled from the UNHCR portal; its later source stands in hindcast/sources.csv."""
LAST_HINDCAST_MONTH = dt.date(2019, 12, 1)
ORIGIN_ALONE = "Origin governorate; where they stay was not published. Year given, not the day."
FEBRUARY_NOTE = "Month given, not the day."
AREA_NOT_PUBLISHED = "No stock of displaced people hosted by governorate was found for late 2016 or 2017."

NATIONAL: dict[str, tuple[str, str, str, str, str]] = {
    "people_in_need": (YEAR_END_2016, "in_need", "", "hno-2017", ""),
    "people_in_acute_need": (YEAR_END_2016, "in_need", "acute need", "hno-2017", ""),
    "children_in_need": (
        YEAR_END_2016,
        "in_need",
        "children",
        "hrp-2017-statement",
        "Seen in a statement of March 2017 that repeats the overview of December 2016.",
    ),
    "in_need_besieged_or_hard_to_reach": (
        YEAR_END_2016,
        "in_need",
        "besieged or hard to reach",
        "hno-2017",
        "",
    ),
    "in_need_hard_to_reach_excl_besieged": (
        YEAR_END_2016,
        "in_need",
        "hard to reach",
        "ocha-about-crisis",
        "Besieged people not included.",
    ),
    "hard_to_reach_and_besieged_feb2017": (
        FEBRUARY_2017,
        "in_need",
        "besieged or hard to reach",
        "un-sg-2017-02",
        FEBRUARY_NOTE,
    ),
    "need_health": (YEAR_END_2016, "in_need", "health care", "hno-2017", ""),
    "need_shelter": (YEAR_END_2016, "in_need", "shelter", "hno-2017", ""),
    "need_shelter_acute": (YEAR_END_2016, "in_need", "shelter, acute", "hno-2017", ""),
    "need_food_agriculture_livelihoods": (
        YEAR_END_2016,
        "in_need",
        "food, farming and livelihoods",
        "hno-2017",
        "",
    ),
    "food_insecure": (YEAR_END_2016, "in_need", "food", "hno-2017", "Food insecure people."),
    "idps": (
        YEAR_END_2016,
        "idp",
        "",
        "hno-2017",
        "Seen in a statement of March 2017 that repeats the overview of December 2016; UNHCR and IDMC give 6326000 for the end of 2016.",
    ),
    "idps_in_collective_shelters_camps_informal": (
        YEAR_END_2016,
        "idp",
        "in collective centres, camps and informal sites",
        "ocha-about-crisis",
        "Published as over one million.",
    ),
    "besieged": (
        "2016-11-30",
        "besieged",
        "",
        "ocha-about-crisis",
        "16 locations, eastern Aleppo (275000) among them; it was emptied in December 2016.",
    ),
    "besieged_feb2017": (FEBRUARY_2017, "besieged", "", "un-sg-2017-02", FEBRUARY_NOTE),
    "population_inside_2016_2017": (
        YEAR_END_2016,
        "resident",
        "at home or displaced",
        "un-planning-2017",
        "About 17 to 18.5 million inside the country.",
    ),
    "population_2011_estimate": ("2011-12-31", "resident", "", "cbs-abstract-2011", ""),
}
"""National indicators that enter the case: date, status, group, source, note."""


def published(shared: Path) -> list[Row]:
    """Return every count known by the as-of date."""
    facts = rows("syria_2017", folder=shared / "data")
    found = [row for fact in facts for row in _fact(fact)]
    found += _national_stocks(shared, lambda year: year in (2015, 2016))
    found += _stock_map_2014(shared)
    found += _at_home(shared)
    found += [row for row in _flows(shared) if _ended(row) <= AS_OF]
    return _sorted(found)


def hindcast(shared: Path) -> list[Row]:
    """Return what was counted later, to the end of 2019."""
    flows = [row for row in _flows(shared) if _ended(row) > AS_OF]
    last = LAST_HINDCAST_MONTH.isoformat()
    kept = [row for row in flows if row["date"] <= last]
    stocks = _national_stocks(shared, lambda year: year in (2017, 2018, 2019))
    return _sorted(kept + stocks + _refugees_later())


def _refugees_later() -> list[Row]:
    note = (
        "Registered; agrees with figures rounded to 10,000 or 100,000 that were seen (aalep.eu, early 2018)."
    )
    source = "unhcr-portal-2017-12"
    found = [
        _stock("2017-12-31", "refugee", area, people, source, "recalled", note)
        for area, people in REFUGEES_END_2017.items()
    ]
    later = "Registered; 657,000 as reported on the day."
    march = _stock("2017-03-30", "refugee", "Jordan", "657000", "unhcr-2017-03-30", "seen", later)
    return [{**row, "origin": COUNTRY} for row in (march, *found)]


def _at_home(shared: Path) -> list[Row]:
    left: dict[str, dict[str, str]] = {}
    for fact in rows("syria_2017", folder=shared / "data"):
        if fact["entity_type"] == "governorate":
            left.setdefault(fact["entity"], {})[fact["indicator"]] = fact["value"]
    found = []
    for area, people in at_home(shared).items():
        note = (
            f"Residents of 2011 ({left[area]['resident_population_2011']}) less displaced within Syria "
            f"({left[area]['displaced_within_syria_by_origin']}) and abroad "
            f"({left[area]['displaced_abroad_by_origin']}) by origin, all scaled to {AT_HOME} at home."
        )
        row = _stock(
            AS_OF.isoformat(), "resident", area, str(round(people, -2)), "asylia-rule", "derived", note
        )
        found.append({**row, "persons": str(int(round(people, -2))), "group": "at home, not displaced"})
    return found


def _ended(row: Row) -> dt.date:
    return dt.date.fromisoformat(row["date"]) + dt.timedelta(days=int(row["days"]) - 1)


def _sorted(found: Iterable[Row]) -> list[Row]:
    keys = ("measure", "status", "date", "area", "origin", "group")
    return sorted(found, key=lambda row: tuple(row[key] for key in keys))


def _fact(fact: Row) -> list[Row]:
    kind, name = fact["entity_type"], fact["indicator"]
    if kind == "national" and name in NATIONAL:
        date, status, group, source, note = NATIONAL[name]
        row = _stock(date, status, COUNTRY, fact["value"], source, fact["evidence"], note)
        return [{**row, "group": group}]
    if kind == "country" and fact["entity"] in NEIGHBOURS:
        return [_refugees(fact)]
    if kind == "governorate":
        return _governorate(fact)
    return []


def _refugees(fact: Row) -> Row:
    end_2016 = name_is(fact, "syrian_refugees_end_2016")
    date = YEAR_END_2016 if end_2016 else FEBRUARY_2017
    source = "unhcr-trends-2016" if end_2016 else "unhcr-portal-2017-02"
    note = "" if end_2016 else f"Registered. {FEBRUARY_NOTE}"
    row = _stock(date, "refugee", fact["entity"], fact["value"], source, fact["evidence"], note)
    return {**row, "origin": COUNTRY}


def name_is(fact: Row, name: str) -> bool:
    """Whether a fact is of this indicator."""
    return fact["indicator"] == name


def _governorate(fact: Row) -> list[Row]:
    area, value, evidence = fact["entity"], fact["value"], fact["evidence"]
    if name_is(fact, "resident_population_2011"):
        return [_stock("2011-12-31", "resident", area, value, "cbs-abstract-2011", evidence, "")]
    if name_is(fact, "displaced_within_syria_by_origin"):
        row = _stock(YEAR_END_2016, "idp", COUNTRY, value, "displaced-by-origin", evidence, ORIGIN_ALONE)
        return [{**row, "origin": area}]
    if name_is(fact, "idps_hosted"):
        return [_stock(YEAR_END_2016, "idp", area, "", "hno-2017", "unknown", AREA_NOT_PUBLISHED)]
    return []


def _stock(date: str, status: str, area: str, persons: str, source: str, evidence: str, note: str) -> Row:
    return {
        "date": date,
        "days": "",
        "measure": "stock",
        "status": status,
        "area": area,
        "origin": "",
        "group": "",
        "persons": persons,
        "source": source,
        "evidence": evidence,
        "note": note,
    }


def _stocks(shared: Path) -> list[Row]:
    return rows("syria_idp_stock_2011_2021", folder=shared / "data" / "displacement")


def _national_stocks(shared: Path, wanted: Callable[[int], bool]) -> list[Row]:
    return [
        {
            **_stock(f"{row['year']}-12-31", "idp", COUNTRY, row["idps"], "unhcr-idmc-national", "seen", ""),
            "group": "end of year, UNHCR and IDMC",
        }
        for row in _stocks(shared)
        if row["admin1_pcode"] == "SY" and wanted(int(row["year"]))
    ]


def _stock_map_2014(shared: Path) -> list[Row]:
    note = "Read from a map of OCHA; the last stock by governorate that was found. Day of 2014 not known."
    return [
        _stock("2014-12-31", "idp", row["admin1"], row["idps"], "ocha-idp-stock-2014", "seen", note)
        for row in _stocks(shared)
        if row["year"] == "2014" and row["admin1_pcode"] != "SY"
    ]


def _flows(shared: Path) -> list[Row]:
    """Return newly displaced and returned people by governorate of arrival and month.

    A blank in the source says that nothing was recorded: an unknown, not a zero. Returns of 2016 were not
    recorded anywhere, and have no rows.
    """
    name = "syria_idp_returnee_movements_monthly_2016_2021"
    found = []
    for row in rows(name, folder=shared / "data" / "displacement"):
        found.append(_flow(row, "newly_displaced", "idp", row["idps"]))
        if row["date"] >= "2017-01-01":
            found.append(_flow(row, "returned", "returnee", row["returnees"]))
    return found


def _flow(row: Row, measure: str, status: str, persons: str) -> Row:
    date = dt.date.fromisoformat(row["date"])
    notes = [] if persons else ["Nothing recorded."]
    if measure == "returned" and persons and row["date"][:7] in SAME_RETURNS:
        notes.append("Same figure in each of four months in the source: an average.")
    return {
        "date": row["date"],
        "days": str(calendar.monthrange(date.year, date.month)[1]),
        "measure": measure,
        "status": status,
        "area": row["admin1"],
        "origin": "",
        "group": "",
        "persons": persons,
        "source": "ocha-idp-movements",
        "evidence": "seen" if persons else "unknown",
        "note": " ".join(notes),
    }


SAME_RETURNS = ("2018-01", "2018-02", "2018-03", "2018-04")
"""January to April 2018: each governorate has one figure four times."""
