"""What case.toml and plans say of protection: priors of modifiers, named scenarios, decrees, and what an analyst coded."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from asylia.io.boundary_types import Day, Entry, Float, FullText, Id, Reference, Text, Texts, refuse
from asylia.model.modifiers import Prior
from asylia.model.plan import Coded, Decree
from asylia.model.what_if import Kind, WhatIf

Factor = Annotated[Float, Field(gt=0, le=1000)]
ANSWERS = {
    "isolated": ("yes", "no", "partial", "unknown"),
    "main_threat": ("state", "others", "unknown"),
    "ceasefire": ("yes", "no", "unknown"),
}
"""Answers that each question allows."""


class PriorEntry(Entry):
    """One entry of `[modifiers]` of case.toml."""

    NOUN = Prior
    middle: Factor
    low: Factor
    high: Factor
    source: Reference = ""
    why: Text = ""

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Check that the range lies about its middle."""
        if not self.low <= self.middle <= self.high:
            refuse("low, middle and high run upwards", "low and high hold 90 % of what you think possible.")
        return self


class ScenarioEntry(Entry):
    """One `[[scenarios]]` of case.toml."""

    NOUN = WhatIf
    id: Id
    title: FullText
    kind: Kind
    on: Day
    until: Day | None = None
    zones: Texts = Field(default_factory=list)
    where: Texts = Field(default_factory=list)
    donor: Text = ""
    leaves_share: Annotated[Float, Field(ge=0, le=1)] = 0.5
    times: Annotated[Float, Field(ge=1, le=100)] = 1.0
    source: Reference = ""
    why: Text = ""

    @model_validator(mode="after")
    def check_days(self) -> Self:
        """Check that it begins before it is over."""
        if self.until is not None and self.until <= self.on:
            refuse("a scenario begins before it is over", "Swap `on` and `until`, or correct the year.")
        return self


class DecreeEntry(Entry):
    """One entry of `decrees` of a zone."""

    NOUN = Decree
    on: Day
    share: Annotated[Float, Field(ge=0, le=100)]
    source: Reference = ""


class CodedEntry(Entry):
    """One `[[coded]]` of a plan."""

    NOUN = Coded
    about: Literal["isolated", "main_threat", "ceasefire"]
    answer: Literal["yes", "no", "partial", "unknown", "state", "others"]
    on: Day
    source: Id
    zone: Reference = ""
    why: Text = ""

    @model_validator(mode="after")
    def check_answer(self) -> Self:
        """Check that the answer is one the question allows."""
        if self.answer not in ANSWERS[self.about]:
            refuse(f"{self.about} is answered by {', '.join(ANSWERS[self.about])}", "Choose one of them.")
        return self
