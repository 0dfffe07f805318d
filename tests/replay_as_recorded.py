"""The scorer's replay, on the recording's own day, in the recording's own time and among what the recording itself lists.

The scorer as it stands knows neither: it replays 2015 and 2017 against one catalogue and in its own time, takes every
network to be 10.0.0.0/16, and asks for the stand-ins of secrets back.  Here every recording gets an emulator of its day,
whose clock goes as the recording's did, with the networks, accounts, groups and reserved IPs that its answers show; what
a client sent and only an answer still shows is sent.  Stand-ins for secrets are not compared, and neither is the scale
unit that a site came to, which was chance.  Options are the scorer's.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from asm_client.transport import WSGITransport
from asm_emulator.clock import ManualClock
from asm_emulator.driver import certificate
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator

WIRE = Path(__file__).parent.parent.parent / "shared" / "wire"
sys.path.insert(0, str(WIRE))

import compare  # noqa: E402
import placeholders  # noqa: E402
import synth  # noqa: E402
from plan import seeds  # noqa: E402
from wirelib import parse_body  # noqa: E402

import fidelity as scorer  # noqa: E402

STEP = timedelta(seconds=5)
"""How far a moment of the scorer's patience moves the clock: clients polled every 5 seconds."""

CHANCE = ("/HomeStamp", "/DeploymentId")
"""What says which scale unit a site, or a slot's copy of it, came to."""

STAND_INS = {value for name, value in vars(placeholders).items() if name.isupper() and isinstance(value, str)}

CERTIFICATE = certificate("replay")
CLOUD: list[Emulator] = []


class Cloud(scorer.Emulator):  # type: ignore[misc]
    """The endpoint: the emulator of the recording that is being replayed, without a socket."""

    def __init__(self, args: Any) -> None:
        self.args, self.trace = args, {}

    def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: str | None = None
    ) -> tuple[int, dict[str, str], str]:
        """As the scorer's: status, headers by lower-case name, text."""
        given = {"accept": "*/*", **(headers or {}), **({"content-length": str(len(body.encode()))} if body else {})}
        transport = WSGITransport(CLOUD[-1].app.wsgi_app, CERTIFICATE)
        answer = transport.send(method, path, given, (body or "").encode())
        return answer.status, dict(answer.headers), answer.body.decode("utf-8")

    def reset(self, recording: str) -> None:
        """Nothing: every recording has its own."""


class AsRecorded(scorer.Replay):  # type: ignore[misc]
    """One recording, in its own time."""

    def __init__(self, emulator: Cloud, args: Any, key: Any, rows: list[Any], facts: Any) -> None:
        super().__init__(emulator, args, key, rows, facts)
        self.subscription = DEFAULT_SUBSCRIPTION
        self.passed = timedelta()
        dates = [row["response_headers"]["date"] for row in rows if "date" in row["response_headers"]]
        self.start = parsedate_to_datetime(dates[0]) if dates else datetime(2015, 7, 1).astimezone()
        self.shown = [node for row in rows if (node := parse_body(row["response_body"])[1]) is not None]
        born = [one.text for one in self._all("CreatedTime") if one.text]
        if not dates and born:  # the most frequent day, as an account has older things too
            day = Counter(one[:10] for one in born).most_common(1)[0][0]
            self.start = datetime.fromisoformat(min(one for one in born if one[:10] == day)[:19] + "+00:00")

    def run(self) -> Any:
        """Replay against an emulator of the day, whose clock stands until the recording's next moment."""
        cloud = Emulator(
            pace="manual", clock=ManualClock(self.start - timedelta(hours=1)), day=self.start.date(),
            certificates=[CERTIFICATE],
        )  # fmt: skip
        CLOUD[:] = [cloud]
        return super().run()

    def play(self, step: Any) -> Any:
        """Wait for the exchange's moment, and send it.

        Where the scorer's patience has moved the clock past it, as long as the recording's client waited after the last.
        """
        passed = timedelta(seconds=step.row["elapsed"])
        cloud = CLOUD[-1]
        cloud.advance(max(timedelta(), passed - self.passed, self.start + passed - cloud.engine.clock.now()))
        self.passed = passed
        return super().play(step)

    def follow(self, row: Any, answer: Any) -> None:
        """Nothing: the clock says whether an operation has ended by the next exchange."""

    # -- what was there --------------------------------------------------------------------------------------------

    def _all(self, element: str) -> Iterator[Any]:
        for node in self.shown:
            if node.name == element:
                yield node
            yield from node.iter(element)

    def _found(self, element: str, name: str, key: str = "Name") -> Any:
        return next((one for one in self._all(element) if (one.child_text(key) or "").lower() == name.lower()), None)

    def _post(self, path: str, body: str, kind: str = "application/xml", method: str = "POST") -> None:
        self.seed(method, f"/{self.subscription}/{path}", {"x-ms-version": "2014-10-01", "content-type": kind}, body)

    def plant_seeds(self) -> None:
        """What the requests take for granted, as the recording's answers show it; else as the scorer guesses it."""
        wanted = seeds(self.steps)
        for name in wanted["affinitygroup"]:
            group = self._found("AffinityGroup", name)
            place = (group.child_text("Location") if group is not None else None) or "West US"
            self._post("affinitygroups", (scorer.SEED_AFFINITY % {"name": name}).replace("West US", place))
        for name in wanted["storage"]:
            account = self._found("StorageService", name, "ServiceName")
            inside = account.find("StorageServiceProperties") if account is not None else None
            group = inside.child_text("AffinityGroup") if inside is not None else self._group_of_disks(name)
            place = (inside.child_text("Location") if inside is not None else None) or "West US"
            where = f"<AffinityGroup>{group}</AffinityGroup>" if group else f"<Location>{place}</Location>"
            body = (scorer.SEED_STORAGE % {"name": name}).replace("<Location>West US</Location>", where)
            self._post("services/storageservices", body)
        sites = "".join(filter(None, (self._site(name, subnets) for name, subnets in wanted["vnet"])))
        if sites:
            self._post("services/networking/media", scorer.SEED_NETWORK % sites, "text/plain", "PUT")
        text = " ".join(step.body or "" for step in self.steps if not step.skip)
        for name in dict.fromkeys(re.findall(r"<ReservedIPName>([^<]+)<", text)):
            known = self._found("ReservedIP", name)
            if known is not None:
                place = known.child_text("Location") or "West US"
                self._post(
                    "services/networking/reservedips",
                    f"<ReservedIP {scorer.NS}><Name>{name}</Name><Location>{place}</Location></ReservedIP>",
                )

    def _group_of_disks(self, account: str) -> str | None:
        """The affinity group of an account that no answer shows but by its disks."""
        disks = (one for one in self._all("Disk") if f"//{account}." in (one.child_text("MediaLink") or ""))
        found = next(disks, None)
        return found.child_text("AffinityGroup") or None if found is not None else None

    def _site(self, name: str, subnets: list[str]) -> str | None:
        if any(name in (node.child_text("Message") or "") for node in self.shown if node.name == "Error"):
            return None  # the recording was told that it does not exist
        site = self._found("VirtualNetworkSite", name)
        if site is None:
            parts = "".join(scorer.SEED_SUBNET % {"name": one, "n": place} for place, one in enumerate(subnets))
            return str(scorer.SEED_SITE % {"name": name, "subnets": parts})
        group, place = site.child_text("AffinityGroup"), site.child_text("Location") or "West US"
        where = f'AffinityGroup="{group}"' if group else f'Location="{place}"'
        prefixes = "".join(
            f"<AddressPrefix>{one.text}</AddressPrefix>" for one in site.find("AddressSpace").iter("AddressPrefix")
        )
        inner = "".join(
            f'<Subnet name="{one.child_text("Name")}"><AddressPrefix>{one.child_text("AddressPrefix")}</AddressPrefix>'
            "</Subnet>"
            for one in site.find("Subnets").children
        )
        return (
            f'<VirtualNetworkSite name="{name}" {where}><AddressSpace>{prefixes}</AddressSpace>'
            f"<Subnets>{inner}</Subnets></VirtualNetworkSite>"
        )


# -- what the scorer is told ------------------------------------------------------------------------------------------


def _role_with_diagnostics(role: Any, root: str | None = None) -> str:
    """A role as a client sent it: azure-cli asked for boot diagnostics, which answers show and stand-ins leave out."""
    text: str = _ROLE_XML(role, root)
    settings = role.find("DebugSettings")
    if settings is None:
        return text
    asked = settings.child_text("BootDiagnosticsEnabled") or "true"
    opening, _, closing = text.rpartition("</")
    return (
        f"{opening}<DebugSettings><BootDiagnosticsEnabled>{asked}</BootDiagnosticsEnabled></DebugSettings></{closing}"
    )


def _machine_of_its_disk(rows: Any, index: int) -> str | None:
    """A deployment as a client sent it: of the disk that an earlier machine has left, where the answer shows that one."""
    text: str | None = _DEPLOYMENT(rows, index)
    found = synth.deployment_of(rows, index, synth.names_of(rows[index])["service"])
    disk = next(iter(found.iter("OSVirtualHardDisk")), None) if text and found is not None else None
    name = disk.child_text("DiskName") if disk is not None else None
    left = f"<Name>{name}</Name>"
    if not text or not any(left in (row["response_body"] or "") for row in rows[:index] if "/disks/" in row["path"]):
        return text
    text = re.sub(r'<ConfigurationSet i:type="\w+ProvisioningConfigurationSet">.*?</ConfigurationSet>', "", text)
    kept = f"<OSVirtualHardDisk><DiskName>{name}</DiskName></OSVirtualHardDisk>"
    return re.sub(r"<OSVirtualHardDisk>.*?</OSVirtualHardDisk>", kept, text)


def _changed_site(rows: Any, index: int) -> str | None:
    """The change of a site with the state that its answer shows: azure-cli stops and starts sites so."""
    text = _SITE(rows, index)
    node = parse_body(rows[index]["response_body"])[1]
    state = node.child_text("State") if node is not None else None
    return text.replace("<WebSpace>", f"<State>{state}</State><WebSpace>") if text and state else text


def _bound_route_table(rows: Any, index: int) -> str | None:
    """What azure-asm-network sends to give a subnet a route table."""
    for _row, node in synth.later(rows, index, r"/subnets/\{subnet\}/routetables$"):
        return str(
            synth.document("RouteTableAssociation", synth.tag("RouteTableName", node.child_text("RouteTableName")))
        )
    return None


def _volatile(path: str, want: Any, learnt: Any) -> bool:
    return (want.text or "") in STAND_INS or path.endswith(CHANCE) or bool(_VOLATILE(path, want, learnt))


def _sleep(_seconds: float) -> None:
    CLOUD[-1].advance(STEP)
    PATIENCE[0] += _seconds


PATIENCE = [0.0]
_ROLE_XML, _VOLATILE, _SITE, _DEPLOYMENT = synth.role_xml, compare.volatile, synth.site, synth.vm_deployment


def main() -> None:
    """Run the scorer on this replay."""
    synth.role_xml, compare.volatile = _role_with_diagnostics, _volatile
    synth.BUILDERS[:0] = [
        (r"POST .*/subnets/\{subnet\}/routetables$", _bound_route_table),
        (r"PUT .*/sites/\{site\}$", _changed_site),
        (r"POST .*/deployments$", _machine_of_its_disk),
    ]
    scorer.Emulator, scorer.Replay = Cloud, AsRecorded
    scorer.time = SimpleNamespace(sleep=_sleep, monotonic=lambda: PATIENCE[0])
    sys.argv[1:] = [
        "--endpoint",
        "in-process",
        "--subscription",
        DEFAULT_SUBSCRIPTION,
        "--same-subscription",
        *sys.argv[1:],
    ]
    with contextlib.suppress(BrokenPipeError):
        sys.exit(scorer.main())


if __name__ == "__main__":
    main()
