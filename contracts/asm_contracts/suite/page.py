"""The report of runs as a page: one file, without script from anywhere, that a browser opens from disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

_STYLE: Final = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#222;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{text-align:left;padding:.2rem .6rem;
border-bottom:1px solid #ddd;vertical-align:top}td.n{text-align:right}tr.failed td{background:#fde8e8}
tr.none td{color:#888}pre{background:#f5f5f5;padding:.6rem;overflow:auto;white-space:pre-wrap;word-break:break-word}
summary{cursor:pointer}code{font-size:.95em}h2{margin-top:2rem}
@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}pre{background:#262626}
th,td{border-color:#444}tr.failed td{background:#4a1f1f}}
"""
_COLUMNS: Final = ("passed", "failed", "not_expressible")


def page(*reports: Mapping[str, Any]) -> str:
    """One page for the reports of one or several drivers against one endpoint."""
    drivers = [str(one["driver"]) for one in reports]
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>",
        f"<title>Contracts: {escape(', '.join(drivers))}</title><style>{_STYLE}</style><h1>Contract suite</h1>",
        *(_totals(one) for one in reports),
        "<h2>Operations</h2><p>Tests per operation and driver; <em>n.e.</em>: its client cannot express it.</p>",
        _operations(reports),
        "<h2>Failures</h2>",
        *(_failures(one) for one in reports),
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _totals(report: Mapping[str, Any]) -> str:
    outcomes = ", ".join(f"{count} {name}" for name, count in report["outcomes"].items()) or "nothing ran"
    unserved = f"; not served: {escape(', '.join(report['unserved']))}" if report["unserved"] else ""
    return f"<p>Driver <code>{escape(str(report['driver']))}</code>: {outcomes}{unserved}.</p>"


def _operations(reports: Iterable[Mapping[str, Any]]) -> str:
    runs = list(reports)
    heads = "".join(f"<th colspan=3>{escape(str(one['driver']))}</th>" for one in runs)
    columns = "<th>passed</th><th>failed</th><th>n.e.</th>" * len(runs)
    lines = [f"<table><tr><th rowspan=2>operation</th>{heads}<th rowspan=2>evidence</th></tr><tr>{columns}</tr>"]
    for name, first in runs[0]["operations"].items():
        found = [one["operations"][name] for one in runs]
        failed, touched = any(one["failed"] for one in found), any(one["passed"] for one in found)
        cells = "".join(f"<td class=n>{one[column] or ''}</td>" for one in found for column in _COLUMNS)
        evidence = sorted({kind for one in found for kind in one["evidence"]})
        look = "failed" if failed else "" if touched else "none"
        lines.append(
            f"<tr class='{look}'><td><code>{escape(name)}</code> <small>{escape(first['area'])}</small></td>"
            f"{cells}<td>{', '.join(evidence)}</td></tr>"
        )
    return "\n".join([*lines, "</table>"])


def _failures(report: Mapping[str, Any]) -> str:
    failed = [one for one in report["tests"] if one["outcome"] == "failed"]
    if not failed:
        return f"<p>None with driver <code>{escape(str(report['driver']))}</code>.</p>"
    return "\n".join(_failure(one) for one in failed)


def _failure(test: Mapping[str, Any]) -> str:
    evidence = "; ".join(f"{one['class']}: {one['source']}" for one in test["evidence"])
    lines = [
        f"<details><summary><code>{escape(test['test'])}</code></summary><p>{escape(evidence)}</p>",
        f"<pre>{escape(test['reason'])}</pre>",
    ]
    for one in test["exchanges"]:
        request, response = one["request"], one["response"]
        lines.append(
            f"<details><summary><code>{escape(request['verb'])} {escape(request['path'])}</code> "
            f"{response['status']}</summary><pre>{escape(_message(request))}</pre>"
            f"<pre>{escape(_message(response))}</pre></details>"
        )
    return "\n".join([*lines, "</details>"])


def _message(one: Mapping[str, Any]) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in one["headers"].items())
    return f"{headers}\n\n{one['body']}"
