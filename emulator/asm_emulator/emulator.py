"""The emulator put together: engine, areas, service and Flask application; for the command line and for tests.

with Emulator(pace="manual") as azure:
    azure.client().list_hosted_services()
    azure.advance(timedelta(minutes=5))
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from asm_contracts.catalogue import all_operations
from asm_emulator import model, tenancy, wsgi
from asm_emulator.areas import AREAS
from asm_emulator.clock import Clock, ManualClock, WallClock
from asm_emulator.engine import Engine, is_effect
from asm_emulator.exchange import Service, served_operations
from asm_emulator.faults import Faults
from asm_emulator.keeping import StateError
from asm_emulator.log import CAPACITY, RequestLog
from asm_emulator.pace import PACES, Pace
from asm_emulator.recall import Recall, plain
from asm_emulator.snapshots import Snapshot, Snapshots
from asm_emulator.state import EMPTY, Draft, State
from asm_emulator.terms import TERMS, Terms
from asm_emulator.watch import Watch
from asm_emulator.websites_model import first_farms

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask

    from asm_client import Client
    from asm_emulator.controlling import Control

SEED: Final = "asm-emulator"
DEFAULT_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000001"
_GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


class Emulator:
    """One emulated cloud, in this process.

    subscription:   the id of a subscription that is there from the start
    certificates:   management certificates (DER) that may act for it
    pace:           ``quick`` (if nothing is said), ``instant``, ``real`` or ``manual``
    seed:           what everything made up (ids, addresses, keys) depends on
    open_enrolment: a certificate may use any subscription id nobody has; the subscription is made on first use
    clock:          in place of the pace's own
    log_size:       how many exchanges the request log keeps
    sleep:          how a fault rule lets an answer wait
    day:            the day whose regions and sizes are offered, whatever the clock says
    storage_anywhere: machines may have disks in accounts that are not where their service is, which was refused
    state:          a directory in which the state survives the process; in memory alone without.  With one, `close`
                    lets go of it, and what it has goes before what is said here: its time, its pace and seed if none
                    is given, the quotas of the subscriptions in it
    state_sync:     when changes are forced to the disk: ``always``, ``second`` or ``never``

    Raises ValueError for an unknown pace, a subscription id that is no GUID, or another seed than the state's;
    `asm_emulator.durable.StateError` for a directory that is in use, damaged, or of a later version.
    """

    def __init__(
        self,
        *,
        subscription: str = DEFAULT_SUBSCRIPTION,
        certificates: Iterable[bytes] = (),
        pace: str | None = None,
        seed: str | None = None,
        open_enrolment: bool = False,
        clock: Clock | None = None,
        quotas: model.Quotas | None = None,
        log_size: int = CAPACITY,
        sleep: Callable[[float], object] = time.sleep,
        day: date = TERMS.day,
        storage_anywhere: bool = False,
        state: Path | str | None = None,
        state_sync: str = "always",
    ) -> None:
        if pace is not None and pace not in PACES:
            raise ValueError(f"the pace is one of {', '.join(PACES)}, not {pace}")
        if not _GUID.match(subscription):
            raise ValueError(f"a subscription id is a GUID, not {subscription}")
        chosen = PACES[pace or "quick"]
        terms = Terms(day, storage_anywhere)
        self.engine = Engine(clock or (ManualClock() if chosen.frozen else WallClock()), chosen, seed or SEED, terms)
        self.subscription = subscription.lower()
        self.open_enrolment = open_enrolment
        self.quotas = quotas or model.Quotas()
        self._certificates = tuple(certificates)
        self._enrolling = threading.Lock()
        self.log = RequestLog(log_size, time.perf_counter)
        self.service = Service(
            self.engine,
            served_operations(AREAS, all_operations()),
            self.authenticate,
            requests=self.log,
            sleep=sleep,
            answers=None if plain() else Recall(),
        )
        self.snapshots = Snapshots()
        self.watch = Watch(self)
        self.state_directory = None if state is None else Path(state)
        self.reset()
        if self.state_directory is not None:
            self._go_on(self.state_directory, state_sync, None if pace is None else chosen, seed)

    def _go_on(self, directory: Path, sync: str, pace: Pace | None, seed: str | None) -> None:
        """Go on from a directory of state."""
        from asm_emulator.certificate_files import thumbprint
        from asm_emulator.durable import Store

        store = Store(directory, self.engine.image(), sync=sync)
        try:
            if seed not in (None, store.kept.seed):
                raise ValueError(f"the state in {directory} was begun with the seed {store.kept.seed}, not {seed}")
            for step in (*store.kept.state.steps, *store.kept.state.held):
                if not is_effect(step.effect) or (step.undo is not None and not is_effect(step.undo)):
                    raise StateError(f"the state in {directory} waits for {step.effect}, which this version cannot do")
            self.engine.keep(store, again=store.found)
            if pace is not None and pace != self.engine.pace:
                self.engine.set_pace(pace)
            found = self.engine.settled().subscriptions.get(self.subscription)
            if found is None:
                self.add_subscription(self.subscription, self._certificates)
                return
            for der in self._certificates:
                if thumbprint(der).lower() not in found.certificates:
                    self.enrol(self.subscription, der)
        except BaseException:
            store.close()
            raise

    @cached_property
    def app(self) -> Flask:
        """The Flask application."""
        from asm_emulator.app import create_app

        return create_app(self.service)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What a server serves: `app`, which is not made, and Flask not loaded, until somebody asks for it.

        Until then nobody can have added anything to it, and requests come as its hook would hand them on.  The body
        must be whole; a server that does not say so (``wsgi.input_terminated``) is served by `app`.
        """
        if "app" in self.__dict__ or self.service.answers is None or not environ.get("wsgi.input_terminated"):
            return self.app(environ, start_response)
        return wsgi.serve(self.service, environ, start_response, environ["wsgi.input"].read())

    @cached_property
    def control(self) -> Control:
        """The control plane, without any socket: time, faults, snapshots, the request log."""
        from asm_emulator.controlling import Control

        return Control.within(self)

    def client(self, subscription: str | None = None, *, version: str | None = None) -> Client:
        """Our client for a subscription (the first, if none is named), straight into the application.

        It shows the emulator's first certificate; an emulator without any gets one, which is enrolled with the
        subscription.
        """
        from asm_client.client import VERSION, Client
        from asm_client.transport import WSGITransport
        from asm_emulator.driver import certificate

        wanted = subscription or self.subscription
        if not self._certificates:
            self._certificates = (certificate("asm-emulator"),)
            self.enrol(wanted, self._certificates[0])
        return Client(WSGITransport(self.app.wsgi_app, self._certificates[0]), wanted, version=version or VERSION)

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

    def add_subscription(
        self,
        subscription_id: str,
        certificates: Iterable[bytes] | None = (),
        *,
        name: str = "asm-emulator",
        cloud: str = "",
        quotas: model.Quotas | None = None,
    ) -> model.Subscription:
        """Add a subscription with these management certificates (DER); None for those of the first subscription.

        cloud:  where its global names are unique; another one than the others' gives it names of its own
        Raises ValueError for an id that is no GUID, or bytes that are no certificate.
        """
        if not _GUID.match(subscription_id):
            raise ValueError(f"a subscription id is a GUID, not {subscription_id}")
        bare = self._subscription(subscription_id, self._certificates if certificates is None else certificates)
        made = replace(bare, name=name, cloud=cloud, quotas=quotas or self.quotas)
        self.engine.add_subscription(made)
        return made

    def _subscription(self, subscription_id: str, certificates: Iterable[bytes]) -> model.Subscription:
        from asm_emulator.enrolment import management_certificate

        now = self.engine.clock.now()
        made = [management_certificate(der, now) for der in certificates]
        return model.Subscription(
            id=subscription_id.lower(),
            name="asm-emulator",
            created=now,
            quotas=self.quotas,
            certificates=model.Map({one.thumbprint.lower(): one for one in made}),
            server_farms=first_farms(self.engine.terms.day),
        )

    def enrol(self, subscription_id: str, certificate: bytes) -> str:
        """Register a management certificate (DER) with a subscription; its thumbprint.

        Raises KeyError for an unknown subscription, ValueError for bytes that are no certificate.
        """
        from asm_emulator.enrolment import management_certificate

        made = management_certificate(certificate, self.engine.now(subscription_id.lower()))

        def change(draft: Draft) -> str:
            draft.certificates[made.thumbprint] = made
            return made.thumbprint

        thumbprint: str = self.engine.change(subscription_id, change)
        return thumbprint

    def set_quotas(self, subscription_id: str, quotas: model.Quotas) -> None:
        """Give a subscription other quotas; KeyError for an unknown one."""
        self.engine.change(subscription_id, lambda draft: draft.change(quotas=quotas))

    def remove_subscription(self, subscription_id: str) -> None:
        """Have a subscription be gone, with everything in it; KeyError for an unknown one."""
        wanted = self._known(subscription_id)
        self.engine.transform(lambda state, _: tenancy.without(state, wanted))
        self.engine.journal.clear(wanted)
        self.faults.remove(lambda rule: rule.subscription == wanted)

    def reset_subscription(self, subscription_id: str) -> None:
        """Forget everything in a subscription but its certificates and quotas, its fault rules and its exchanges too.

        KeyError for an unknown one.
        """
        wanted = self._known(subscription_id)
        self.engine.transform(lambda state, _: tenancy.emptied(state, wanted, self.engine.terms))
        self.faults.remove(lambda rule: rule.subscription == wanted)
        self.log.clear(wanted)
        self.engine.journal.clear(wanted)

    def _known(self, subscription_id: str) -> str:
        wanted = subscription_id.lower()
        if wanted not in self.engine.state.subscriptions:
            raise KeyError(subscription_id)
        return wanted

    # -- the whole state ------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Forget everything but the first subscription and its certificates, and the snapshots."""
        first = self._subscription(self.subscription, self._certificates)
        self.engine.restore(tenancy.with_subscription(EMPTY, first))
        self.faults.remove(lambda _: True)
        self.log.clear()
        self.engine.journal.clear()

    @property
    def faults(self) -> Faults:
        """The fault rules."""
        return self.service.faults

    def snapshot(self) -> State:
        """The state, to be given to `restore` later; it costs nothing."""
        return self.engine.state

    def restore(self, state: State) -> None:
        """Go back to a snapshot."""
        self.engine.restore(state)

    def take(self, name: str = "", subscription: str | None = None) -> Snapshot:
        """Keep a snapshot under a name, of one subscription or of all; KeyError for an unknown subscription."""
        taken: list[Snapshot] = []
        wanted = None if subscription is None else self._known(subscription)

        def keep(state: State, now: datetime) -> State:
            taken.append(self.snapshots.put(Snapshot(name, state, now, wanted)))
            return state

        self.engine.transform(keep)
        return taken[0]

    def go_back(self, name: str) -> Snapshot:
        """Restore the snapshot of this name: of the subscription it is of, or everything.  SnapshotError for none.

        What was pending then has as long to go as it had.
        """
        found = self.snapshots.get(name)
        self.engine.transform(found.again)
        return found

    def advance(self, by: timedelta, subscription: str | None = None) -> None:
        """Move the clock, or one subscription's time alone, and let happen what is due by then."""
        self.engine.advance(by, subscription)

    def close(self) -> None:
        """Let go of the directory of state, with everything in it; nothing without one."""
        self.engine.close()

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.state_directory is None:
            self.reset()
        else:
            self.close()
