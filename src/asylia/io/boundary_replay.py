"""What stands under `[replay]` in case.toml: the period of a recorded conflict, and its published settings."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, Field, create_model

from asylia.io.boundary_types import Day, Entry
from asylia.io.flee_keys import KEYS, Key
from asylia.model.replay import SpawnMode

MOST_DAYS: Final = 3_660


class _Mapping(Entry):
    """A table that stays a mapping."""

    NOUN = dict


def _type(key: Key) -> Any:
    """Give the type of a setting: its kind and limits, as in the published file."""
    limits = Field(ge=key.lowest, le=key.highest)
    if key.kind == "flag":
        return bool
    if key.kind == "word":
        return Literal[key.words]
    if key.kind == "numbers":
        one: Any = Annotated[float, limits]
        return Annotated[list[one], Field(min_length=1), AfterValidator(tuple)]
    number: Any = int if key.kind == "whole" else float
    return Annotated[number, limits]


_MODE: Final[Any] = (Literal[get_args(SpawnMode)], None)
_SETTINGS: Final[dict[str, Any]] = {key.field: (_type(key), None) for key in KEYS.values() if key.field}
ReplayEntry: Final[type[Entry]] = create_model(
    "ReplayEntry",
    __base__=_Mapping,
    first=(Day, ...),
    days=(Annotated[int, Field(ge=1, le=MOST_DAYS)], ...),
    spawn_mode=_MODE,
    **_SETTINGS,
)
"""Strict like every table of case.toml; a setting that is left out has the default of the published engine."""
