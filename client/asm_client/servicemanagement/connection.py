"""What every call of the guide goes through: the connection, names to operations, and waiting."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import requests

from asm_client.client import VERSION, Client
from asm_client.servicemanagement.errors import AzureAsyncOperationHttpError, http_error
from asm_client.servicemanagement.requests import build
from asm_client.servicemanagement.results import present
from asm_client.servicemanagement.vocabulary import AsynchronousOperationResult
from asm_client.transport import MANAGEMENT_HOST, HttpsTransport
from asm_contracts.document import elements
from asm_contracts.errors import ServiceError

AZURE_MANAGEMENT_CERTFILE: Final = "AZURE_MANAGEMENT_CERTFILE"
AZURE_MANAGEMENT_SUBSCRIPTIONID: Final = "AZURE_MANAGEMENT_SUBSCRIPTIONID"
"""Environment variables that stand in for the constructor's arguments."""

X_MS_VERSION: Final = VERSION
DEFAULT_HTTP_TIMEOUT: Final = 65
"""Seconds."""


def show_progress(elapsed: float) -> None:  # noqa: ARG001
    """A dot for every question."""
    sys.stdout.write(".")
    sys.stdout.flush()


def show_success(elapsed: float) -> None:  # noqa: ARG001
    """The end of the line of dots."""
    sys.stdout.write("\n")
    sys.stdout.flush()


def show_failure(elapsed: float, problem: AzureAsyncOperationHttpError) -> None:  # noqa: ARG001
    """The end of the line of dots and how the operation stands; raises the problem."""
    sys.stdout.write(f"\n{problem.result}\n")
    sys.stdout.flush()
    raise problem


class Connection:
    """The service under the guide's name for it; see `ServiceManagementService`."""

    _sleep = staticmethod(time.sleep)

    def __init__(
        self,
        subscription_id: str | None = None,
        cert_file: str | None = None,
        host: str = MANAGEMENT_HOST,
        request_session: requests.Session | None = None,
        timeout: float | None = DEFAULT_HTTP_TIMEOUT,
    ) -> None:
        """Set up the connection; nothing is sent yet.

        subscription_id: the subscription; without it ``AZURE_MANAGEMENT_SUBSCRIPTIONID``
        cert_file:       PEM file of key and certificate; without it ``AZURE_MANAGEMENT_CERTFILE``
        host:            the service, with a port where it is not 443
        request_session: a requests session that brings the certificate (then `cert_file` is not used)
        timeout:         seconds for one request

        Raises ValueError without subscription or certificate, `CertificateUnusable` for a file that does not serve.
        """
        self.subscription_id = subscription_id or os.environ.get(AZURE_MANAGEMENT_SUBSCRIPTIONID)
        self.cert_file = cert_file
        if not cert_file and request_session is None:
            self.cert_file = os.environ.get(AZURE_MANAGEMENT_CERTFILE)
        if not self.subscription_id or (request_session is None and not self.cert_file):
            raise ValueError("a subscription id and a certificate file are needed")
        self.host = host
        self._transport = HttpsTransport(
            host, self.cert_file, session=request_session, connect_timeout=timeout, read_timeout=timeout
        )
        self.client = Client(self._transport, self.subscription_id, version=X_MS_VERSION)

    @property
    def request_session(self) -> requests.Session:
        """The session that carries the requests."""
        return self._transport.session

    @property
    def x_ms_version(self) -> str:
        """The version that requests name; operations younger than it name their own first one."""
        return self.client.version

    @x_ms_version.setter
    def x_ms_version(self, version: str) -> None:
        self.client.version = version

    @property
    def timeout(self) -> float | None:
        """Seconds for one request."""
        return self._transport.read_timeout

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._transport.connect_timeout = self._transport.read_timeout = seconds

    def set_proxy(self, host: str, port: int | str, user: str | None = None, password: str | None = None) -> None:
        """Go through a CONNECT proxy."""
        who = f"{user}:{password}@" if user and password else ""
        self.request_session.proxies["https"] = f"http://{who}{host}:{port}"

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()

    # -- calls ----------------------------------------------------------------------------------------------------

    def _read(self, operation: str, /, **arguments: Any) -> Any:
        """Carry an operation out, and its document as a result."""
        return present(self._reply(operation, arguments, {}).value)

    def _change(
        self, operation: str, body: Mapping[str, Any] | None = None, /, **arguments: Any
    ) -> AsynchronousOperationResult:
        """Carry an operation out, and the request id with which to ask how it goes.

        body: elements that go by the name of something in the address
        """
        return AsynchronousOperationResult(self._reply(operation, arguments, body or {}).request_id)

    def _reply(self, operation: str, arguments: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
        """Arguments that the operation's address has not are elements of its body."""
        declared = self.client.__operations__[operation]
        of_address = {parameter.name for parameter in declared.parameters}
        bound = {name: value for name, value in arguments.items() if name in of_address}
        rest = {name: value for name, value in arguments.items() if name not in of_address} | dict(body)
        known = {one.attribute for one in elements(declared.body)} if declared.body is not None else set()
        if not rest.keys() <= known:
            raise TypeError(f"{operation}() knows no {', '.join(sorted(rest.keys() - known))}")
        if declared.body is not None:
            bound["body"] = build(declared.body, rest, keep_empty=True)
        try:
            return self.client.call(declared, bound)
        except ServiceError as refusal:
            raise http_error(refusal) from refusal

    # -- operations -----------------------------------------------------------------------------------------------

    def get_operation_status(self, request_id: str) -> Any:
        """How the operation that a request began stands: `status`, and when it failed `error`."""
        return self._read("get_operation_status", request_id=request_id)

    def wait_for_operation_status(
        self,
        request_id: str,
        wait_for_status: str = "Succeeded",
        timeout: float = 30,
        sleep_interval: float = 5,
        progress_callback: Callable[[float], object] | None = show_progress,
        success_callback: Callable[[float], object] | None = show_success,
        failure_callback: Callable[[float, AzureAsyncOperationHttpError], object] | None = show_failure,
    ) -> Any:
        """Ask until an operation has the status, has failed or `timeout` seconds are over; how it stands then.

        Callbacks get the seconds since the first question, `failure_callback` also the problem, which the one that is
        there by default raises; None for a callback calls nothing.
        """
        begun = time.monotonic()
        slept = 0.0
        while True:
            result = self.get_operation_status(request_id)
            elapsed = max(time.monotonic() - begun, slept)
            if result.status == wait_for_status:
                if success_callback is not None:
                    success_callback(elapsed)
                return result
            message = ""
            if result.error is not None:
                message = f"The operation failed: {result.error.code}: {result.error.message}"
            elif elapsed >= timeout:
                message = f"The operation was still {result.status} after {timeout:g} seconds."
            if message:
                if failure_callback is not None:
                    failure_callback(elapsed, AzureAsyncOperationHttpError(message, result.status, result))
                return result
            if progress_callback is not None:
                progress_callback(elapsed)
            self._sleep(sleep_interval)
            slept += sleep_interval

    def list_subscription_operations(
        self,
        start_time: str | None = None,
        end_time: str | None = None,
        object_id_filter: str | None = None,
        operation_result_filter: str | None = None,
        continuation_token: str | None = None,
    ) -> Any:
        """The changes of a span of time, in `subscription_operations`, and the token that asks for more."""
        return self._read(
            "list_subscription_operations",
            start_time=start_time,
            end_time=end_time,
            object_id_filter=object_id_filter,
            operation_result_filter=operation_result_filter,
            continuation_token=continuation_token,
        )
