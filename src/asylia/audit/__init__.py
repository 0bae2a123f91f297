"""Completeness and precedents."""
