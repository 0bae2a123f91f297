"""The words and numbers of a TOML file, checked one by one where they come in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, ClassVar, Literal, NoReturn, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from asylia.core.tables import ID
from asylia.io.door import CONTROL
from asylia.io.limits import FIRST_YEAR, LAST_YEAR
from asylia.model.uncertain import Evidence, Uncertain

EvidenceWord = Literal["seen", "derived", "recalled", "assumed", "unknown"]
TERM = re.compile(r"^[a-z][a-z0-9_]{0,79}$")
LARGEST = 1e15


def refuse(must: str, mend: str) -> NoReturn:
    """Stop with what must hold and how to mend it."""
    raise PydanticCustomError("asylia", "{must}", {"must": must, "mend": mend})


class Entry(BaseModel):
    """One table of a TOML file that becomes one noun of the same field names."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
    NOUN: ClassVar[type[Any]]

    def noun(self) -> Any:
        """Make the noun; what the file leaves out keeps the default of the noun."""
        return self.NOUN(**{name: getattr(self, name) for name in self.model_fields_set})


def _text(text: str) -> str:
    if CONTROL.search(text.replace("\n", "")):
        refuse("holds no control characters", "Type the text again; tabs become spaces.")
    return text


def _filled(text: str) -> str:
    return text if text.strip() else refuse("is not blank", "Fill it in.")


def _id(text: str) -> str:
    if not ID.fullmatch(text):
        refuse("is an id: letters, digits, dot, dash or underscore, at most 80", "For example north-2.")
    return text


def _id_or_blank(text: str) -> str:
    return _id(text) if text else text


def _term(text: str) -> str:
    if not TERM.fullmatch(text):
        refuse("is a term: small letters, digits and underscores", "For example host_consent.")
    return text


def _day(day: dt.date) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        refuse(f"is a day between {FIRST_YEAR} and {LAST_YEAR}", "Is the year right?")
    return day


def _evidence(word: str) -> Evidence:
    return Evidence(word)


Text = Annotated[str, Field(max_length=10_000), AfterValidator(_text)]
FullText = Annotated[Text, AfterValidator(_filled)]
Id = Annotated[str, AfterValidator(_id)]
Reference = Annotated[str, AfterValidator(_id_or_blank)]
TermName = Annotated[str, AfterValidator(_term)]
Day = Annotated[dt.date, AfterValidator(_day)]
EvidenceTag = Annotated[EvidenceWord, AfterValidator(_evidence)]
Texts = Annotated[list[Text], AfterValidator(tuple)]
Ids = Annotated[list[Id], AfterValidator(tuple)]
Float = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]


def nouns(entries: list[Any]) -> tuple[Any, ...]:
    """Turn entries into their nouns."""
    return tuple(entry.noun() for entry in entries)


def noun(entry: Any) -> Any:
    """Turn an entry into its noun."""
    return entry.noun()


class NumberEntry(Entry):
    """An uncertain number: a bare number, `{ value = x }` or `{ between = [low, high] }`."""

    NOUN = Uncertain
    between: Annotated[list[Float], Field(min_length=2, max_length=2)] | None = None
    value: Float | None = None
    shape: Literal["even", "log"] = "even"
    source: Reference = ""
    evidence: EvidenceTag = "assumed"
    why: Text = ""

    @model_validator(mode="before")
    @classmethod
    def read_bare_number(cls, data: object) -> object:
        """Read `0.5` as `{ value = 0.5 }`."""
        is_number = isinstance(data, int | float) and not isinstance(data, bool)
        return {"value": data} if is_number else data

    @model_validator(mode="after")
    def check_bounds(self) -> Self:
        """Check that there is one number or one range, and that the range runs upwards."""
        if (self.between is None) == (self.value is None):
            refuse("has either `value` or `between`", "Write { value = 5 } or { between = [4, 6] }.")
        low, high = self.bounds()
        if low > high:
            refuse("the range runs from low to high", "Swap the two numbers.")
        if self.shape == "log" and low <= 0:
            refuse("a range with shape log lies above 0", 'Raise the low end, or write shape = "even".')
        return self

    def bounds(self) -> tuple[float, float]:
        """Return low and high."""
        if self.between is not None:
            return self.between[0], self.between[1]
        number = self.value if self.value is not None else 0.0
        return number, number

    def noun(self) -> Uncertain:
        """Make the uncertain number."""
        low, high = self.bounds()
        told = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("between", "value"):
            told.pop(name, None)
        return Uncertain(low=low, high=high, **told)


def _above_zero(entry: NumberEntry) -> NumberEntry:
    if entry.bounds()[0] <= 0:
        refuse("is more than 0", "Leave it out if nobody knows it, and say so in an assumption.")
    return entry


def _not_negative(entry: NumberEntry) -> NumberEntry:
    if entry.bounds()[0] < 0:
        refuse("is 0 or more", "Was the minus a dash?")
    return entry


Number = Annotated[NumberEntry, AfterValidator(noun)]
Above = Annotated[NumberEntry, AfterValidator(_above_zero), AfterValidator(noun)]
Amount = Annotated[NumberEntry, AfterValidator(_not_negative), AfterValidator(noun)]
