"""The `flee` rule set person by person, in plain Python: slow, and written from the text of the rules alone.

Every person is an object that looks around, draws and walks. Nothing is merged, sorted or computed in bulk; what a
day does stands in `Reference.day` in the order of the rules. `quirks=True` follows the peer where it departs from
its own documents. The engine of `asylia.move.flee` is held against this, and shares no code with it.
"""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import pairwise

CAMPS = ("camp", "idpcamp")
EARTH_KM = 6371.0


class Person:
    """Somebody at a place, or on a link."""

    __slots__ = ("age", "gender", "home", "km", "link", "place", "recent", "route", "travelled", "x")

    def __init__(self, place, age=None, gender=None):
        self.place, self.home, self.link, self.route = place, place, None, []
        self.x = self.km = self.recent = 0.0
        self.travelled = False
        self.age, self.gender = age, gender


class Link:
    """One direction of a row of links."""

    __slots__ = ("closed", "end", "km", "most", "start", "walk")

    def __init__(self, start, end, km, most, walk):
        self.start, self.end, self.km, self.most, self.walk = start, end, km, most, walk or 0.0
        self.closed = False


class Place:
    """A place and what is true of it today."""

    __slots__ = (
        "capacity", "country", "force", "here", "kind", "lat", "lon", "name", "now_town", "onset", "onward", "out",
        "population", "region", "score", "shut", "today",
    )  # fmt: skip

    def __init__(self, row):
        self.name, self.region, self.country, self.kind = (
            row["name"],
            row["region"],
            row["country"],
            row["kind"],
        )
        self.lat, self.lon = row["lat"], row["lon"]
        self.population, self.capacity = row["population"], row["capacity"]
        self.force, self.onset, self.shut, self.now_town = 0.0, 0, False, False
        self.here, self.today, self.score, self.out, self.onward = 0, 1.0, 1.0, [], None
        # A zone of conflict is a town while nobody fights.
        self.kind = "town" if self.kind == "conflict" else self.kind

    @property
    def is_camp(self):
        return self.kind in CAMPS and not self.shut

    @property
    def is_town(self):
        """Whether people who came here after a short stint must go on."""
        return self.now_town or (self.force == 0 and (self.shut or self.kind in {"town", "flood"}))


def corrected(days, values, wanted):
    """Make a series continuous at the given days: what came before is scaled, the earliest correction first."""
    values = [Fraction(value) for value in values]
    for day in sorted(wanted):
        at = days.index(day)
        if at == 0:
            continue
        ratio = values[at] / values[at - 1]
        values[:at] = [value * ratio for value in values[:at]]
    return values


def at_day(days, values, day):
    """Interpolate between reports, constant outside, and drop what is after the point."""
    if day <= days[0]:
        return int(values[0])
    for (left, low), (right, high) in pairwise(zip(days, values, strict=True)):
        if day <= right:
            return int(low + (high - low) * Fraction(day - left, right - left))
    return int(values[-1])


def recorded(replay, *, quirks=False):
    """What was recorded by day and camp, and how many set out each day."""
    days_of = lambda frame: [(date - replay.first).days for date in frame["date"].to_list()]  # noqa: E731 - one line, used twice
    files = []
    for (name, _), part in replay.reports.group_by(["camp", "file"], maintain_order=True):
        wanted = [
            (row["date"] - replay.first).days
            for row in replay.corrections.to_dicts()
            if row["camp"] == name and row["date"] >= replay.first
        ]
        part = part.sort("date")  # noqa: PLW2901 - the same rows, in time
        files.append((name, days_of(part), corrected(days_of(part), part["people"].to_list(), wanted)))
    table = [
        [
            sum(at_day(days, values, day) for name, days, values in files if name == camp)
            for camp in replay.camps
        ]
        for day in range(replay.days)
    ]
    first = table[0]
    if replay.settings.empty_camps_on_day0:
        table = [[value - start for value, start in zip(row, first, strict=True)] for row in table]
    sums = [sum(row) for row in table]
    if not replay.settings.sum_from_camps:
        total = replay.totals.sort("date")
        sums = [at_day(days_of(total), total["people"].to_list(), day) for day in range(replay.days)]
    return table, setting_out(replay, sums, quirks=quirks)


def setting_out(replay, sums, *, quirks):
    """People who set out each day: the rise of the total, less what earlier falls still owe."""
    at_once = 0 if replay.settings.insert_day0 or replay.settings.empty_camps_on_day0 else sums[0]
    newcomers, debt = [at_once * (2 if quirks else 1)], 0
    for before, now in pairwise(sums):
        rise = now - before - debt
        newcomers.append(max(rise, 0))
        debt = max(-rise, 0)
    return newcomers


class Reference:
    """One run of a replay, person by person.

    `counts` (day, place), `travelling` (day,) and `started` (day,) are what the engine's history holds; `furthest`
    is the greatest distance that anybody covered in one day.
    """

    def __init__(self, replay, seed, *, quirks=False, capacities=True):
        self.replay, self.set, self.quirks = replay, replay.settings, quirks
        self.random = random.Random(seed)  # noqa: S311 - a simulation, not a secret
        self.places = {row["name"]: Place(row) for row in replay.places.to_dicts()}
        self.names = list(self.places)
        self.home_country = self.places[self.names[0]].country
        self.links, self.people, self.options = [], [], {}
        self.waiting, self.started_so_far, self.furthest = 0, 0, 0.0
        self.counts, self.travelling, self.started = [], [], []
        if not capacities:
            for place in self.places.values():
                place.capacity = -1
        self.lay_links()
        self.table, self.newcomers = recorded(replay, quirks=quirks)
        self.fill_camps()

    # ---- before day 0

    def lay_links(self):
        for row in self.replay.links.to_dicts():
            twice = 2 if self.quirks and row["redirection"] == 1 else 1
            for start, end in ((row["from"], row["to"]), (row["to"], row["from"])):
                for _ in range(twice):
                    link = Link(
                        start, end, row["distance_km"], row["max_move_speed"], row["walk_probability"]
                    )
                    self.links.append(link)
                    self.places[start].out.append(link)

    def fill_camps(self):
        if self.set.insert_day0 and not self.set.empty_camps_on_day0:
            for name, count in zip(self.replay.camps, self.table[0], strict=True):
                self.put(self.places[name], count)
                if self.quirks and self.places[name].capacity > 0:
                    left = self.places[name].capacity - count
                    self.places[name].capacity = left if left > 0 else -1
        for row in self.replay.facts.to_dicts():
            if row["name"] == "initial_idps" and self.places[row["place"]].kind in CAMPS:
                self.put(self.places[row["place"]], int(row["value"]))

    def put(self, place, count):
        for _ in range(count):
            self.people.append(
                Person(place.name, self.attribute("age", place), self.attribute("gender", place))
            )
        self.started_so_far += count

    def attribute(self, name, place):
        """Draw one attribute of a person who starts at a place."""
        shares = self.replay.makeup.get(name)
        if shares is None:
            return None
        rows = shares.to_dicts()
        own = [row for row in rows if row["place"] == place.name]
        own = own or [row for row in rows if row["place"] == "Default"]
        value = self.random.choices([row["value"] for row in own], [row["share"] for row in own])[0]
        return int(value) if name == "age" else value

    # ---- the day

    def run(self):
        for day in range(self.replay.days):
            self.day(day)
        return self

    def day(self, day):
        self.change_kinds(day)
        self.fight(day)
        self.spawn(day)
        self.close(day)
        self.look_around(day)
        for person in self.people:
            if person.link is None:
                self.decide(person, self.chance(self.places[person.place], day))
        self.travel(day)
        for person in self.people:
            self.furthest = max(self.furthest, person.km)
            person.recent = (person.recent + person.km / self.set.max_move_speed) / 2
            person.km = 0.0
        self.count()
        self.counts.append([self.places[name].here for name in self.names])
        self.travelling.append(sum(person.link is not None for person in self.people))
        self.started.append(self.started_so_far)

    def change_kinds(self, day):
        for row in self.replay.changes.to_dicts():
            if row["day"] == day:
                self.places[row["place"]].kind = row["kind"]

    def fight(self, day):
        """Conflicts begin, change and end."""
        for column, name in enumerate(self.names):
            place, now = self.places[name], float(self.replay.intensity[day, column])
            if self.quirks:
                self.fight_like_the_peer(place, column, day, now)
                continue
            if now > 0 and place.force == 0:
                place.onset = day
            place.force = now

    def fight_like_the_peer(self, place, column, day, now):
        before = float(self.replay.intensity[day - 1, column]) if day > 0 else 0.0
        typed = self.replay.places.row(column, named=True)
        if day == 0 and typed["kind"] == "conflict" and (typed["onset_day"] or 0) <= 0:
            place.force = now if now > 0 else 1.0
        elif now > 0 and before == 0:
            place.force, place.onset, place.now_town = now, day, False
        elif now == 0 and before > 0:
            place.force, place.now_town = 0.0, True

    def hunger(self, place, day):
        """Share of people in acute hunger, linear between the days of the table."""
        rows = [row for row in self.replay.food.to_dicts() if row["region"] == place.region]
        if not rows:
            return 0.0
        rows.sort(key=lambda row: row["day"])
        if day <= rows[0]["day"]:
            return rows[0]["percent"] / 100
        for left, right in pairwise(rows):
            if day <= right["day"]:
                part = (day - left["day"]) / (right["day"] - left["day"])
                return (left["percent"] + part * (right["percent"] - left["percent"])) / 100
        return rows[-1]["percent"] / 100

    def flood(self, place, day):
        """Level of water today; 0 where the table says nothing."""
        rows = self.replay.floods.to_dicts()
        return next((row["level"] for row in rows if (row["day"], row["place"]) == (day, place.name)), 0.0)

    def by_level(self, values, level):
        """Value at a level of water, linear between whole levels and constant beyond the last."""
        low = min(int(level), len(values) - 1)
        high = min(low + 1, len(values) - 1)
        return values[low] + (values[high] - values[low]) * min(level - low, 1.0)

    def age_factor(self, place, day):
        factors = self.set.conflict_spawn_decay
        if not factors:
            return 1.0
        return factors[min((day - place.onset) // self.set.conflict_spawn_decay_interval, len(factors) - 1)]

    # ---- who sets out

    def spawn(self, day):
        if self.set.spawn_mode != "reports":
            for place in self.places.values():
                flooded = self.set.spawn_mode == "flood"
                self.leave_home(place, self.flooded(place, day) if flooded else self.driven(place))
            return
        weights = [self.spawn_weight(place, day) for place in self.places.values()]
        number, self.waiting = self.newcomers[day] + self.waiting, 0
        if sum(weights) <= 0:
            self.waiting = number
            return
        chosen = self.random.choices(self.names, weights, k=number)
        for name in self.names:
            self.leave_home(self.places[name], chosen.count(name))

    def leave_home(self, place, number):
        self.put(place, number)
        if self.set.take_from_population:
            place.population = max(place.population - number, 0)

    def spawn_weight(self, place, day):
        weight = place.population * place.force * self.age_factor(place, day) if place.force > 0 else 0.0
        starve = self.set.starvation_driven_spawning
        if starve and (place.force > 0 or not self.set.conflict_zone_spawning_only):
            weight += place.population * self.hunger(place, day)
        return weight

    def driven(self, place):
        """People who leave a place of fighting when fighting alone makes them leave."""
        rate = self.set.displaced_per_conflict_day * place.force
        if self.set.spawn_mode == "pop_ratio":
            return math.floor(rate * place.population)
        if self.set.spawn_mode == "poisson":
            return self.poisson(rate)
        return math.floor(rate)

    def flooded(self, place, day):
        """People who leave a flooded place when floods alone make them leave."""
        level = self.flood(place, day)
        rate = self.by_level(self.set.displaced_per_flood_day, level) if level > 0 else 0.0
        if self.set.flood_spawn_mode == "pop_ratio":
            return math.floor(rate * place.population)
        return self.poisson(rate) if self.set.flood_spawn_mode == "poisson" else math.floor(rate)

    def poisson(self, mean):
        """Count how many waiting times fit into one."""
        number, clock = 0, self.random.expovariate(1.0)
        while clock < mean:
            number, clock = number + 1, clock + self.random.expovariate(1.0)
        return number

    # ---- what is closed

    def close(self, day):
        for link in self.links:
            link.closed = False
        for place in self.places.values():
            place.shut, place.onward = False, None
        for row in () if self.quirks else self.replay.links.to_dicts():
            # all who come to the second place are sent to the first (1), or to the second from the first (2)
            if row["redirection"] == 1:
                self.places[row["to"]].onward = row["from"]
            elif row["redirection"] == 2:
                self.places[row["from"]].onward = row["to"]
        for row in self.replay.closures.to_dicts():
            if row["start"] <= day and (day < row["end"] or row["end"] < row["start"]):
                self.close_one(row["what"], row["name1"], row["name2"])

    def close_one(self, what, one, other):
        if what in CAMPS:
            self.places[one].shut = True
        if what == "remove_forced_redirection":
            for here, there in ((one, other), (other, one)):
                if self.places[here].onward == there:
                    self.places[here].onward = None
        for link in self.links:
            ends = {link.start, link.end}
            if what == "country":
                hit = {self.places[end].country for end in ends} == {one, other} and one != other
            elif what == "location":
                hit = one in ends
            else:
                hit = what == "link" and ends == {one, other} and not self.quirks
            link.closed = link.closed or hit

    # ---- what people see

    def look_around(self, day):
        """Scores hold for the day; how full places are is looked at again after every wave."""
        for place in self.places.values():
            place.score = self.score(place, day)
        self.count()

    def count(self):
        """See how many are where; the options of before no longer hold."""
        self.options = {}
        for place in self.places.values():
            place.here = 0
        for person in self.people:
            if person.link is None:
                self.places[person.place].here += 1
        for place in self.places.values():
            place.today = self.room(place)

    def room(self, place):
        """Capacity factor: 1 with room, 0 when full, a line in between."""
        full = place.capacity * self.set.capacity_scaling
        if full < 1:
            return 1.0
        begins = self.set.capacity_buffer * full
        if place.here <= begins:
            return 1.0
        if place.here >= full:
            return 0.0
        return 1.0 - (place.here - begins) / (full * (1.0 - self.set.capacity_buffer))

    def score(self, place, day):
        score = 1.0
        if place.country != self.home_country:
            score *= self.set.foreign_weight
        elif self.set.avoid_food_deprived_locations and day > 0:
            score *= 1.0 - self.hunger(place, day) ** 2
        if place.is_camp:
            score *= self.set.camp_weight
        if place.force > 0:
            score *= self.set.conflict_weight ** (self.age_factor(place, day) * place.force)
        if self.set.flood_loc_weights and self.flood(place, day) > 0:
            times = 2 if self.quirks and place.kind == "flood" else 1
            score *= self.by_level(self.set.flood_loc_weights, self.flood(place, day)) ** times
        return score

    def drawn_to(self, place, person):
        """Score of a place as a person of this age and gender sees it."""
        score, squared = place.score, False
        age = person.age
        if self.set.children_avoid_hazards and age is not None and age < 19:
            squared = True
        if self.set.elderly_avoid_hazards and age is not None and age > 59:
            squared = True
        if self.set.women_avoid_hazards and person.gender == "f":
            squared = True
        if squared:
            score = score**2
        if self.set.children_avoid_hazards and self.set.boys_take_risk and self.is_boy(person):
            score = 1.0
        if self.set.stay_close_to_home:
            # the peer measures from where the person is now
            home = self.places[person.place if self.quirks else person.home]
            score /= max(1.0, self.apart(place, home)) ** self.set.home_distance_power
        if self.set.use_pop_for_loc_weight and not place.is_camp:
            score *= max(1.0, place.population) ** self.set.pop_power_for_loc_weight
        return score

    def is_boy(self, person):
        if person.gender != "m" or person.age is None or person.age <= 14:
            return False
        return self.quirks or person.age < 19

    def apart(self, one, other):
        """Great-circle distance; the peer takes latitude for longitude."""
        a, b = math.radians(one.lat), math.radians(other.lat)
        c, d = math.radians(one.lon), math.radians(other.lon)
        if self.quirks:
            a, b, c, d = c, d, a, b
        part = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin((d - c) / 2) ** 2
        return 2 * EARTH_KM * math.asin(math.sqrt(part))

    # ---- who goes, and where

    def chance(self, place, day):
        base = (max(place.population, place.capacity, 0) / self.set.movechance_pop_base) ** (
            self.set.movechance_pop_scale_factor
        )
        chance = self.kind_chance(place) * base
        if self.set.flee_when_starving:
            hunger = self.hunger(place, day)
            chance = hunger + (1 - hunger) * chance
        if self.set.flood_movechances and self.flood(place, day) > 0:
            chance = self.by_level(self.set.flood_movechances, self.flood(place, day))
        return chance

    def kind_chance(self, place):
        if place.force > 0:
            return self.set.conflict_movechance
        if place.shut or place.now_town:
            return self.set.default_movechance
        known = {
            "camp": self.set.camp_movechance,
            "idpcamp": self.set.idpcamp_movechance,
            "forward": 1,
            "marker": 1,
        }
        return known.get(place.kind, self.set.default_movechance)

    def decide(self, person, chance):
        """Let one person go or stay; true if on a link now."""
        here = self.places[person.place]
        if here.onward is not None and not person.route and person.travelled:
            person.route = [self.shortest(here, here.onward)]
        if not person.route:
            if self.random.random() >= chance:
                return False
            person.route = self.choose(person)
        if not person.route or person.route[0].closed or self.is_refused(self.places[person.route[-1].end]):
            person.route = []
            return False
        person.link, person.place, person.x = person.route[0], None, 0.0
        del person.route[0]
        return True

    def is_refused(self, target):
        return target.is_camp and target.today < 0.5

    def shortest(self, here, name):
        return min((link for link in here.out if link.end == name), key=lambda link: link.km)

    def choose(self, person):
        key = (person.place, person.home, person.age, person.gender)
        if key not in self.options:
            self.options[key] = self.weigh(person)
        routes, weights = self.options[key]
        return list(self.random.choices(routes, weights)[0]) if routes else []

    def weigh(self, person):
        """All ways that somebody here sees, and the weight of each."""
        ways = self.ways(
            self.places[person.place], [person.place], [], 0.0, max(abs(self.set.awareness_level), 1)
        )
        weights = []
        for route, km in ways:
            end = self.places[route[-1].end]
            draw = self.set.weight_softening + self.drawn_to(end, person)
            way = (self.set.softening + km) ** self.set.distance_power
            weights.append((draw / way * end.today) ** self.set.weight_power)
        if self.set.pruning_threshold > 1.001 and weights:
            least = max(weights) / self.set.pruning_threshold
            kept = [number for number, weight in enumerate(weights) if weight >= least]
            ways, weights = [ways[number] for number in kept], [weights[number] for number in kept]
        if sum(weights) <= 0:
            weights = [1.0] * len(ways)
        return [route for route, _ in ways], weights

    def ways(self, place, seen, route, km, hops):
        """Every simple path of at most so many hops; a marker is passed without being one."""
        found = []
        for link in place.out:
            if link.closed or link.end in seen:
                continue
            end = self.places[link.end]
            longer, far = [*route, link], km + link.km
            is_marker = end.kind == "marker"
            if not is_marker:
                found.append((longer, far))
            left = hops if is_marker else hops - 1
            if left > 0:
                found += self.ways(end, [*seen, end.name], longer, far, left)
        return found

    # ---- on the way

    def travel(self, day):
        wave, number = [person for person in self.people if person.link is not None], 0
        while wave:
            deciding = [person for person in wave if self.advance(person, number)]
            self.count()
            chances = [self.chance_on_the_way(person, day) for person in deciding]
            wave = [
                person
                for person, chance in zip(deciding, chances, strict=True)
                if self.decide(person, chance)
            ]
            number += 1

    def chance_on_the_way(self, person, day):
        here = self.places[person.place]
        recent = (person.recent + person.km / self.set.max_move_speed) / 2
        if self.set.avoid_short_stints and recent < 0.5 and here.is_town:
            return 1.0
        return self.chance(here, day)

    def advance(self, person, wave):
        """Move one person along a link; true for who arrived and may go on today."""
        link, speed = person.link, self.speed(person)
        step = speed if self.quirks or wave == 0 else max(speed - person.km, 0.0)
        if person.x + step <= link.km:
            person.x += step
            person.km += step
            return False
        person.km += link.km - person.x
        person.link, person.travelled = None, True
        if link.closed:
            person.place, person.route = link.start, []
            return False
        person.place = link.end
        return person.km < speed

    def speed(self, person):
        link = person.link
        on_foot = self.set.start_on_foot and not person.travelled
        if link.walk > 0 and self.random.random() < link.walk:
            on_foot = True
        if on_foot:
            return self.set.max_walk_speed
        return self.set.max_move_speed if link.most is None else link.most


def many(replay, runs, *, first=0, **options):
    """Counts (run, day, place and, last, those between places) of many runs."""
    found = []
    for seed in range(first, first + runs):
        one = Reference(replay, seed, **options).run()
        found.append([[*row, on] for row, on in zip(one.counts, one.travelling, strict=True)])
    return found
