"""What things cost. Run `python -m benchmarks [engine] [--json]`; figures depend on the machine and what else it does."""
