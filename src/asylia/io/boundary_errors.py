"""Hold TOML against its models, entry by entry, and turn what does not fit into problems a person can mend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from asylia.core.errors import Problem, nearest
from asylia.io.boundary_types import Entry
from asylia.io.toml_file import Keys, Spot, TomlFile

KINDS: Final = {
    "string_type": ("is text in quotes", 'Write "..." around it.'),
    "int_type": ("is a whole number without quotes", "For example 90."),
    "int_from_float": ("is a whole number", "Leave out the decimals."),
    "float_type": ("is a number without quotes", "For example 0.5."),
    "bool_type": ("is true or false", "Without quotes."),
    "date_type": ("is a date written YYYY-MM-DD, without quotes", "For example 2017-05-01."),
    "list_type": ("is a list in square brackets", 'For example ["one", "two"].'),
    "dict_type": ("is a table of names and values", "Write it as [name] with one `key = value` a line."),
    "finite_number": ("is a finite number", "Leave the key out if the number is unknown."),
}
NUMBER: Final = (
    "is a number, { value = x } or { between = [low, high] }",
    "For example { between = [4, 6] }.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A noun and where it stands."""

    noun: Any
    spot: Spot


def entries(file: TomlFile, section: str, model: type[Entry]) -> tuple[list[Found], list[Problem]]:
    """Read every `[[section]]` of a file; a bad entry leaves the others standing."""
    raw = file.data.get(section, [])
    if not isinstance(raw, list):
        must = f"`{section}` is a list of entries"
        return [], [Spot(file=file).problem(must, f"Write [[{section}]] above each.", key=(section,))]
    found, problems = [], []
    for index, data in enumerate(raw):
        spot = Spot(file=file, keys=(section, index))
        noun, wrong = validated(spot, data, model)
        found.extend([Found(noun=noun, spot=spot)] if not wrong else [])
        problems.extend(wrong)
    return found, [*problems, *_repeated(file, section, raw)]


def head(file: TomlFile, model: type[Entry], sections: Iterable[str]) -> tuple[Any, list[Problem]]:
    """Read what stands above the sections of a file; `None` beside the problems if it does not fit."""
    below = set(sections)
    data = {key: value for key, value in file.data.items() if key not in below}
    return validated(Spot(file=file), data, model, also=tuple(sections))


def unknown_keys(file: TomlFile, sections: Iterable[str]) -> list[Problem]:
    """List the keys of a file that holds sections alone and are none of them."""
    known = set(sections)
    return [_unknown(Spot(file=file), (key,), known) for key in file.data if key not in known]


def validated(
    spot: Spot, data: object, model: type[Entry], *, also: tuple[str, ...] = ()
) -> tuple[Any, list[Problem]]:
    """Hold one table against its model: the noun and no problems, or `None` and why."""
    try:
        return model.model_validate(data).noun(), []
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        return None, [_problem(spot, model, detail, also) for detail in wrong]


def _problem(spot: Spot, model: type[Entry], detail: ErrorDetails, also: tuple[str, ...]) -> Problem:
    keys = tuple(key for key in detail["loc"] if key != "[key]")
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return _unknown(spot, keys, {*_fields(model, keys[:-1]), *(also if len(keys) == 1 else ())})
    if kind == "missing":
        return _missing(spot, model, keys)
    must, mend = _words(kind, detail, value)
    return spot.problem(must, mend, key=keys, value=value)


def _missing(spot: Spot, model: type[Entry], keys: Keys) -> Problem:
    table: Any = spot.file.data
    for key in (*spot.keys, *keys[:-1]):
        table = table[key]
    strangers = set(table) - set(_fields(model, keys[:-1])) if isinstance(table, Mapping) else set()
    hint = nearest(str(keys[-1]), [str(key) for key in strangers])
    mend = f'{hint} Rename that key to "{keys[-1]}".' if hint else f"Add a line `{keys[-1]} = ...`."
    return spot.problem("is there", mend, key=keys)


def _unknown(spot: Spot, keys: Keys, known: set[str]) -> Problem:
    mend = nearest(str(keys[-1]), known) or f"Known here: {', '.join(sorted(known))}."
    return spot.problem("the key is known", mend, key=keys, value=keys[-1])


def _words(kind: str, detail: ErrorDetails, value: object) -> tuple[str, str]:
    context = detail.get("ctx", {})
    if kind == "asylia":
        return str(context["must"]), str(context["mend"])
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return f"is one of {allowed}", nearest(str(value), allowed.split(", "))
    if kind in ("model_type", "model_attributes_type"):
        return NUMBER if "Number" in str(context.get("class_name", "")) else KINDS["dict_type"]
    if kind == "date_type" and isinstance(value, dt.datetime):
        return "is a date without a time of day", "Leave out the time."
    return KINDS.get(kind) or _limit(kind, context, detail["msg"])


def _limit(kind: str, context: Mapping[str, Any], message: str) -> tuple[str, str]:
    limits = {
        "greater_than_equal": ("is {ge} or more", "Was the minus a dash?"),
        "less_than_equal": ("is {le} or less", "Are there too many zeros?"),
        "string_too_long": ("has at most {max_length} characters", "Shorten it."),
        "too_short": ("has at least {min_length} entries", "Add what is missing."),
        "too_long": ("has at most {max_length} entries", "Take some out."),
    }
    must, mend = limits.get(kind, ("", ""))
    return (must.format(**context), mend) if must else (message.rstrip(".").lower(), "")


def _fields(model: type[BaseModel], keys: Keys) -> list[str]:
    """Names of the fields of the model that stands at these keys."""
    inner: type[BaseModel] | None = model
    for key in keys:
        if isinstance(key, str) and inner is not None and key in inner.model_fields:
            field = inner.model_fields[key]
            inner = next(_models(field.annotation), None)
    return list(inner.model_fields) if inner is not None else []


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _repeated(file: TomlFile, section: str, raw: list[Any]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, data in enumerate(raw):
        name = data.get("id") if isinstance(data, Mapping) else None
        if not isinstance(name, str):
            continue
        first = seen.setdefault(name, index)
        if first != index:
            line = file.line((section, first))
            yield Spot(file=file, keys=(section, index)).problem(
                f"stands once; line {line} has it already",
                "Remove one of the two, or give it a new id.",
                key=("id",),
                value=name,
            )
