"""Mixed load for a long time, with faults on: ``make soak``.

A server as users start it, with ``--state``, in a process of its own.  Six callers work on it: who reads, who makes
machines and takes them away, who changes many small things, who opens connections and treats them badly, who keeps one
connection for ever, and who works the control plane.  Meanwhile fault rules cut, spoil, delay and refuse.  Every few
seconds it is written down what the server has: memory, threads, open files, connections.

After a warm-up memory must be flat (the slope of a straight line through the samples), and when the callers are gone
threads, files and connections must be as many as before they came.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from asm_client.client import Client
from asm_client.errors import UnreadableAnswer
from asm_client.transport import ConnectionFailed, HttpsTransport
from asm_contracts.areas.affinity_groups import CreateAffinityGroup
from asm_contracts.areas.hosted_services import CreateHostedService, UpdateHostedService
from asm_contracts.areas.images import AddOSImage
from asm_contracts.areas.reserved_ips import CreateReservedIP
from asm_contracts.areas.security_groups import CreateNetworkSecurityGroup
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment, ShutdownRoleOperation
from asm_contracts.errors import ServiceError
from asm_contracts.operation import DeploymentName
from asm_contracts.suite.machines import endpoint, linux_role
from asm_emulator.controlling import Control, ControlError
from asm_emulator.server import Limits

ROOT = Path(__file__).parent.parent
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
OTHER = "00000000-0000-0000-0000-000000000002"
LOCATION = "West US"
SAMPLE = 5.0
"""Seconds between two samples."""
IDLE = Limits().idle
"""Seconds after which the server itself ends a connection that nobody uses."""
FLAT = 2048
"""KiB that memory may grow in an hour, by the line through the samples."""
FAULTS: list[dict[str, Any]] = [
    {"answer": "error", "code": "ServerBusy", "chance": 0.02},
    {"answer": "drop", "when": "before", "chance": 0.01},
    {"answer": "drop", "when": "after", "chance": 0.01},
    {"answer": "cut", "chance": 0.01},
    {"answer": "spoil", "how": "binary", "chance": 0.01},
    {"answer": "delay", "seconds": 0.05, "chance": 0.02},
    {"answer": "fail", "code": "InternalError", "chance": 0.05},
]


class Over(Exception):
    """The time is up."""


@dataclass
class Sample:
    """What the server has at a moment."""

    seconds: float
    kib: int
    threads: int
    files: int
    sockets: int


def sample(process: int, began: float) -> Sample:
    """Look at a process."""
    status = Path(f"/proc/{process}/status").read_text()
    files = []
    for one in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):
            files.append(str(one.readlink()))

    def number(name: str) -> int:
        found = re.search(rf"{name}:\s+(\d+)", status)
        assert found is not None
        return int(found[1])

    return Sample(
        time.monotonic() - began,
        number("VmRSS"),
        number("Threads"),
        len(files),
        sum(one.startswith("socket:") for one in files),
    )


def slope(samples: list[Sample]) -> float:
    """KiB an hour, of the straight line that is nearest to the samples."""
    at, kib = [one.seconds / 3600 for one in samples], [float(one.kib) for one in samples]
    middle, level = fmean(at), fmean(kib)
    spread = sum((one - middle) ** 2 for one in at)
    return sum((x - middle) * (y - level) for x, y in zip(at, kib, strict=True)) / spread if spread else 0.0


# -- callers ----------------------------------------------------------------------------------------------------------


@dataclass
class Where:
    """What callers know of the server."""

    endpoint: str
    control: str
    certs: Path
    pause: float
    over: threading.Event = field(default_factory=threading.Event)
    counts: dict[str, int] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    def azure(self, subscription: str) -> Client:
        transport = HttpsTransport(self.endpoint, self.certs / "management.pem", ca=self.certs / "ca.pem")
        return Client(transport, subscription)

    def count(self, what: str) -> None:
        """One more; callers have names of their own, so no two threads count the same."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def rest(self) -> None:
        """Leave the processor to others; Over at the end."""
        if self.over.wait(self.pause):
            raise Over


def tried(where: Where, who: str, call: Callable[[], Any]) -> Any:
    """Call; None where it was refused or the answer was lost or spoilt, as fault rules have it."""
    where.rest()
    try:
        found = call()
    except ServiceError as refused:
        where.count(f"{who}: refused")
        if refused.http_status == 500 and refused.error_code == "InternalError":
            where.trouble.append(f"{who}: {refused}")
        return None
    except (ConnectionFailed, UnreadableAnswer):
        where.count(f"{who}: lost or spoilt")
        return None
    where.count(f"{who}: answered")
    return found


def wait(where: Where, who: str, azure: Client, accepted: Any) -> None:
    """Wait for an operation, whatever it comes to."""
    for _ in range(400):
        found = None
        if accepted is not None:
            found = tried(where, who, lambda: azure.get_operation_status(accepted.request_id))
        if accepted is None or (found is not None and found.status != "InProgress"):
            return


def reads(where: Where) -> None:
    """Looks at everything there is."""
    with where.azure(SUBSCRIPTION) as azure, where.azure(OTHER) as other:
        calls = ("list_hosted_services", "list_storage_accounts", "list_disks", "list_locations", "list_role_sizes",
                 "list_affinity_groups", "list_reserved_ip_addresses", "get_subscription")  # fmt: skip
        while True:
            for one in (azure, other):
                for name in calls:
                    tried(where, "reader", getattr(one, name))


def makes_machines(where: Where) -> None:
    """Makes a deployment with two machines, stops one, and takes everything away again."""
    who = "machines"
    with where.azure(OTHER) as azure:
        for number in range(10**9):
            name, account = f"soak-{number % 7}", f"soak{number % 7}"
            tried(where, who, lambda n=name: azure.create_hosted_service(
                CreateHostedService(service_name=n, label=n, location=LOCATION)))  # fmt: skip
            made = tried(where, who, lambda n=account: azure.create_storage_account(
                CreateStorageServiceInput(service_name=n, label=n, location=LOCATION)))  # fmt: skip
            wait(where, who, azure, made)
            link = f"https://{account}.blob.core.windows.net/vhds"
            tried(where, who, lambda n=account, at=link: azure.add_os_image(
                AddOSImage(label=n, media_link=f"{at}/image.vhd", name=f"image-{n}", os="Linux")))  # fmt: skip
            roles = tuple(
                linux_role(
                    f"{name}-{one}",
                    f"image-{account}",
                    f"{link}/{number}-{one}.vhd",
                    endpoints=(endpoint("ssh", 22 + one, 22),),
                )
                for one in range(2)
            )
            body = CreateVirtualMachineDeployment(name=name, deployment_slot="Production", label=name, role_list=roles)
            wait(
                where,
                who,
                azure,
                tried(where, who, lambda n=name, b=body: azure.create_virtual_machine_deployment(n, b)),
            )
            tried(where, who, lambda n=name: azure.get_deployment(n, DeploymentName(n)))
            stop = ShutdownRoleOperation(operation_type="ShutdownRoleOperation", post_shutdown_action="Stopped")
            wait(where, who, azure, tried(
                where, who, lambda n=name, b=stop: azure.shutdown_role(n, DeploymentName(n), f"{n}-0", b)))  # fmt: skip
            wait(where, who, azure, tried(where, who, lambda n=name: azure.delete_hosted_service_and_media(n)))
            tried(where, who, lambda n=account: azure.delete_os_image_and_media(f"image-{n}"))
            tried(where, who, lambda n=account: azure.delete_storage_account(n))
            if number % 20 == 19:  # what faults have left
                Control(where.control).reset_subscription(OTHER)


def changes_small_things(where: Where) -> None:
    """Makes, changes and deletes what costs little, and is refused a lot."""
    who = "changes"
    with where.azure(SUBSCRIPTION) as azure:
        for number in range(10**9):
            name = f"small-{number % 5}"
            tried(where, who, lambda n=name: azure.create_hosted_service(
                CreateHostedService(service_name=n, label=n, location=LOCATION)))  # fmt: skip
            tried(where, who, lambda n=name, x=number: azure.update_hosted_service(
                n, UpdateHostedService(label=f"label {x}")))  # fmt: skip
            tried(where, who, lambda n=name: azure.create_affinity_group(
                CreateAffinityGroup(name=n, label=n, location=LOCATION)))  # fmt: skip
            tried(where, who, lambda n=name: azure.create_network_security_group(
                CreateNetworkSecurityGroup(name=n, label=n, location=LOCATION)))  # fmt: skip
            tried(where, who, lambda n=name: azure.create_reserved_ip_address(
                CreateReservedIP(name=n, label=n, location=LOCATION)))  # fmt: skip
            tried(where, who, lambda: azure.get_hosted_service("nothing-of-this-name"))
            tried(where, who, lambda: azure.delete_disk("nothing-of-this-name"))
            tried(where, who, lambda n=name: azure.delete_hosted_service(n))
            tried(where, who, lambda n=name: azure.delete_affinity_group(n))
            tried(where, who, lambda n=name: azure.delete_network_security_group(n))
            tried(where, who, lambda n=name: azure.delete_reserved_ip_address(n))


def treats_connections_badly(where: Where) -> None:
    """Comes without a certificate, speaks no HTTP, leaves in the middle, and does not wait for answers."""
    address = ("localhost", int(where.endpoint.rpartition(":")[2]))
    with_certificate = ssl.create_default_context(cafile=str(where.certs / "ca.pem"))
    with_certificate.load_cert_chain(where.certs / "management.pem")
    without = ssl.create_default_context(cafile=str(where.certs / "ca.pem"))
    head = f"GET /{SUBSCRIPTION}/services/hostedservices HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2014-10-01\r\n"
    ways: list[tuple[ssl.SSLContext | None, bytes, bool]] = [
        (None, b"", False),
        (None, b"GET / HTTP/1.1\r\n\r\n", True),
        (without, f"{head}\r\n".encode(), True),
        (with_certificate, head.encode(), False),
        (with_certificate, f"{head}\r\n".encode() * 5, False),
        (with_certificate, f"{head}Connection: close\r\n\r\n".encode(), True),
        (with_certificate, b"\x00\xff nonsense\r\n\r\n", True),
    ]
    dice = random.Random(1)
    while True:
        where.rest()
        context, data, listens = dice.choice(ways)
        with suppress(OSError), socket.create_connection(address, timeout=10) as raw:
            plain: socket.socket = raw if context is None else context.wrap_socket(raw, server_hostname="localhost")
            with plain:
                plain.sendall(data)
                if listens:
                    plain.settimeout(5)
                    while plain.recv(65536):
                        pass
        where.count("bad connections: opened")


def stays(where: Where) -> None:
    """Keeps one connection, and asks now and then."""
    with where.azure(SUBSCRIPTION) as azure:
        while True:
            for _ in range(20):
                where.rest()
            tried(where, "stays", azure.list_hosted_services)


def works_the_control_plane(where: Where) -> None:
    """Makes subscriptions and snapshots and lets them go, moves the time, reads the logs, and keeps faults on."""
    control = Control(where.control)
    for number in range(10**9):
        calls: list[Callable[[], Any]] = [
            lambda: control.create_subscription("00000000-0000-0000-0000-0000000000ff", name="guest", isolate=True),
            lambda n=number: control.take_snapshot(f"soak-{n % 3}"),
            lambda: control.advance(0.5),
            lambda: control.list_operations(OTHER),
            lambda: control.list_requests(last=100, bodies=True),
            lambda: control.diff_snapshots("soak-0"),
            control.list_faults,
            control.health,
            lambda: control.delete_snapshot("soak-1"),
            lambda: control.delete_subscription("00000000-0000-0000-0000-0000000000ff"),
        ]
        for call in calls:
            for _ in range(5):
                where.rest()
            try:
                call()
                where.count("control: answered")
            except ControlError:
                where.count("control: refused")


CALLERS = (reads, makes_machines, changes_small_things, treats_connections_badly, stays, works_the_control_plane)

# -- the server and the run -------------------------------------------------------------------------------------------


@contextmanager
def serving(directory: Path, pause: float) -> Iterator[tuple[subprocess.Popen[str], Where]]:
    """A server as users start it, with state."""
    command = [sys.executable, "-m", "asm_emulator.cli", "serve", "--port", "0", "--control-port", "0"]
    kept = ["--certs", str(directory / "certs"), "--state", str(directory / "state"), "--quota", "cores=1000"]
    process = subprocess.Popen([*command, *kept], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        said: dict[str, str] = {}
        for line in process.stdout:
            word, _, rest = line.strip().partition(" ")
            said[word] = rest.strip()
            if word == "try:":
                break
        yield process, Where(said["endpoint"], said["control"], directory / "certs", pause)
    finally:
        process.terminate()
        process.communicate(timeout=30)


@dataclass
class Result:
    """What a run has found."""

    minutes: float
    samples: list[Sample]
    before: Sample
    after: Sample
    counts: dict[str, int]
    trouble: list[str]
    directory_kib: int

    @property
    def steady(self) -> list[Sample]:
        """The samples after the warm-up, which is the first third."""
        return self.samples[len(self.samples) // 3 :]


def run(minutes: float, pause: float, say: Callable[[str], object]) -> Result:
    """Work for so many minutes; `pause` is what each caller rests between two calls, in seconds."""
    with tempfile.TemporaryDirectory(prefix="asm-soak-") as scratch:
        directory = Path(scratch)
        with serving(directory, pause) as (process, where):
            control = Control(where.control)
            control.create_subscription(OTHER, name="machines", quotas={"cores": 1000, "hosted_services": 100})
            began = time.monotonic()
            _touch(where)
            before = _settled(process.pid, began)
            for rule in FAULTS:
                control.add_fault(times=None, **rule)
            threads = [threading.Thread(target=_until_over, args=(one, where), daemon=True) for one in CALLERS]
            for thread in threads:
                thread.start()
            samples: list[Sample] = []
            while (left := minutes * 60 - (time.monotonic() - began)) > 0:
                time.sleep(min(SAMPLE, left))
                samples.append(sample(process.pid, began))
                say(json.dumps({**asdict(samples[-1]), "calls": sum(where.counts.values())}))
            where.over.set()
            for thread in threads:
                thread.join(60)
            control.clear_faults()
            for name in ("soak-0", "soak-1", "soak-2"):
                with suppress(ControlError):
                    control.delete_snapshot(name)
            _touch(where)
            after = _settled(process.pid, began, wanted=before)
            size = sum(one.stat().st_size for one in (directory / "state").iterdir()) // 1024
            return Result(samples[-1].seconds / 60, samples, before, after, where.counts, where.trouble, size)


def _until_over(caller: Callable[[Where], None], where: Where) -> None:
    try:
        caller(where)
    except Over:
        return
    except Exception as problem:
        where.trouble.append(f"{caller.__name__} has ended: {problem!r}")


def _touch(where: Where) -> None:
    """One call of each kind, so that what is made once is made."""
    with where.azure(SUBSCRIPTION) as azure:
        azure.list_hosted_services()
    Control(where.control).health()


def _settled(process: int, began: float, wanted: Sample | None = None) -> Sample:
    """The server once it holds nothing of callers who have gone; what it has when it has had time enough for that."""
    gc.collect()  # what a lost answer has left of a caller's connection is open until then
    ends = time.monotonic() + (3 if wanted is None else IDLE + 20)
    while True:
        found = sample(process, began)
        if time.monotonic() > ends or (
            wanted is not None
            and (found.threads, found.files, found.sockets) <= (wanted.threads, wanted.files, wanted.sockets)
            and found.files <= wanted.files
        ):
            return found
        time.sleep(0.2)


def main() -> int:
    """Soak, say what was found, and with ``--record`` write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="how long (default %(default)s)")
    parser.add_argument("--pause", type=float, default=0.02, help="what callers rest between calls, in seconds")
    parser.add_argument("--record", action="store_true", help="write the figures into docs/figures")
    given = parser.parse_args()
    result = run(given.minutes, given.pause, lambda line: print(line, flush=True))
    print(json.dumps({"counts": result.counts, "trouble": result.trouble[:20]}, indent=1))
    leaked = [
        name for name in ("threads", "files", "sockets") if getattr(result.after, name) > getattr(result.before, name)
    ]
    print(f"slope {slope(result.steady):.0f} KiB/hour, leaked {leaked}, before {result.before}, after {result.after}")
    if given.record:
        _record(result, leaked)
    return 1 if result.trouble or leaked else 0


def _record(result: Result, leaked: list[str]) -> None:
    from docs.figures import Figure, record

    steady = result.steady
    growth = slope(steady)
    kib = [one.kib for one in steady]
    calls = sum(result.counts.values())
    record(
        "40-soak",
        "Soak: mixed load for a long time, with faults on",
        f"make soak ARGS='--minutes {result.minutes:.0f} --record'",
        [
            Figure("true length", f"{result.minutes:.1f} minutes, {calls} calls and connections",
                   raw=dict(sorted(result.counts.items()))),
            Figure(
                "memory after the warm-up (the first third): slope of the line through the samples",
                f"{growth:+.0f} KiB/hour",
                f"under {FLAT} KiB/hour",
                growth < FLAT,
                f"the samples lie between {min(kib)} and {max(kib)} KiB; a longer run says more" if growth >= FLAT else "",
                {"samples": len(steady), "least KiB": min(kib), "most KiB": max(kib),
                 "first sample": result.samples[0].kib, "last sample": result.samples[-1].kib},
            ),
            Figure(
                "threads, open files and sockets: before the callers came, and after they have gone",
                f"{result.before.threads}/{result.before.files}/{result.before.sockets} and "
                f"{result.after.threads}/{result.after.files}/{result.after.sockets}",
                "none more",
                not leaked,
                f"more {', '.join(leaked)}" if leaked else "",
                {"most threads": max(one.threads for one in result.samples),
                 "most files": max(one.files for one in result.samples)},
            ),
            Figure("answers of 500 InternalError that no fault rule gave, and callers that ended", str(len(result.trouble)),
                   "none", not result.trouble, "; ".join(result.trouble[:3])),
            Figure("directory of state at the end", f"{result.directory_kib} KiB"),
        ],
        "Six callers and a control plane, with rules that refuse, drop, cut, spoil, delay and fail a few of a hundred calls.",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
