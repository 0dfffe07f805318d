"""An emulator of the classic Azure Service Management API."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("asm-emulator")
except PackageNotFoundError:  # run from a bare clone
    __version__ = "0"
