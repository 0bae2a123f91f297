"""What is brought to meet a need: the thing itself, how long it takes to come, and what it costs where a price is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from asylia.core.quantities import quantity
from asylia.model.uncertain import Evidence
from asylia.need.standards import Standard, by_id, rows_of

TABLE: Final = "items.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of the table of items.

    Parameters
    ----------
    measure
        The need it meets.
    kind
        `set_up` is brought once and stays, `running` is used up or works every day.
    price
        The row with its price; `None` where no row gives one, and then the cost is unknown, not nothing.
    counts
        What the price counts: the `amount` needed, `people`, or `families`.
    currency_year, year_basis
        Year of the dollars, and where that comes from.
    lead_days
        Fewest and most days from the order to the first day of use.
    lead_why
        Why these; nobody has published them for a case, so they are assumed.
    """

    measure: str
    name: str
    kind: Literal["set_up", "running"]
    price: Standard | None
    counts: Literal["amount", "people", "families", ""]
    currency_year: int | None
    year_basis: str
    lead_days: tuple[int, int]
    lead_evidence: Evidence
    lead_why: str

    def usd_each(self) -> tuple[float, float, float] | None:
        """Give low, middle and high of the price of one base amount (a litre, a person and day, a family), US dollars."""
        if self.price is None:
            return None
        middle, base = self.price.value, quantity(self.price.unit).factor
        low = self.price.low if self.price.low is not None else middle
        high = self.price.high if self.price.high is not None else middle
        return low * base, middle * base, high * base


@lru_cache(maxsize=1)
def read_items() -> Mapping[str, Item]:
    """Read the items by the need they meet."""
    return {row["measure"]: _item(row) for row in rows_of(TABLE)}


def _item(row: Mapping[str, str]) -> Item:
    kind: Literal["set_up", "running"] = "running" if row["kind"] == "running" else "set_up"
    counts: Final[dict[str, Literal["amount", "people", "families", ""]]] = {
        "amount": "amount", "people": "people", "families": "families",
    }  # fmt: skip
    return Item(
        measure=row["measure"],
        name=row["item"],
        kind=kind,
        price=by_id()[row["price"]] if row["price"] else None,
        counts=counts.get(row["counts"], ""),
        currency_year=int(row["currency_year"]) if row["currency_year"] else None,
        year_basis=row["year_basis"],
        lead_days=(int(row["lead_days_low"]), int(row["lead_days_high"])),
        lead_evidence=Evidence(row["lead_evidence"]),
        lead_why=row["lead_why"],
    )
