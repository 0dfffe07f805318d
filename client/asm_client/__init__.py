"""A client of the classic Azure Service Management API."""

from asm_client.client import VERSION, Client, Reply, connect
from asm_client.errors import (
    CertificateUnusable,
    ClientError,
    ConnectionFailed,
    OperationFailed,
    OperationTimedOut,
    UnreadableAnswer,
)
from asm_client.transport import MANAGEMENT_HOST, HttpsTransport, Response, Transport, WSGITransport
from asm_client.waiting import wait_for

__all__ = [
    "MANAGEMENT_HOST",
    "VERSION",
    "CertificateUnusable",
    "Client",
    "ClientError",
    "ConnectionFailed",
    "HttpsTransport",
    "OperationFailed",
    "OperationTimedOut",
    "Reply",
    "Response",
    "Transport",
    "UnreadableAnswer",
    "WSGITransport",
    "connect",
    "wait_for",
]
