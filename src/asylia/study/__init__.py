"""The conductor: run, judge, compare."""
