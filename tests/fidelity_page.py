"""docs/fidelity.md and the figures of fidelity, from the reports of both replays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docs.figures import Figure, record
from tests.fidelity_causes import CAUSES, LEVELS, OTHER, tally

PAGE = Path(__file__).parent.parent / "docs" / "fidelity.md"
BEGIN, END = "<!-- written by: python -m tests.fidelity --write -->\n", "<!-- end -->\n"
WANTED = {"L1": 98.0, "L2": 98.0, "L3": 95.0, "L4": 92.0, "L5": 98.0}
WHAT = {
    "L1": "the status is the recorded one",
    "L2": "and the content type and the root element",
    "L3": "and every element, their order, nil, type, and an error's code",
    "L4": "and every value that is not chance, and an error's text",
    "L5": "the headers (of those with the recorded status)",
}


def write(plain: dict[str, Any], own: dict[str, Any]) -> None:
    """Write the tables of both replays into the page, and the totals into the figures."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    body = "\n".join([_families(plain, own), "", "### Differences by cause", "", _causes(plain, own), ""])
    PAGE.write_text(before + BEGIN + "\n" + body + "\n" + END + after, encoding="utf-8")
    _record(plain, own)


def _families(plain: dict[str, Any], own: dict[str, Any]) -> str:
    lines = [
        "| family | exchanges | " + " | ".join(f"{level}" for level in LEVELS) + " | "
        + " | ".join(f"{level} as recorded" for level in LEVELS) + " |",
        "|---|--:|" + "--:|" * (2 * len(LEVELS)),
    ]  # fmt: skip
    rows = [*sorted(plain["families"].items()), ("**all**", plain["total"])]
    for name, found in rows:
        if not found["scored"]:
            continue
        other = own["total"] if name == "**all**" else own["families"][name]
        figures = [f"{one[level]:.1f}" for one in (found, other) for level in LEVELS]
        lines.append(f"| {name} | {found['scored']} | " + " | ".join(figures) + " |")
    lines.append("| *wanted* | | " + " | ".join(f"*{WANTED[level]:.0f}*" for level in LEVELS * 2) + " |")
    return "\n".join(lines)


def _causes(plain: dict[str, Any], own: dict[str, Any]) -> str:
    here, there = tally(plain), tally(own)
    lines = [
        "Exchanges that fail a level, as the scorer stands and as recorded.",
        "",
        "| cause | L1 | L3 | L4 | what it is |",
        "|---|--:|--:|--:|---|",
    ]
    texts = {cause.name: cause.text for cause in CAUSES} | {OTHER: ""}
    for name in sorted(texts, key=lambda one: -here.get(one, {}).get("L4", 0)):
        counts = [
            f"{here.get(name, {}).get(level, 0)} / {there.get(name, {}).get(level, 0)}" for level in ("L1", "L3", "L4")
        ]
        if any(count != "0 / 0" for count in counts):
            lines.append(f"| {name} | " + " | ".join(counts) + f" | {texts[name]} |")
    return "\n".join(lines)


def _record(plain: dict[str, Any], own: dict[str, Any]) -> None:
    figures = []
    for mode, report in (("the scorer as it stands", plain), ("as recorded: own day, time and estate", own)):
        total = report["total"]
        ranked = sorted(tally(report).items(), key=lambda one: -one[1].get("L4", 0))
        for level in LEVELS:
            met = total[level] >= WANTED[level]
            worst = ", ".join(f"{name} ({count[level]})" for name, count in ranked if count[level])
            figures.append(
                Figure(
                    f"{level}, {mode}: {WHAT[level]}",
                    f"{total[level]:.1f} % of {total['scored']}",
                    f"{WANTED[level]:.0f} %",
                    met,
                    "" if met else f"{worst}; docs/fidelity.md says what each is",
                    {"percent": total[level], "scored": total["scored"]},
                )
            )
    record(
        "50-fidelity",
        "Fidelity to recorded traffic",
        "python -m tests.fidelity --write",
        figures,
        "1,168 exchanges with the real service, 2013 to 2017, where the recordings lie beside the project.",
    )
