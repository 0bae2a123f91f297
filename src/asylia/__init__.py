"""Asylia plans, tests and compares civilian safe zones for people displaced by war."""

__version__ = "0.1.0"
