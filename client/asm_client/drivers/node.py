"""The contract suite's driver that is npm's ``azure-asm-*`` libraries: foreign clients, in a Node process of their own.

They are looked for in the folder that ``ASM_CONTRACTS_NODE_MODULES`` names, else in ``build/tools/node_modules`` (where
``make test-tools`` puts them) or ``node_modules`` of the working directory.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from asm_client.drivers import node_documents as convert
from asm_client.drivers import partial
from asm_client.drivers.node_library import Library, Method
from asm_contracts.errors import ERRORS, ServiceError
from asm_contracts.operation import (
    Accepted,
    Created,
    DeploymentKey,
    DeploymentName,
    DeploymentSlot,
    Made,
    Operation,
    RawBody,
)
from asm_contracts.suite.driver import NotConfigured, NotExpressible, Settings
from asm_contracts.suite.exchanges import Hear

VARIABLE: Final = "ASM_CONTRACTS_NODE_MODULES"
_PLACES: Final = ("build/tools/node_modules", "node_modules")
_BRIDGE: Final = Path(__file__).with_name("node_bridge.cjs")


def node_modules() -> Path:
    """Where the libraries are; NotConfigured if nowhere."""
    named = os.environ.get(VARIABLE)
    places = [Path(named)] if named else [Path(one) for one in _PLACES]
    for place in places:
        if (place / "azure-common").is_dir():
            return place.resolve()
    raise NotConfigured(
        f"the azure-asm-* libraries are not in {' or '.join(map(str, places))}: "
        f"npm install them and name the folder in {VARIABLE}"
    )


_INSISTS: Final[dict[str, dict[str, Any]]] = {
    "add_os_image": {"isPremium": False, "showInGui": False},
    "create_site": {"serverFarm": ""},
    "add_data_disk": {"hostCaching": "None"},
    "update_data_disk": {"hostCaching": "None"},
}
"""What the libraries insist on being told, though the service does not."""

_DISLIKES: Final[dict[str, tuple[int, ...]]] = {
    "add_management_certificate": (201,),
    "rollback_update_or_upgrade": (202,),
    "update_disk": (200, 202),
}
"""Statuses of the service that the libraries do not expect."""


class NodeDriver:
    """Carries calls with the libraries of Node.  They do not tell absent, nil and empty elements apart."""

    lossy = True

    def __init__(self, settings: Settings) -> None:
        endpoint, certificate = settings.need_endpoint(), settings.need_certificate()
        node = shutil.which("node")
        if node is None:
            raise NotConfigured("the driver node needs Node: there is no program called node")
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment |= {"NODE_PATH": str(node_modules()), "NODE_NO_WARNINGS": "1"}
        if settings.ca is not None:
            environment["NODE_EXTRA_CA_CERTS"] = str(settings.ca)
        command = [node, str(_BRIDGE), endpoint, settings.subscription, str(certificate)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )
        self._lock = threading.Lock()
        self._hear: Hear | None = None
        said = self._read()
        if not said["methods"]:
            raise NotConfigured(f"none of the libraries could be loaded: {'; '.join(said['missing'])}")
        self.library = Library(said["methods"])

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ConnectionError(f"Node has ended with {self._process.wait(10)}")
        found: dict[str, Any] = json.loads(line)
        return found

    def expresses(self, operation: Operation) -> bool:
        """Whether one of the libraries sends it, whatever the arguments."""
        some: dict[str, Any] = {one.name: _some(one.kind) for one in operation.parameters}
        fewer = some | {one.name: None for one in operation.parameters if not one.required}
        keys = [{"deployment": kind("x")} for kind in (DeploymentName, DeploymentSlot)]
        return any(
            self.library.find(operation, operation.address(given | key))
            for given in (some, fewer)
            for key in (keys if operation.takes_deployment else [{}])
        )

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out."""
        method, values, given = self._method(operation, arguments)
        for one in (one for one in given if isinstance(one, dict)):
            one.update({name: value for name, value in _INSISTS.get(operation.name, {}).items() if name not in one})
        # What the library takes from its client, where one client is for one cloud service.
        own = {path.rpartition(".")[2]: value for path, value in values.items() if path.startswith("this.client.")}
        answer = self._call({"group": method.group, "name": method.name, "given": given, "own": own})
        exchange = answer["exchange"]
        if "error" in answer:
            raise _problem(operation, answer["error"], exchange)
        result = answer["result"] or {}
        status = exchange["status"]
        if operation.returns is Accepted or (operation.may_go_on and status == 202):
            return Accepted(result["requestId"], exchange["answered"].get("location"))
        if operation.returns is Created:
            return Created(exchange["answered"].get("location", ""), result.get("requestId", ""))
        if operation.returns is RawBody:
            texts = [value for name, value in result.items() if name not in ("statusCode", "requestId")]
            if len(texts) != 1 or not isinstance(texts[0], str):
                raise NotExpressible("the library gives the bytes of the answer in parts")
            (text,) = texts
            return RawBody(text.encode(), exchange["answered"].get("content-type", ""))
        if operation.returns is None:
            return None
        if not set(result) - {"statusCode", "requestId"} and operation.answers_document:
            return partial.document(operation.returns, {})  # the library keeps nothing of the answer
        if not method.reads.elements:
            raise NotExpressible("the library gives the answer's bytes on as they are")
        document = convert.document(operation.returns, result, method.reads)
        return Made(document) if operation.may_make and status == 201 else document

    def _method(self, operation: Operation, arguments: Mapping[str, Any]) -> tuple[Method, dict[str, Any], list[Any]]:
        """The closest method that can be told these arguments, with what it is to be told."""
        body = arguments.get("body")
        content = body.data if isinstance(body, RawBody) else body
        why = NotExpressible(f"the libraries of Node do not send {operation.name} with these arguments")
        for method, values in self.library.find(operation, operation.address(arguments)):
            try:
                return method, values, convert.arguments(method, values, content)
            except NotExpressible as problem:
                why = problem
        raise why

    def _call(self, call: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(call) + "\n")
            self._process.stdin.flush()
            answer = self._read()
            seen = answer["exchange"]
            if self._hear is not None and seen is not None:
                parts = urlsplit(seen["url"])
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                sent, body = seen["sent"].encode(), seen["body"].encode()
                self._hear(seen["method"], path, seen["headers"], sent, seen["status"], seen["answered"], body)
            return answer

    def listen(self, hear: Hear) -> None:
        """Tell of every exchange."""
        self._hear = hear

    def close(self) -> None:
        """End Node: it ends with its input."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process.stdout.close()


def _some(kind: Any) -> Any:
    return DeploymentName("x") if kind == DeploymentKey else "x"


def _problem(operation: Operation, error: Mapping[str, Any], exchange: Mapping[str, Any] | None) -> Exception:
    """A refusal of the service; or what the library says before it sends or when it cannot read."""
    if exchange is None:
        return NotExpressible(f"the library refuses by itself: {error['message']}")
    status = exchange["status"]
    if status in _DISLIKES.get(operation.name, ()):
        return NotExpressible(f"the library takes the status {status}, which the service gave, for an error")
    if status < 400:
        return AssertionError(f"the library takes the answer {status} for an error: {error['message'][:200]}")
    code = str(error.get("code") or "")
    refusal = ERRORS.get(code, ServiceError)(str(error["message"]), code=code, status=status)
    refusal.request_id = error.get("requestId")
    return refusal
