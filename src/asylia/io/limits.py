"""How much a case folder may hold: bounds that keep a broken or hostile folder from filling the memory.

They are generous: the largest case we know of (every lethal event of ten years) needs a tenth of them.
"""

from __future__ import annotations

from typing import Final

MEGABYTE: Final = 1_000_000
TABLE_BYTES: Final = 50 * MEGABYTE
FOLDER_BYTES: Final = 200 * MEGABYTE
TOML_BYTES: Final = MEGABYTE
MAP_BYTES: Final = 5 * MEGABYTE
LINE_BYTES: Final = 100_000
TABLE_ROWS: Final = 2_000_000
PLANS: Final = 200
FEATURES: Final = 5_000
TOML_KEY_DEPTH: Final = 12
ROWS_SHOWN: Final = 200
"""Rows named by one check of one table; the rest are counted."""

SOURCE_BYTES: Final = 50 * MEGABYTE
SOURCE_FILES: Final = 2_000

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
