"""Forecasts from reports: how many people will be where, from what had been reported by a day."""
