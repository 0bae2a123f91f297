"""Put names on a map so that none hides another; a name without room is left out, the table has it."""

from __future__ import annotations

from dataclasses import dataclass, field

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name that found its place: text anchor start, middle or end at a pixel."""

    text: str
    x: float
    y: float
    anchor: str
    kind: str


@dataclass(slots=True, kw_only=True)
class Page:
    """What is taken on one map so far.

    Parameters
    ----------
    letter
        Width of a letter as a share of the font size; a mean over proportional sans-serif types.
    """

    width: float
    height: float
    letter: float = 0.58
    taken: list[Box] = field(default_factory=list)

    def keep(self, x: float, y: float, radius: float) -> None:
        """Keep names off a mark."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def place(
        self,
        text: str,
        spot: tuple[float, float],
        radius: float,
        size: float,
        kind: str,
        *,
        below: bool = False,
        must: bool = False,
    ) -> Label | None:
        """Find room for a name round a mark: right, left, below, above, then the corners.

        Parameters
        ----------
        radius
            Of the mark, pixels; negative to try the spot itself first.
        size
            Font size, pixels.
        below
            Whether to try under the mark first, and over it last.
        must
            Whether the name stands on the map even where there is no room: where it hides least of others.
        """
        wide = len(text) * size * self.letter
        within: list[tuple[float, int, Label, Box]] = []
        for left, base, anchor in _tries(spot, radius, size, below=below):
            start = left - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            box = (start - 1, base - size * 0.8, start + wide + 1, base + size * 0.25)
            label = Label(text=text, x=left, y=base, anchor=anchor, kind=kind)
            if self._is_inside(box):
                within.append((self._hidden(box), len(within), label, box))
                if self._is_free(box):
                    self.taken.append(box)
                    return label
        if not (must and within):
            return None
        _, _, least, box = min(within, key=lambda one: one[:2])
        self.taken.append(box)
        return least

    def _is_inside(self, box: Box) -> bool:
        return box[0] >= 2 and box[1] >= 2 and box[2] <= self.width - 2 and box[3] <= self.height - 2

    def _hidden(self, box: Box) -> float:
        """Return how much of what is taken a box would hide, square pixels."""
        wide = [min(box[2], t[2]) - max(box[0], t[0]) for t in self.taken]
        high = [min(box[3], t[3]) - max(box[1], t[1]) for t in self.taken]
        return sum(max(w, 0.0) * max(h, 0.0) for w, h in zip(wide, high, strict=True))

    def _is_free(self, box: Box) -> bool:
        return all(box[2] <= t[0] or t[2] <= box[0] or box[3] <= t[1] or t[3] <= box[1] for t in self.taken)


def _tries(
    spot: tuple[float, float], radius: float, size: float, *, below: bool
) -> list[tuple[float, float, str]]:
    """Return baseline starts worth trying, best first: x, y and text anchor."""
    (x, y), gap, drop = spot, abs(radius) + 3, size * 0.35
    beside = [(x + gap, y + drop, "start"), (x - gap, y + drop, "end")]
    level = [(x, y + gap + size * 0.75, "middle"), (x, y - gap, "middle")]
    corner, fall = gap * 0.7, drop * 2
    corners = [
        (x + corner, y - corner, "start"),
        (x - corner, y - corner, "end"),
        (x + corner, y + corner + fall, "start"),
        (x - corner, y + corner + fall, "end"),
    ]
    if radius < 0:
        return [(x, y + drop, "middle"), *level, *((x, y + k * size, "middle") for k in (-1.6, 2.2))]
    # where names stand under their marks, a name over its mark would seem to be that of the mark above
    under, over = level
    return [under, *beside, *corners, over] if below else [*beside, *level, *corners]
