"""Redact, page, maps, charts, export."""
