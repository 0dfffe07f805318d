"""Documents to bytes and back."""
