"""The front: TCP, TLS and HTTP/1 in; a WSGI application judges and answers."""

from asm_emulator.server.front import Server
from asm_emulator.server.terms import (
    AddressInUse,
    Answer,
    DropConnection,
    Limits,
    ListenError,
    Reason,
    Refusal,
    Refuse,
    Room,
    TLSFiles,
    default_answer,
)

__all__ = [
    "AddressInUse",
    "Answer",
    "DropConnection",
    "Limits",
    "ListenError",
    "Reason",
    "Refusal",
    "Refuse",
    "Room",
    "Server",
    "TLSFiles",
    "default_answer",
]
