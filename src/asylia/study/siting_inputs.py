"""From a case to a search: candidates, ways, room by standards, money, and people to shelter, as arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from asylia.core.units import DAYS_PER_YEAR
from asylia.model.case import Case
from asylia.model.siting_case import Candidate, Room, SitingCase
from asylia.siting.candidates import straight_km
from asylia.siting.periods import staged
from asylia.siting.room import RoomStandards, room_of, sizes_of, unchecked
from asylia.study.members import fit_field
from asylia.study.siting_ground import INSIDE, Reach, find_candidates, reach
from asylia.study.siting_people import Demand, demand
from asylia.study.siting_question import Question, prices, room_standards
from asylia.study.siting_time import Time, leads, time_of
from asylia.threat.field import outlook

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """A search ready to run.

    Parameters
    ----------
    case
        The arrays; nobody who refuses is allowed.
    candidates
        Everything that was looked at, in the order of the ids.
    sites
        Those that may be asked about, refused ones among them: the sites of `case`.
    rooms
        Room of each site and the standard that binds.
    scenarios
        What each scenario is, in words.
    weeks
        Ends of weeks whose displaced people are to be sheltered.
    opens, years
        First day on which a zone can open, and years in which people are looked after.
    starts
        First day of each period; empty if there is one.
    """

    case: SitingCase
    candidates: tuple[Candidate, ...]
    sites: tuple[Candidate, ...]
    rooms: tuple[Room, ...]
    scenarios: tuple[str, ...]
    weeks: tuple[int, ...]
    opens: dt.date
    years: float
    question: Question
    standards: RoomStandards
    starts: tuple[dt.date, ...] = ()

    def opens_as(self, size: int) -> dt.date:
        """Return the first day of a zone of this size of the case."""
        return self.starts[self.case.opens[size]] if self.starts else self.opens


def prepare(case: Case, question: Question) -> Search:
    """Put together everything a search needs to know."""
    time = time_of(case, question)
    weeks, opens = time.weeks, time.opens
    fighting = outlook(fit_field(case), seed=question.seed, members=50, weeks=weeks[-1])
    rates = dict(fighting.select("place", "outlook_middle").iter_rows())
    found = find_candidates(case, question, fighting, case.first + dt.timedelta(weeks=weeks[-1]))
    far = reach(case, found, rates, (opens - case.first).days)
    standards = room_standards(case)
    rooms = [room_of(one, standards) for one in found]
    marked = tuple(_marked(one, far.km[:, at], rooms[at]) for at, one in enumerate(found))
    kept = [at for at, one in enumerate(marked) if not set(one.excluded) - {"consent", "expiry"}]
    parts = _Parts(
        sites=tuple(marked[at] for at in kept),
        rooms=tuple(rooms[at] for at in kept),
        need=demand(case, question.groups, weeks=weeks, members=question.members, seed=question.seed),
        far=Reach(km=far.km[:, kept], hours=far.hours[:, kept], events=far.events[:, kept]),
        rates=rates,
        years=time.years,
    )
    return Search(
        case=_in_periods(_arrays(case, parts, question, standards.most_in_settlement), time, question),
        candidates=marked,
        sites=parts.sites,
        rooms=parts.rooms,
        scenarios=(
            *parts.need.labels,
            *(f"{label}; {who} withdraws" for who in question.withdraws for label in parts.need.labels),
        ),
        weeks=weeks,
        opens=opens,
        years=parts.years,
        question=question,
        standards=standards,
        starts=time.starts,
    )


def _in_periods(case: SitingCase, time: Time, question: Question) -> SitingCase:
    """Offer zones period by period; the scenarios of a week stand together, and again after each withdrawal."""
    lead = leads(time, question, case.sites)
    if not time.starts:
        return case
    of_week = case.chance.size // (1 + len(question.withdraws)) // len(time.weeks)
    period_of = np.tile(np.repeat(np.arange(len(time.weeks)), of_week), 1 + len(question.withdraws))
    return staged(case, period_of, lead)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Parts:
    sites: tuple[Candidate, ...]
    rooms: tuple[Room, ...]
    need: Demand
    far: Reach
    rates: Mapping[str, float]
    years: float


def _marked(one: Candidate, km: Floats, room: Room) -> Candidate:
    """Add what roads and standards say against a candidate."""
    against = (("road", int(np.isfinite(km).sum()) <= 1), ("room", room.people <= 0))
    unknown = tuple(f"room by {name}" for name in unchecked(one))
    return replace(
        one,
        excluded=(*one.excluded, *(name for name, is_so in against if is_so)),
        unknown=(*one.unknown, *unknown),
    )


def _arrays(case: Case, parts: _Parts, question: Question, settlement: int) -> SitingCase:
    places = case.places.sort("id")
    settled = np.flatnonzero((places["kind"].is_in(INSIDE) & (places["country"] == case.country)).to_numpy())
    rows = places[settled.tolist()]
    area = rows["admin1"].fill_null("").to_list()
    areas = tuple(sorted(set(area)))
    people, chance, usable = _scenarios(parts, question, settled)
    capacity = _capacity(parts, settlement)
    spots = np.array([(site.lat, site.lon) for site in parts.sites]).reshape(-1, 2)
    weeks = parts.years * DAYS_PER_YEAR / 7.0
    cost = prices()
    return SitingCase(
        settlements=tuple(rows["id"].to_list()),
        sites=tuple(site.id for site in parts.sites),
        groups=tuple(group.name for group in question.groups),
        areas=areas,
        people=people,
        chance=chance,
        area_of=np.array([areas.index(name) for name in area], dtype=np.int64),
        km=parts.far.km[settled],
        limit_km=np.array([group.limit_km for group in question.groups]),
        way_events=parts.far.events[settled],
        events_home=np.array([parts.rates.get(name, 0.0) for name in rows["id"]]) * weeks,
        events_site=np.array([parts.rates.get(site.place, 0.0) for site in parts.sites]) * weeks,
        capacity=capacity,
        opening=capacity.astype(np.float64) * cost.set_up_middle,
        each_usd=np.full(len(parts.sites), cost.year_middle * parts.years),
        hosts=np.array([float(site.host_population or 0) for site in parts.sites]),
        allowed=np.array([not site.excluded for site in parts.sites], dtype=np.bool_),
        usable=usable,
        apart_km=straight_km(spots[:, 0], spots[:, 1], spots[:, 0], spots[:, 1]),
    )


def _scenarios(parts: _Parts, question: Question, settled: Ints) -> tuple[Ints, Floats, NDArray[np.bool_]]:
    """Put scenarios in which a party withdraws after those in which all stay, equally likely."""
    times = 1 + len(question.withdraws)
    people = np.tile(parts.need.people[:, :, settled], (times, 1, 1))
    holders = np.array([site.controller for site in parts.sites])
    stays = [np.ones(holders.size, dtype=np.bool_), *(holders != who for who in question.withdraws)]
    usable = np.repeat(np.stack(stays), parts.need.chance.size, axis=0)
    return people, np.tile(parts.need.chance, times) / times, usable


def _capacity(parts: _Parts, settlement: int) -> Ints:
    sizes = [sizes_of(room, settlement) for room in parts.rooms]
    capacity = np.zeros((len(sizes), max(map(len, sizes), default=1)), dtype=np.int64)
    for row, own in enumerate(sizes):
        capacity[row, : len(own)] = own
    return capacity
