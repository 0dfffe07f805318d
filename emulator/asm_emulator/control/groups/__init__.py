"""What each endpoint does: a module per group, a function per endpoint."""
