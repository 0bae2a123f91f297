"""Write SVG and HTML elements with everything escaped: the one place where markup is made from text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

Attributes = Mapping[str, object]
Points = Iterable[tuple[float, float]]


def element(name: str, attributes: Attributes, *children: str) -> Markup:
    """Write one element; attribute values and plain text are escaped, `Markup` children are kept.

    >>> element("text", {"x": 1.25, "class": "a"}, "<b>")
    Markup('<text x="1.25" class="a">&lt;b&gt;</text>')
    """
    given = "".join(
        f' {key}="{escape(_text(value))}"' for key, value in attributes.items() if value is not None
    )
    inside = "".join(escape(child) for child in children)
    closed = f"<{name}{given}>{inside}</{name}>" if inside or name == "text" else f"<{name}{given}/>"
    # Safe: every attribute and child was escaped above, names of elements are ours.
    return Markup(closed)  # noqa: S704 -- the reason stands in the line above


def group(attributes: Attributes, children: Iterable[str]) -> Markup:
    """Write a `g` element."""
    return element("g", attributes, *children)


def figure(
    size: tuple[float, float], title: str, description: str, children: Sequence[str], name: str
) -> Markup:
    """Write a whole picture with the finding as its alternative text.

    Parameters
    ----------
    size
        Width and height of the view box.
    name
        Unique in the page; ids of title and description are made from it.
    """
    attributes = {
        "viewBox": f"0 0 {_text(size[0])} {_text(size[1])}",
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
        "class": "figure",
        "preserveAspectRatio": "xMidYMid meet",
    }
    head = (
        element("title", {"id": f"{name}-title"}, title),
        element("desc", {"id": f"{name}-desc"}, description),
    )
    return element("svg", attributes, *head, *children)


def path(points: Points, *, closed: bool = False) -> str:
    """Write path data through points, to a tenth.

    >>> path([(0, 0), (1.26, 2)])
    'M0 0L1.3 2'
    """
    steps = [f"{_short(x)} {_short(y)}" for x, y in points]
    return "M" + "L".join(steps) + ("Z" if closed else "") if steps else ""


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
