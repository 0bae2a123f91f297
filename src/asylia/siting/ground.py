"""What is known of a site during a search: it may still go either way, or it is settled."""

from __future__ import annotations

from typing import Final

FREE: Final = 0
OPEN: Final = 1
CLOSED: Final = 2

PROVED_WITHIN: Final = 1e-7
"""Relative gap below which a bound in real numbers counts as a proof."""
