"""The codec alone under bytes that coverage guides (atheris, where it can be had: ``pip install '.[fuzz]'``).

It runs in a process of its own, for it instruments what it imports and ends its process when it is done.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

LIMIT: Final = 4096
"""Bytes of one input at most."""


def fuzz(runs: int, seed: int) -> dict[str, Any]:
    """Feed the codec; how many inputs it had, and how many of them raised what they must not."""
    if not runs or importlib.util.find_spec("atheris") is None:
        return {
            "bytes": 0,
            "crashes": 0,
            "without": "atheris is not installed: `pip install '.[fuzz]'`" if runs else "not asked for",
        }
    with tempfile.TemporaryDirectory() as work:
        corpus = Path(work) / "corpus"
        corpus.mkdir()
        for number, body in enumerate(_bodies()):
            (corpus / str(number)).write_bytes(body)
        done = subprocess.run(
            [
                sys.executable, "-m", "tests.fuzz.codec", str(corpus), f"-runs={runs}", f"-seed={seed % 2**31 or 1}",
                f"-max_len={LIMIT}", "-timeout=20", "-rss_limit_mb=1024", f"-artifact_prefix={work}/", "-verbosity=1",
            ],
            capture_output=True, text=True, check=False, errors="replace",
        )  # fmt: skip
        said = done.stdout + done.stderr
        ran = re.findall(r"Done (\d+) runs", said)
        if done.returncode:
            sys.stdout.write(said[-4000:])
            for path in Path(work).glob("*-*"):
                sys.stdout.write(f"{path.name}: {path.read_bytes()!r}\n")
        return {"bytes": int(ran[-1]) if ran else 0, "crashes": int(bool(done.returncode)), "without": ""}


def _bodies() -> list[bytes]:
    from tests.fuzz.range import Range
    from tests.fuzz.shots import body_of

    from asm_contracts.catalogue import all_operations

    place = Range()
    names = {one.name: place_of(one) for one in _targets()}
    found = []
    for one in all_operations():
        for good in place.good.get(one.name, ())[:1]:
            body = body_of(one, good.arguments)
            if body and one.name in names:
                found.append(names[one.name].to_bytes(2, "big") + body[: LIMIT - 2])
    return found


def _targets() -> list[Any]:
    from asm_contracts.catalogue import all_operations

    return [one for one in all_operations() if one.body is not None]


def place_of(operation: Any) -> int:
    """The number that leads an input to an operation."""
    return _targets().index(operation)


def one(data: bytes) -> None:
    """Read a body as the operation's document that its first two bytes name, and write down again what was read."""
    from asm_contracts.codec import xml
    from asm_contracts.codec.wires import wire_of

    targets = _targets()
    operation = targets[int.from_bytes(data[:2], "big") % len(targets)]
    wire = wire_of(operation.dialect)
    try:
        tree = wire.parse(data[2:])
        wire.root(tree)
        document = wire.read(operation, tree)
    except xml.MalformedDocument:
        return
    written, _ = wire.write_request(operation, document, "2017-01-01")
    wire.read(operation, wire.parse(written))


def main() -> None:
    """Be the process that is fuzzed."""
    import atheris

    with atheris.instrument_imports(include=["asm_contracts"]):
        import asm_contracts.catalogue
        import asm_contracts.codec.wires  # noqa: F401
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

__all__ = ["fuzz"]
