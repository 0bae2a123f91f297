"""The places and routes of a Flee folder: `locations.csv` and `routes.csv`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any, Final

from asylia.core.errors import Problem, nearest
from asylia.core.tables import LONGEST_TEXT
from asylia.io.flee_sheet import MOST_PEOPLE, Intake, Line, near
from asylia.model.replay import NO_CAPACITY

LOCATIONS: Final = "input_csv/locations.csv"
ROUTES: Final = "input_csv/routes.csv"
KINDS: Final = {
    "conflict_zone": "conflict",
    "conflict": "conflict",
    "town": "town",
    "default": "town",
    "camp": "camp",
    "idpcamp": "idpcamp",
    "idp_camp": "idpcamp",
    "forwarding_hub": "forward",
    "forward": "forward",
    "marker": "marker",
    "flood_zone": "flood",
}
"""Kind of a replay by the word of the folder; of several words the first is written."""

CAMPS: Final = frozenset({"camp", "idpcamp"})
MOST_ROOM: Final = 100_000_000
MOST_PLACES: Final = 20_000
MOST_ROUTES: Final = 200_000
LONGEST_ROUTE_KM: Final = 20_000.0
SHORTEST_ROUTE_KM: Final = 0.1
"""Length of a route of 0 km, where such are let pass."""
HIGHEST_SPEED: Final = 2_000.0
COLUMNS: Final = (
    "name",
    "region",
    "country",
    "lat",
    "lon",
    "location_type",
    "conflict_date",
    "population/capacity",
)
LINK_FACTS: Final = ("max_move_speed", "walk_probability")
EVERYWHERE: Final = "Default"
UNKNOWN: Final = "unknown"


@dataclass(slots=True, kw_only=True)
class Ground:
    """Places and links as rows of the tables of a replay, and the names that later files may use."""

    places: list[tuple[Any, ...]] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    links: list[tuple[Any, ...]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    adrift: set[str] = field(default_factory=set)

    @property
    def home(self) -> str:
        """The country of the first place, which Flee takes for the country people flee from."""
        return str(self.places[0][2]) if self.places else ""


def read_ground(intake: Intake) -> Ground:
    """Read places, then routes."""
    ground = Ground()
    lines = intake.lines(LOCATIONS, needed="the places: name, region, country, latitude, longitude, kind ...")
    header = _header(intake, lines)
    for line in intake.rows(lines):
        if line is not header:
            _read_place(intake, ground, line, header)
    if lines and not ground.lines:
        intake.add(
            Problem(file=LOCATIONS, must="holds at least one place", mend="Add rows under the header.")
        )
    if len(ground.places) > MOST_PLACES:
        mend = "Leave out places no route reaches."
        intake.add(Problem(file=LOCATIONS, must=f"holds at most {MOST_PLACES:,} places", mend=mend))
    _read_routes(intake, ground)
    return ground


def unknown_place(
    intake: Intake, line: Line, column: str, name: str, ground: Ground, *, may_pass: bool = True
) -> bool:
    """Say whether a place of this name is missing, and note it if places could be read at all.

    Parameters
    ----------
    may_pass
        Whether the row or column is left out where reading is not strict.
    """
    if name in ground.lines or not ground.lines:
        return not ground.lines
    mend = near(name, ground.lines) or f"Add it to {LOCATIONS}, or correct the name."
    tell = intake.doubt if may_pass else intake.wrong
    tell(line, column, f"is a name of {LOCATIONS}", mend, value=name)
    return True


def place_columns(intake: Intake, ground: Ground, header: Line, *, also: str = "") -> dict[str, int]:
    """Find the columns of a table with one place a column, from the second on: position by name.

    Parameters
    ----------
    also
        A name that is no place and may head a column.
    """
    columns: dict[str, int] = {}
    for index, name in enumerate(header.cells):
        if not index or not name:
            continue
        if name in columns:
            intake.wrong(header, name, "a place has one column", "Remove the copy.", value=name)
        elif name == also or not unknown_place(intake, header, f"column {index + 1}", name, ground):
            columns[name] = index
    return columns


def _header(intake: Intake, lines: Sequence[Line]) -> Line | None:
    if not lines:
        return None
    first = lines[0]
    if not first.is_remark:
        is_header = first.cell(0).casefold() in ("name", "location", "place")
        must = "the header starts with #" if is_header else "line 1 is a header that starts with #"
        tell = intake.doubt if is_header else intake.wrong
        tell(first, "", must, f"Write #{','.join(COLUMNS)}.", value=first.cell(0))
        return first if is_header else None
    if "lon" in first.cell(3).casefold() or "lat" in first.cell(4).casefold():
        mend = "Swap the two columns."
        intake.wrong(first, first.cell(3), "latitude stands before longitude", mend, value=first.cell(3))
    for name, count in Counter(cell for cell in first.cells if cell).items():
        if count > 1:
            intake.wrong(first, name, "a column stands once", "Rename or remove the copy.", value=name)
    return first


def _read_place(intake: Intake, ground: Ground, line: Line, header: Line | None) -> None:
    name = intake.name(line, 0, "name")
    if len(line.cells) < len(COLUMNS):
        must = f"the row has {len(COLUMNS)} cells or more; it has {len(line.cells)}"
        intake.wrong(line, "", must, "Add the missing commas; a blank cell still needs its comma.")
    elif name is not None and name in ground.lines:
        must = f"stands once; line {ground.lines[name]} has it already"
        intake.doubt(line, "name", must, "Remove one of the two, or give it another name.", value=name)
    elif name == EVERYWHERE:
        must = f"is not {EVERYWHERE}, which in demographics_*.csv means all places"
        intake.wrong(line, "name", must, "Give it another name.", value=name)
    elif name is not None:
        ground.lines[name] = line.number
        _add_place(intake, ground, line, name)
        _add_facts(intake, ground, line, name, header)


def _add_place(intake: Intake, ground: Ground, line: Line, name: str) -> None:
    region = (intake.name(line, 1, "region") if line.cell(1) else None) or UNKNOWN
    country = intake.name(line, 2, "country") or UNKNOWN
    lat, lon = _position(intake, ground, line, name)
    kind = _kind(intake, line)
    onset = _onset(intake, line, kind)
    people, capacity = _people(intake, line, kind)
    ground.kinds[name] = kind
    ground.countries.add(country)
    ground.regions.add(region)
    ground.places.append((name, region, country, lat, lon, kind, onset, people, capacity))


def _position(intake: Intake, ground: Ground, line: Line, name: str) -> tuple[float | None, float | None]:
    """Read where a place lies; the published engine runs without, so a place may be put between its neighbours later."""
    if not intake.strict and not (line.cell(3) or line.cell(4)):
        ground.adrift.add(name)
        return 0.0, 0.0
    lat = intake.number(line, 3, "latitude", lowest=-90, highest=90)
    lon = intake.number(line, 4, "longitude", lowest=-180, highest=180)
    if lat == 0 and lon == 0:
        must = "a place does not lie at 0/0 in the Gulf of Guinea"
        intake.doubt(line, "latitude", must, "Look the place up.", value=line.cell(3))
        ground.adrift.add(name)
    return lat, lon


def _settle(intake: Intake, ground: Ground) -> None:
    """Put places without a position in the middle of those they are joined to, and say so."""
    where = {place[0]: (place[3], place[4]) for place in ground.places if place[0] not in ground.adrift}
    left = [name for name in ground.lines if name in ground.adrift]
    while left:
        beside = {name: _beside(ground, where, name) for name in left}
        found = {name: spots for name, spots in beside.items() if spots}
        if not found:
            must = f"says where {left[0]} lies, or joins it to a place that does"
            intake.add(Problem(file=LOCATIONS, must=must, mend="Look the place up."))
            return
        where |= {name: _middle(spots) for name, spots in found.items()}
        left = [name for name in left if name not in where]
    for name in sorted(ground.adrift):
        intake.let_pass(LOCATIONS, f"{name} has no position; it was put in the middle of its neighbours.")
    ground.places[:] = [(*place[:3], *where[place[0]], *place[5:]) for place in ground.places]


def _beside(ground: Ground, where: dict[str, tuple[Any, Any]], name: str) -> list[tuple[float, float]]:
    ends = [link[:2] if link[0] == name else link[1::-1] for link in ground.links if name in link[:2]]
    return [where[other] for _, other in ends if other in where]


def _middle(spots: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return fmean(spot[0] for spot in spots), fmean(spot[1] for spot in spots)


def _kind(intake: Intake, line: Line) -> str:
    text = line.cell(5)
    if text.casefold() in KINDS:
        return KINDS[text.casefold()]
    mend = nearest(text, KINDS)
    intake.wrong(line, "location_type", f"is one of {', '.join(KINDS)}", mend, value=text)
    return ""


def _onset(intake: Intake, line: Line, kind: str) -> int | None:
    if not line.cell(6) and (kind != "conflict" or not intake.strict):
        return 0 if kind == "conflict" else None
    return intake.whole(line, 6, "conflict_date", highest=100_000)


def _people(intake: Intake, line: Line, kind: str) -> tuple[int, int]:
    """Read the last fixed column: people of a place, or room in a camp."""
    if not line.cell(7):
        return 0, NO_CAPACITY
    is_camp = kind in CAMPS
    column = "capacity" if is_camp else "population"
    highest = MOST_ROOM if is_camp and intake.strict else MOST_PEOPLE
    value = intake.whole(line, 7, column, lowest=NO_CAPACITY if is_camp else 0, highest=highest)
    if value is None:
        return 0, NO_CAPACITY
    if not is_camp:
        return value, NO_CAPACITY
    if value == 0 or value > MOST_ROOM:
        intake.note(line, f"A camp with capacity {value} counts as one without a limit.")
    return 0, value if 0 < value <= MOST_ROOM else NO_CAPACITY


def _add_facts(intake: Intake, ground: Ground, line: Line, name: str, header: Line | None) -> None:
    for index in range(len(COLUMNS), len(line.cells)):
        value, column = line.cell(index), header.cell(index) if header else ""
        if value and not column:
            intake.doubt(line, "", "every cell has a column in the header", "Name the column.", value=value)
        elif len(value) > LONGEST_TEXT:
            must = f"is text of at most {LONGEST_TEXT} characters"
            intake.wrong(line, column, must, "Shorten it.", value=value)
        elif value:
            if column == "initial_idps":
                intake.whole(line, index, column)
            ground.facts.append((name, column, value))


def _read_routes(intake: Intake, ground: Ground) -> None:
    header: tuple[str, ...] = ()
    pairs: dict[frozenset[str], int] = {}
    lines = intake.lines(ROUTES, needed="the routes: name1, name2, distance, forced_redirection")
    if lines and lines[0].is_remark:
        header = tuple(cell.casefold() for cell in lines[0].cells)
        for column in (one for one in header[4:] if one and one not in LINK_FACTS):
            intake.note(ROUTES, f'The column "{column}" is not used and was left out.')
    for line in intake.rows(lines):
        link = _read_route(intake, ground, line, header)
        if link is None:
            continue
        ground.links.append(link)
        first = pairs.setdefault(frozenset(link[:2]), line.number)
        if first != line.number:
            intake.note(
                line,
                f"{link[0]} and {link[1]} are joined already in line {first}. Both are kept: that way counts twice.",
            )
    if len(ground.links) > MOST_ROUTES:
        mend = "Leave out routes nobody takes."
        intake.add(Problem(file=ROUTES, must=f"holds at most {MOST_ROUTES:,} routes", mend=mend))
    _settle(intake, ground)


def _read_route(
    intake: Intake, ground: Ground, line: Line, header: tuple[str, ...]
) -> tuple[Any, ...] | None:
    ends = [intake.name(line, index, f"name{index + 1}") for index in (0, 1)]
    km = intake.number(line, 2, "distance", lowest=0, highest=LONGEST_ROUTE_KM, above=intake.strict)
    if km == 0:
        km = SHORTEST_ROUTE_KM
        intake.let_pass(line, f"A route of 0 km counts as one of {SHORTEST_ROUTE_KM:g} km.")
    forced = _forced(intake, line)
    speed, walk = _link_facts(intake, line, header)
    start, end = ends
    if start is None or end is None:
        return None
    missing = [
        unknown_place(intake, line, f"name{i}", name, ground, may_pass=False)
        for i, name in ((1, start), (2, end))
    ]
    if start == end:
        intake.doubt(line, "name2", "differs from name1", "Correct one end.", value=end)
    return None if any(missing) or start == end else (start, end, km, forced, speed, walk)


def _forced(intake: Intake, line: Line) -> int:
    if not line.cell(3):
        return 0
    return intake.whole(line, 3, "forced_redirection", highest=2) or 0


def _link_facts(intake: Intake, line: Line, header: tuple[str, ...]) -> tuple[float | None, float | None]:
    """Read the columns of a route that the published engine knows; note those it does not."""
    speed = walk = None
    for index in range(4, len(line.cells)):
        column = header[index] if index < len(header) else ""
        if not line.cell(index):
            continue
        if column == "max_move_speed":
            speed = intake.number(line, index, column, lowest=0, highest=HIGHEST_SPEED, above=True)
        elif column == "walk_probability":
            walk = intake.number(line, index, column, lowest=0, highest=1)
        elif not column:
            value = line.cell(index)
            intake.wrong(line, "", "every cell has a column in the header", "Name the column.", value=value)
    return speed, walk
