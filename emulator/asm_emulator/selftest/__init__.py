"""How good the contract suite is: an emulator that misbehaves on purpose, in one way at a time, and who notices."""
