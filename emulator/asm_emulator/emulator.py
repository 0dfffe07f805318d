"""The emulator put together: engine, areas, service and Flask application; for the command line and for tests.

with Emulator(pace="instant") as azure:
    azure.engine.advance(timedelta(minutes=5))
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from asm_contracts.catalogue import all_operations
from asm_emulator import model
from asm_emulator.areas import AREAS
from asm_emulator.clock import Clock, ManualClock, WallClock
from asm_emulator.engine import Engine
from asm_emulator.exchange import Service, served_operations
from asm_emulator.pace import PACES
from asm_emulator.state import EMPTY, State

if TYPE_CHECKING:
    from flask import Flask

DEFAULT_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000001"
_GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


class Emulator:
    """One emulated cloud, in this process.

    subscription:   the id of a subscription that is there from the start
    certificates:   management certificates (DER) that may act for it
    pace:           ``quick``, ``instant``, ``real`` or ``manual``
    seed:           what everything made up (ids, addresses, keys) depends on
    open_enrolment: a certificate may use any subscription id nobody has; the subscription is made on first use
    clock:          in place of the pace's own

    Raises ValueError for an unknown pace or a subscription id that is no GUID.
    """

    def __init__(
        self,
        *,
        subscription: str = DEFAULT_SUBSCRIPTION,
        certificates: Iterable[bytes] = (),
        pace: str = "quick",
        seed: str = "asm-emulator",
        open_enrolment: bool = False,
        clock: Clock | None = None,
        quotas: model.Quotas | None = None,
    ) -> None:
        if pace not in PACES:
            raise ValueError(f"the pace is one of {', '.join(PACES)}, not {pace}")
        if not _GUID.match(subscription):
            raise ValueError(f"a subscription id is a GUID, not {subscription}")
        chosen = PACES[pace]
        self.engine = Engine(clock or (ManualClock() if chosen.frozen else WallClock()), chosen, seed)
        self.subscription = subscription.lower()
        self.open_enrolment = open_enrolment
        self.quotas = quotas or model.Quotas()
        self._certificates = tuple(certificates)
        self._enrolling = threading.Lock()
        self.service = Service(self.engine, served_operations(AREAS, all_operations()), self.authenticate)
        self.reset()

    @cached_property
    def app(self) -> Flask:
        """The Flask application."""
        from asm_emulator.app import create_app

        return create_app(self.service)

    # -- subscriptions --------------------------------------------------------------------------------------------

    def authenticate(self, subscription_id: str, certificate: bytes | None, thumbprint: str | None) -> str | None:
        """The subscription that a certificate may act for: the one asked for, or any of its own if none is."""
        if certificate is None or thumbprint is None:
            return None
        subscriptions = self.engine.state.subscriptions
        if not subscription_id:
            mine = sorted(one.id for one in subscriptions.values() if thumbprint.lower() in one.certificates)
            return mine[0] if mine else None
        wanted = subscription_id.lower()
        found = subscriptions.get(wanted)
        if found is None and self.open_enrolment and _GUID.match(wanted):
            with self._enrolling:
                if wanted not in self.engine.state.subscriptions:
                    self.add_subscription(wanted, (certificate,))
            found = self.engine.state.subscriptions[wanted]
        if found is None or thumbprint.lower() not in found.certificates:
            return None
        return wanted

    def add_subscription(self, subscription_id: str, certificates: Iterable[bytes] = ()) -> None:
        """Add a subscription with these management certificates (DER)."""
        from asm_emulator.enrolment import management_certificate

        now = self.engine.clock.now()
        made = [management_certificate(der, now) for der in certificates]
        self.engine.add_subscription(
            model.Subscription(
                id=subscription_id.lower(),
                name="asm-emulator",
                created=now,
                quotas=self.quotas,
                certificates=model.Map({one.thumbprint.lower(): one for one in made}),
            )
        )

    # -- the whole state ------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Forget everything but the first subscription and its certificates."""
        self.engine.restore(EMPTY)
        self.add_subscription(self.subscription, self._certificates)

    def snapshot(self) -> State:
        """The state, to be given to `restore` later; it costs nothing."""
        return self.engine.state

    def restore(self, state: State) -> None:
        """Go back to a snapshot."""
        self.engine.restore(state)

    def advance(self, by: timedelta) -> None:
        """Move the clock, and let happen what is due by then."""
        self.engine.advance(by)

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *exception: object) -> None:
        self.reset()
