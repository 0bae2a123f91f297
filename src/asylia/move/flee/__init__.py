"""The published rule set of Flee, in whole persons, at a cost that does not depend on the number of people."""
