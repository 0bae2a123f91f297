"""The displacement engine: who flees where, day by day, whole persons."""
