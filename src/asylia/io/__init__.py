"""Doors in and out: one file a door."""
