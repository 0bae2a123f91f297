"""Who must say yes, to what."""
