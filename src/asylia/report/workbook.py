"""The provisioning plan as a workbook: sheets an operations officer can filter, with every text written as text.

The same tables give the same bytes: dates of the file are fixed, nothing of the machine or the hour is in it.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl
import xlsxwriter

from asylia.report.export import HXL

MADE: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 -- a fixed date for the file; the format knows no time zone
"""Day written into the file as the day it was made, so that it does not depend on the day."""
SHEETS: Final = {
    "bring": "Bring",
    "priced": "Priced",
    "layout": "Follows",
    "capacity": "Capacity",
    "force": "Force",
    "cost_lines": "Cost",
    "cost_by_month": "Cost by month",
    "money": "Money over time",
    "ledger": "Who pays",
    "stops": "What stops first",
    "swings": "What moves the cost",
    "standards": "Standards",
    "editions": "Editions",
}
"""Tables and the names of their sheets."""
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
_WIDEST: Final = 40


def workbook_bytes(tables: Mapping[str, pl.DataFrame], notes: Sequence[str]) -> bytes:
    """Write tables as an XLSX file: a sheet with notes, then one sheet a table with an HXL row under its header.

    Parameters
    ----------
    tables
        By name; those in `SHEETS` are written, in that order.
    notes
        What a reader must know first, a line each.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"title": "Provisioning plan", "created": MADE})
    strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    soft = book.add_format({"italic": True, "font_color": "#666666"})
    first = book.add_worksheet("Read me")
    first.set_column(0, 0, 110)
    for row, note in enumerate(notes):
        first.write_string(row, 0, note)
    for name, title in SHEETS.items():
        if name in tables:
            _sheet(book.add_worksheet(title), tables[name], strong, soft)
    book.close()
    return out.getvalue()


def _sheet(sheet: Any, table: pl.DataFrame, strong: Any, soft: Any) -> None:
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, strong)
        sheet.write_string(1, column, HXL.get(name, ""), soft)
        longest = max((len(str(value)) for value in table[name].head(200)), default=0)
        sheet.set_column(column, column, min(max(longest, len(name)) + 2, _WIDEST))
    for row, values in enumerate(table.iter_rows(), 2):
        for column, value in enumerate(values):
            _write(sheet, row, column, value)
    sheet.freeze_panes(2, 0)
    if table.width:
        sheet.autofilter(0, 0, table.height + 1, table.width - 1)


def _write(sheet: Any, row: int, column: int, value: object) -> None:
    """Write one cell by its kind; an unknown one stays empty, a text is never read as a formula."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no")
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day))  # noqa: DTZ001 -- a day
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))
