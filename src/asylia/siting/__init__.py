"""Where zones could go and how big, with a proof of how good the answer is."""
