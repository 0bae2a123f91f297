"""Location problems of the literature: p-median graphs, warehouses with costs, and Holmberg's single-source files.

The kind is told from the content; a file that begins with FILE: is one of UflLib, without capacities. Three traps are handled: in a p-median graph the last of several edges between the
same two nodes counts; the word `capacity` stands for a number that the reader of the file must give, and without it
there is none; the cost of a warehouse file is for all of a customer's demand.

Source: J. Beasley (1990), OR-Library, Journal of the Operational Research Society 41, 1069-1072.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import floyd_warshall

from asylia.core.errors import CaseError, Problem
from asylia.io.limits import MEGABYTE
from asylia.model.siting import Facility, Median

MOST_BYTES: Final = 60 * MEGABYTE
MOST_NODES: Final = 3_000
MOST_SITES: Final = 5_000
MOST_WAYS: Final = 4_000_000
GZIP: Final = b"\x1f\x8b"
BOM: Final = b"\xef\xbb\xbf"
UNKNOWN_CAPACITY: Final = "capacity"
LISTED: Final = "file:"
"""First word of a file of UflLib: a line for each warehouse, its number, its cost of opening, and a cost for each customer."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """A problem of the literature: its name, its kind and itself."""

    name: str
    kind: str
    problem: Median | Facility


def read_instance(path: Path, *, capacity: float | None = None) -> Instance:
    """Read one file, compressed or not.

    Parameters
    ----------
    capacity
        Number for the word `capacity`; without it such a file has no capacities.

    Raises
    ------
    CaseError
        With the first thing that is wrong, and its line.
    """
    page = _Page(path.name, _text(path))
    if capacity is not None and UNKNOWN_CAPACITY not in page.words:
        raise page.wrong(0, "names its capacities with the word capacity", "Leave the number away.")
    first = page.lines[0] if page.words else 0
    widths = (
        np.bincount(np.array(page.lines, dtype=np.int64) - first, minlength=4) if page.words else np.zeros(4)
    )
    widths = widths[widths > 0]
    name = path.name.split(".")[0]
    if page.words[:1] == [LISTED]:
        return Instance(name=name, kind="uncapacitated", problem=_listed(page))
    if widths.size and widths[0] == 3:
        return Instance(name=name, kind="p-median", problem=_graph(page))
    if widths.size < 3 or widths[0] != 2:
        must = "begins with a line of nodes, edges and p, or a line of warehouses and customers"
        raise page.wrong(0, must, "Is this a problem file, with its line ends as published?")
    by_line = widths[1] == 2 and (widths[2] == 2 or page.whole(0, "warehouses", 1, MOST_SITES) == 1)
    if by_line and not (widths[2] == 2 and widths.size > 3 and page.words[0] == "2" and widths[3] != 1):
        return Instance(name=name, kind=_kind(page, capacity), problem=_warehouses(page, capacity))
    return Instance(name=name, kind="single source", problem=_single_source(page))


def read_optima(path: Path) -> dict[str, float]:
    """Read known optima beside a file: lines of name and value, or the value of `pK` in line K.

    Lines of other words are passed over; a file that is not there has none.
    """
    if not path.is_file():
        return {}
    found: dict[str, float] = {}
    for row, line in enumerate(_text(path).splitlines(), start=1):
        words = line.split()
        name, value = (
            (f"p{row}", words[0]) if len(words) == 1 else (words[0], words[-1]) if words else ("", "")
        )
        try:
            found[name] = float(value)
        except ValueError:
            continue
    return found


def _kind(page: _Page, capacity: float | None) -> str:
    return "uncapacitated" if UNKNOWN_CAPACITY in page.words and capacity is None else "capacitated"


def _text(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            data = handle.read(MOST_BYTES + 1)
        if data[:2] == GZIP:
            data = _inflated(path.name, data)
    except OSError as error:
        raise _fail(path.name, "can be read", f"{error.strerror}.") from error
    except zlib.error as error:
        raise _fail(path.name, "is a whole gzip file", "It is damaged; fetch it again.") from error
    if len(data) > MOST_BYTES:
        raise _fail(path.name, f"has at most {MOST_BYTES // MEGABYTE} MB", "Is this a problem file?")
    try:
        return data.removeprefix(BOM).decode("ascii")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fail(path.name, "holds plain numbers", "Is this a problem file?", row=line) from error


def _inflated(name: str, data: bytes) -> bytes:
    """Decompress a gzip file, no further than the bound."""
    text = b""
    while data and len(text) <= MOST_BYTES:  # a gzip file may have several parts
        stream = zlib.decompressobj(wbits=31)
        text += stream.decompress(data, MOST_BYTES + 1 - len(text))
        if not stream.eof and len(text) <= MOST_BYTES:
            raise _fail(name, "is a whole gzip file", "It is cut off; fetch it again.")
        data = stream.unused_data.lstrip(b"\x00")
    return text


def _fail(file: str, must: str, mend: str, *, row: int | None = None, value: str = "") -> CaseError:
    column = "value" if value else ""
    return CaseError([Problem(file=file, must=must, mend=mend, row=row, column=column, value=value)])


class _Page:
    """The words of a file and their lines."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.words: list[str] = []
        self.lines: list[int] = []
        for row, line in enumerate(text.splitlines(), start=1):
            words = line.casefold().split()
            self.words += words
            self.lines += [row] * len(words)

    def wrong(self, place: int, must: str, mend: str) -> CaseError:
        """Make the error for one word; the end of the file if there is none."""
        if place < len(self.words):
            return _fail(self.name, must, mend, row=self.lines[place], value=self.words[place])
        return _fail(self.name, must, mend, row=self.lines[-1] if self.lines else None)

    def whole(self, place: int, what: str, least: int, most: int) -> int:
        """Read a whole number within its limits."""
        value = self.numbers(place, 1, what)[0]
        if value != round(value) or not least <= value <= most:
            must = f"{what} is a whole number from {least:,} to {most:,}"
            raise self.wrong(place, must, "Correct it.")
        return int(value)

    def numbers(self, place: int, count: int, what: str) -> Floats:
        """Read numbers of 0 or more."""
        words = self.words[place : place + count]
        if len(words) < count:
            must = f"has {count:,} numbers of {what} here, not {len(words):,}"
            raise self.wrong(len(self.words), must, "Is the file cut off?")
        try:
            values = np.array(words, dtype=np.float64)
        except ValueError:
            values = np.array([_number(word) for word in words])
        bad = np.flatnonzero(~((values >= 0.0) & (values < 1e15)))
        if bad.size:
            must = f"{what} is a number of 0 or more, and below 1e15"
            raise self.wrong(place + int(bad[0]), must, "Correct it.")
        return values

    def ends(self, place: int) -> None:
        """Refuse words beyond the last."""
        if place < len(self.words):
            raise self.wrong(place, "ends here", "Do the sizes in the first line fit?")


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return np.nan


def _graph(page: _Page) -> Median:
    nodes = page.whole(0, "nodes", 1, MOST_NODES)
    edges = page.whole(1, "edges", 0, MOST_WAYS)
    p = page.whole(2, "p", 1, nodes)
    table = page.numbers(3, 3 * edges, "edges").reshape(edges, 3)
    page.ends(3 + 3 * edges)
    ends = table[:, :2]
    bad = np.flatnonzero(((ends < 1) | (ends > nodes) | (ends != np.round(ends))).ravel())
    if bad.size:
        place = 3 + int(bad[0]) // 2 * 3 + int(bad[0]) % 2
        raise page.wrong(place, f"a node is a whole number from 1 to {nodes:,}", "Correct it.")
    lengths = np.full((nodes, nodes), np.inf)
    for start, end, length in table:  # in the order of the file: the last one counts
        lengths[int(start) - 1, int(end) - 1] = lengths[int(end) - 1, int(start) - 1] = length
    np.fill_diagonal(lengths, 0.0)
    # of a dense table the shortest paths take an edge of length 0, or of less than 1e-8, for none
    rows, columns = np.nonzero(np.isfinite(lengths))
    return Median(
        costs=floyd_warshall(csr_array((lengths[rows, columns], (rows, columns)), shape=lengths.shape)), p=p
    )


def _warehouses(page: _Page, capacity: float | None) -> Facility:
    sites, customers = _sizes(page)
    heads = page.words[2 : 2 + 2 * sites]
    named = [place for place, word in enumerate(heads) if word == UNKNOWN_CAPACITY and place % 2 == 0]
    for place in named:
        page.words[2 + place] = str(0 if capacity is None else capacity)
    if named and len(named) < sites:
        raise page.wrong(2 + named[0], "gives every capacity as a number, or none", "Correct it.")
    head = page.numbers(2, 2 * sites, "capacity and cost of opening").reshape(sites, 2)
    body = page.numbers(2 + 2 * sites, customers * (sites + 1), "demand and costs")
    page.ends(2 + 2 * sites + body.size)
    rows = body.reshape(customers, sites + 1)
    open_ended = bool(named) and capacity is None
    return Facility(
        costs=np.ascontiguousarray(rows[:, 1:]),
        opening=head[:, 1].copy(),
        demand=None if open_ended else rows[:, 0].copy(),
        capacity=None if open_ended else head[:, 0].copy(),
    )


def _single_source(page: _Page) -> Facility:
    sites, customers = _sizes(page)
    place = 2
    parts = []
    for count, what in (
        (sites, "capacities"),
        (sites, "costs of opening"),
        (customers, "demands"),
        (sites * customers, "costs"),
    ):
        parts.append(page.numbers(place, count, what))
        place += count
    page.ends(place)
    costs = parts[3].reshape(customers, sites)
    return Facility(costs=costs, opening=parts[1], demand=parts[2], capacity=parts[0], single_source=True)


def _listed(page: _Page) -> Facility:
    start = page.lines.count(page.lines[0])
    sites = page.whole(start, "warehouses", 1, MOST_SITES)
    customers = page.whole(start + 1, "customers", 1, MOST_WAYS // sites)
    table = page.numbers(start + 3, sites * (customers + 2), "number, cost of opening and costs")
    page.ends(start + 3 + table.size)
    rows = table.reshape(sites, customers + 2)
    wrong = np.flatnonzero(rows[:, 0] != np.arange(1, sites + 1))
    if wrong.size:
        place = start + 3 + int(wrong[0]) * (customers + 2)
        raise page.wrong(place, f"this is the row of warehouse {int(wrong[0]) + 1}", "Is a row cut off?")
    return Facility(
        costs=np.ascontiguousarray(rows[:, 2:].T), opening=rows[:, 1].copy(), demand=None, capacity=None
    )


def _sizes(page: _Page) -> tuple[int, int]:
    sites = page.whole(0, "warehouses", 1, MOST_SITES)
    customers = page.whole(1, "customers", 1, MOST_WAYS)
    if sites * customers > MOST_WAYS:
        raise page.wrong(
            0, f"has at most {MOST_WAYS:,} pairs of warehouse and customer", "Is this the file you meant?"
        )
    return sites, customers
