"""Fighting, exposure, overrun."""
