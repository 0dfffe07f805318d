"""Other emulators of clouds, measured as this one is and in the same run."""


def measure(seconds: float, rounds: int) -> None:
    """Measure, print and record."""
