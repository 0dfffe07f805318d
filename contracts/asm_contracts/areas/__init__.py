"""Documents and operations, one file per area."""
