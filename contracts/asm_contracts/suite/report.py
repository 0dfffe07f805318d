"""What a run has shown, per operation and driver: how often it was right, how often refused as it should be, and how we
know what is right."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asm_contracts.catalogue import all_operations


@dataclass(slots=True)
class Tested:
    """One test, when it has ended."""

    test: str
    outcome: str
    reason: str = ""
    evidence: list[tuple[str, str]] = field(default_factory=list)
    calls: list[tuple[str, int, str]] = field(default_factory=list)
    unserved: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    """Operations that the driver's client has no words for."""
    about: str = ""
    """The operation that a generated case is for."""
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    """Of a failed test: what went over the wire, without secrets."""


@dataclass(slots=True)
class Report:
    """The tests of a run."""

    driver: str
    tests: list[Tested] = field(default_factory=list)

    def add(self, test: Tested) -> None:
        """Note a test that has ended."""
        self.tests.append(test)

    @property
    def unserved(self) -> list[str]:
        """The operations that the endpoint answered with 501."""
        return sorted({name for test in self.tests for name in test.unserved})

    def operations(self) -> dict[str, Any]:
        """Per operation: successes and refusals that passing tests have checked, failures, and evidence by class."""
        found: dict[str, Any] = {}
        by_name: dict[str | None, list[Tested]] = {}
        for test in self.tests:
            for name in {test.about, *test.unsaid, *(call[0] for call in test.calls)}:
                by_name.setdefault(name, []).append(test)
        for declared in all_operations():
            driven = positive = negative = failed = passed = generated = unsaid = 0
            classes: Counter[str] = Counter()
            for test in by_name.get(declared.name, ()):
                touched = [call for call in test.calls if call[0] == declared.name]
                unsaid += declared.name in test.unsaid
                generated += test.about == declared.name and test.outcome == "passed"
                if test.about == declared.name and test.outcome == "failed" and not touched:
                    failed += 1
                if not touched:
                    continue
                # A test that ends where its client has no words has carried out what came before.
                driven += test.outcome != "failed" and any(status < 400 for _, status, _ in touched)
                if test.outcome == "failed":
                    failed += 1
                elif test.outcome == "passed":
                    passed += 1
                    positive += any(status < 400 for _, status, _ in touched)
                    negative += any(status >= 400 for _, status, _ in touched)
                    classes.update({kind for kind, _ in test.evidence})
            found[declared.name] = {
                "area": declared.area,
                "passed": passed + generated,
                "driven": driven,
                "positive": positive,
                "negative": negative,
                "generated": generated,
                "failed": failed,
                "not_expressible": unsaid,
                "evidence": dict(sorted(classes.items())),
                "served": declared.name not in self.unserved,
            }
        return found

    def as_json(self) -> dict[str, Any]:
        """The whole run as plain data."""
        return {
            "driver": self.driver,
            "outcomes": dict(sorted(Counter(test.outcome for test in self.tests).items())),
            "unserved": self.unserved,
            "operations": self.operations(),
            "tests": [
                {
                    "test": test.test,
                    "outcome": test.outcome,
                    "reason": test.reason,
                    "evidence": [{"class": kind, "source": source} for kind, source in test.evidence],
                    "about": test.about,
                    "exchanges": test.exchanges,
                    "calls": [{"operation": name, "status": status, "code": code} for name, status, code in test.calls],
                }
                for test in self.tests
            ],
        }

    def write(self, path: Path) -> None:
        """Write the run as JSON."""
        path.write_text(json.dumps(self.as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def lines(self) -> list[str]:
        """The run for people, in a few lines."""
        operations = self.operations()
        driven = sum(1 for one in operations.values() if one["driven"])
        refused = sum(1 for one in operations.values() if one["negative"])
        lines = [
            f"driver {self.driver}: of {len(operations)} operations {driven} were carried out, {refused} to refuse"
        ]
        if self.unserved:
            lines.append(f"not served by the endpoint: {', '.join(self.unserved)}")
        return lines
