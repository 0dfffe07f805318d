"""The figures page: what was measured, by which command, when and on what machine.

Every command that measures calls `record`, which keeps its section as ``docs/figures/SECTION.json`` and writes
``docs/figures.md`` anew from all sections.  ``python -m docs.figures --check`` says whether the page is of them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import ssl
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SECTIONS = HERE / "figures"
PAGE = HERE / "figures.md"
NOTE = "<!-- Generated from docs/figures/ by the commands that measure; python -m docs.figures writes it anew. -->\n"


@dataclass(frozen=True)
class Figure:
    """One measured line.

    what:   what was measured, in words
    value:  the figure with its unit, as text
    mark:   what is asked of it, as text; empty where nothing is
    met:    whether it is what is asked; None where nothing is
    why:    for one that falls short: why, and what would mend it
    raw:    the numbers it was made of
    """

    what: str
    value: str
    mark: str = ""
    met: bool | None = None
    why: str = ""
    raw: dict[str, Any] = field(default_factory=dict)


def machine() -> dict[str, Any]:
    """What the figures were measured on, without its name."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        )
        if Path("/proc/cpuinfo").exists()
        else iter(()),
        platform.machine(),
    )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "openssl": ssl.OPENSSL_VERSION,
        "system": f"{platform.system()} {platform.release()}",
    }


def record(section: str, title: str, command: str, figures: Iterable[Figure], note: str = "") -> None:
    """Keep a section's figures (its name is its file's) and write the page.

    Raises ValueError for a figure that falls short and does not say why.
    """
    found = list(figures)
    for one in found:
        if one.met is False and not one.why:
            raise ValueError(f"{one.what}: falls short and does not say why")
    data = {
        "title": title,
        "command": command,
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": machine(),
        "note": note,
        "figures": [asdict(one) for one in found],
    }
    SECTIONS.mkdir(exist_ok=True)
    (SECTIONS / f"{section}.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page, from the sections that are there."""
    lines = [NOTE, "# Figures\n"]
    lines.append(
        "Every figure comes from the command above it. Machines are shared and noisy: where figures are compared they "
        "are ratios within one run. *load* is the machine's load when the figures were written.\n"
    )
    for path in sorted(SECTIONS.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        on = data["machine"]
        lines += [
            f"## {data['title']}\n",
            f"`{data['command']}`, {data['date']}: {on['processor']}, {on['cores']} cores (load {on['load']}), "
            f"Python {on['python']}, {on['openssl']}, {on['system']}.\n",
            *([data["note"] + "\n"] if data["note"] else []),
            "| | figure | asked | |",
            "|---|---|---|---|",
            *(_row(one) for one in data["figures"]),
            "",
        ]
        raws = [(one["what"], one["raw"]) for one in data["figures"] if one["raw"]]
        if raws:
            lines += [
                "<details><summary>raw numbers</summary>\n",
                *(f"- {what}: {', '.join(f'{name} {value}' for name, value in raw.items())}" for what, raw in raws),
                "\n</details>\n",
            ]
    return "\n".join(lines).rstrip() + "\n"


def _row(one: dict[str, Any]) -> str:
    verdict = {True: "met", False: f"falls short: {one['why']}", None: one["why"]}[one["met"]]
    cells = (one["what"], one["value"], one["mark"], verdict)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    """Write the page, or with ``--check`` compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the page is of the sections")
    if parser.parse_args().check:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        if not fresh:
            sys.stdout.write("docs/figures.md is not of docs/figures/: run python -m docs.figures\n")
        return 0 if fresh else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
