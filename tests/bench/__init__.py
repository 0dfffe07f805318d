"""How fast the emulator is: ``make bench`` and ``make bench-peers``."""
