"""The numbers a simulation needs and nobody knows exactly: name, unit, default range, and why.

A case gives its own under `[rules]` in case.toml, with a source; otherwise the default here is used and the report
lists it as assumed. `move`, `threat` and `study` read the drawn values by these names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from asylia.model.uncertain import Evidence, Shape, Uncertain


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """One named number: its unit, what it does, and its default."""

    name: str
    unit: str
    doc: str
    default: Uncertain


def _spec(
    name: str, low: float, high: float, unit: str, doc: str, why: str, shape: Shape = "even"
) -> RuleSpec:
    number = Uncertain(low=low, high=high, shape=shape, evidence=Evidence.ASSUMED, why=why)
    return RuleSpec(name=name, unit=unit, doc=doc, default=number)


_SPECS: Final = (
    _spec(
        "displaced_per_event",
        50,
        500,
        "people per lethal event",
        "People who leave home for each lethal event in their district.",
        "Wide: fitted to recorded movements where a case has them; ESOC WP 25 gives a median of 18 refugees a death.",
        "log",
    ),
    _spec(
        "departure_spread",
        0.5,
        1.5,
        "log standard deviation",
        "How much departures per event differ from district to district and month to month.",
        "Wide: fitted to recorded movements where a case has them.",
    ),
    _spec(
        "largest_weekly_departure",
        0.1,
        0.4,
        "share of residents",
        "Most of a district's residents who leave in one week.",
        "Keeps a burst of events from emptying a district at once; sieges and fear of the road slow departures.",
    ),
    _spec(
        "distance_power",
        0.5,
        2.0,
        "power",
        "How fast a destination loses weight with road distance, (km + 36) to this power.",
        "Best static gravity powers over 12 conflicts run from 0 to 5, middle about 1 (flee note, 3.1).",
    ),
    _spec(
        "home_area_pull",
        2,
        8,
        "ratio",
        "Weight of a destination in the same first-level area against one outside.",
        "Most recorded movements stay inside the governorate; no published ratio.",
        "log",
    ),
    _spec(
        "population_power",
        0.3,
        0.9,
        "power",
        "How a destination's weight grows with the people who live there.",
        "Gravity models of migration put it between a third and one.",
    ),
    _spec(
        "hazard_aversion",
        0.2,
        1.0,
        "power",
        "How a destination loses weight with lethal events a week, (1 + events) to minus this power.",
        "No published figure; 0.2 hardly matters, 1.0 halves the weight at one event a week.",
    ),
    _spec(
        "other_control_weight",
        0.05,
        0.6,
        "ratio",
        "Weight of a destination held by somebody else than the origin.",
        "Front lines stop most but not all movement; no published figure.",
        "log",
    ),
    _spec(
        "zone_pull",
        0.5,
        8,
        "ratio",
        "Weight of an open zone against a town of the same size at the same distance.",
        "Nobody has measured how zones attract people; from half to eight times.",
        "log",
    ),
    _spec(
        "full_zone_weight",
        0.02,
        0.5,
        "ratio",
        "Weight of a zone known to be full against the same zone with room.",
        "Word gets round that a zone is full, and some come all the same; no published figure.",
        "log",
    ),
    _spec(
        "leave_country_share",
        0.03,
        0.3,
        "share",
        "Share of people on the move who try to leave the country.",
        "About 4.8 of 11.1 million displaced Syrians had left by 2016, most before borders closed.",
        "log",
    ),
    _spec(
        "closed_border_share",
        0.0,
        0.15,
        "share",
        "Share of those who want to cross a closed border and get through all the same.",
        "Irregular crossings go on at every closed border; no published share.",
    ),
    _spec(
        "travel_km_per_day",
        20,
        120,
        "km per day",
        "How far people get in a day.",
        "On foot 20 to 35, by vehicle with checkpoints about 100 (peer engine: 35 on foot, 360 by vehicle).",
        "log",
    ),
    _spec(
        "onward_share_per_week",
        0.001,
        0.015,
        "share per week",
        "Share of displaced people who move on in a quiet week.",
        "No published figure; between one in a thousand and one in seventy.",
        "log",
    ),
    _spec(
        "onward_hazard_share",
        0.001,
        0.02,
        "share per event",
        "Share of displaced people who move on for each lethal event of the week where they stay.",
        "No published figure.",
        "log",
    ),
    _spec(
        "return_share_per_week",
        0.0005,
        0.008,
        "share per week",
        "Share of displaced people who go home in a week once home has been quiet long enough.",
        "Fitted where a case records returns.",
        "log",
    ),
    _spec(
        "return_quiet_weeks",
        4,
        20,
        "weeks",
        "Weeks without a lethal event in the home district before people think of returning.",
        "No published figure; a month to five months.",
    ),
    _spec(
        "hosted_without_shelter_share",
        0.16,
        0.68,
        "share",
        "Share of displaced people outside zones and camps who lack adequate shelter.",
        "Low: 1.0 of 6.3 million in last-resort sites; high: 4.3 of 6.3 million in need of shelter (HNO 2017).",
    ),
    _spec(
        "stock_rule_mix",
        0.0,
        1.0,
        "share",
        "How far the hosting stock follows recent arrivals (1) or the last published stock map (0).",
        "No hosting stock by area was found for the date.",
    ),
    _spec(
        "stock_spread",
        0.2,
        0.6,
        "log standard deviation",
        "How far the true hosting stock of an area may be from the rule.",
        "Published stocks for one area differ by a factor of two between sources.",
    ),
    _spec(
        "stock_same_area_share",
        0.4,
        0.8,
        "share",
        "Share of the displaced stock that stays in its own first-level area.",
        "No origin by destination table was found; most movements are short.",
    ),
    _spec(
        "people_within_1_km",
        0.005,
        0.08,
        "share",
        "Share of a district's people within 1 km of a lethal event there.",
        "Replaced in a case by a figure from event and settlement positions.",
        "log",
    ),
    _spec(
        "people_within_2_km",
        0.02,
        0.2,
        "share",
        "Share of a district's people within 2 km of a lethal event there.",
        "As for 1 km.",
        "log",
    ),
    _spec(
        "people_within_5_km",
        0.08,
        0.5,
        "share",
        "Share of a district's people within 5 km of a lethal event there.",
        "As for 1 km.",
        "log",
    ),
    _spec(
        "overrun_leave_share",
        0.35,
        0.9,
        "share",
        "Share of a zone's people who get out along open routes when it falls; the rest are trapped.",
        "Srebrenica near 1, Eastern Ghouta about half (recalled).",
    ),
    _spec(
        "attack_leave_share",
        0.04,
        0.43,
        "share",
        "Share of a zone's people who leave along open routes in a week in which it is seriously attacked.",
        "Elicited: the 90 % range of a Beta(2, 8) (research note on protection, L5); no published figure.",
    ),
    _spec(
        "zone_event_share",
        0.14,
        1.0,
        "share",
        "Share of the lethal events of its place that would strike a zone as exposed as the place.",
        "Low: a disc of 12 km in a district of 3,250 km2, the mean of Syria, if events were spread evenly; high: all of them.",
        "log",
    ),
    _spec(
        "deaths_reporting",
        0.73,
        1.96,
        "ratio",
        "True deaths a recorded death stands for.",
        "Elicited: the 90 % range of a log-normal about 1.2 with spread 0.3 (research note, L1); Vesco and others 2026 point the same way.",
        "log",
    ),
)

RULES: Final[dict[str, RuleSpec]] = {spec.name: spec for spec in _SPECS}
