"""Nouns, frozen and without verbs: case, plan, scenario, history, verdict, and their schemas."""
