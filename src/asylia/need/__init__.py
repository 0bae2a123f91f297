"""What a zone must hold, what it costs, who pays."""
