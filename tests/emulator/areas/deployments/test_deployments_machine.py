"""Any sequence of calls on the package deployments of one service, with time passing in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from asm_client import Client, WSGITransport
from asm_contracts.areas.deployments import (
    ChangeConfiguration,
    CreateDeployment,
    Deployment,
    RoleInstances,
    RollbackUpdateOrUpgrade,
    Swap,
    UpdateDeploymentStatus,
    UpgradeDeployment,
    WalkUpgradeDomain,
)
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.codec import cscfg
from asm_contracts.errors import ConflictError, ServiceError
from asm_contracts.operation import Accepted, DeploymentName, DeploymentSlot
from asm_contracts.versions import LATEST
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.model import Map
from asm_emulator.quotas import cores_in_use
from asm_emulator.state import State, draft_of

SERVICE: Final = "service"
SLOTS: Final = ("Production", "Staging")
NAMES: Final = st.sampled_from(["one", "two"])
KEYS: Final = st.sampled_from(
    [DeploymentSlot("Production"), DeploymentSlot("Staging"), DeploymentName("one"), DeploymentName("two")]
)
PATIENT: Final = st.sampled_from([True, True, False])
"""Whether the caller waits for the operation's end."""
COUNTS: Final = st.dictionaries(st.sampled_from(["Web", "Worker"]), st.integers(1, 7), min_size=1)
SETTINGS: Final = st.sampled_from(["a", "b"])
MODES: Final = st.sampled_from(["Auto", "Manual", "Simultaneous"])
URL: Final = "http://storage.blob.core.windows.net/c/p?sig=c2lnbmVk"
PAIRS: Final = {
    ("CreatingVM", "Starting"),
    ("CreatingVM", "Stopped"),
    ("StartingVM", "Starting"),
    ("RoleStateUnknown", "Starting"),
    ("BusyRole", "Started"),
    ("ReadyRole", "Started"),
    ("StoppedVM", "Stopped"),
}
BUSY: Final = "requires exclusive access"


def configuration(counts: dict[str, int], setting: str) -> bytes:
    roles = "".join(
        f'<Role name="{name}"><Instances count="{count}"/><ConfigurationSettings><Setting name="s" value="{setting}"/>'
        "</ConfigurationSettings></Role>"
        for name, count in counts.items()
    )
    return f'<ServiceConfiguration xmlns="{cscfg.NAMESPACE}" osFamily="4">{roles}</ServiceConfiguration>'.encode()


def lasting(state: State) -> tuple[object, ...]:
    """The state without the records of requests."""
    return {key: replace(one, operations=Map()) for key, one in state.subscriptions.items()}, state.steps


class Packages(RuleBasedStateMachine):
    """What must hold of package deployments after any calls."""

    def __init__(self) -> None:
        super().__init__()
        self.emulator = Emulator(certificates=[certificate("machine")], pace="manual")
        transport = WSGITransport(self.emulator.app.wsgi_app, certificate("machine"))
        self.azure = Client(transport, self.emulator.subscription, version=LATEST)
        self.azure.create_hosted_service(CreateHostedService(service_name=SERVICE, label="l", location="West US"))
        self.accepted: dict[str, str] = {}
        self.identities: dict[str, tuple[str | None, Any]] = {}
        self.domains: dict[str, tuple[int, int]] = {}

    # -- calling --------------------------------------------------------------------------------------------------

    def attempt(self, call: Callable[[], Accepted], patient: bool = False) -> bool:
        """Make a call: it is accepted, or refused with a 4xx and nothing changed."""
        before = lasting(self.emulator.engine.state)
        leases = dict(self.emulator.engine.state.subscriptions[self.emulator.subscription].leases.items())
        try:
            accepted = call()
        except ServiceError as refusal:
            assert 400 <= refusal.http_status < 500, refusal
            assert lasting(self.emulator.engine.state) == before
            if BUSY in refusal.message:
                assert isinstance(refusal, ConflictError)
                assert any(holder in refusal.message for holder in leases.values())
            return False
        self.accepted[accepted.request_id] = "InProgress"
        if patient:
            self.emulator.advance(timedelta(seconds=74))
        return True

    def documents(self) -> list[Deployment]:
        return list(self.azure.get_hosted_service(SERVICE, embed_detail=True).deployments or ())

    def find(self, key: Any) -> Deployment | None:
        return next((one for one in self.documents() if key in (one.name, one.deployment_slot)), None)

    # -- actions --------------------------------------------------------------------------------------------------

    @initialize(counts=COUNTS, start=st.booleans())
    def begin_with_one(self, counts: dict[str, int], start: bool) -> None:
        self.create("one", "Production", counts, start, True)

    @rule(name=NAMES, slot=st.sampled_from(SLOTS), counts=COUNTS, start=st.booleans(), patient=PATIENT)
    def create(self, name: str, slot: str, counts: dict[str, int], start: bool, patient: bool) -> None:
        taken = {one.deployment_slot for one in self.documents()}
        body = CreateDeployment(
            name=name, package_url=URL, label="l", configuration=configuration(counts, "a"), start_deployment=start
        )
        made = self.attempt(lambda: self.azure.create_deployment(SERVICE, DeploymentSlot(slot), body), patient)
        assert not (made and slot in taken)

    @rule(key=KEYS, patient=PATIENT)
    def delete(self, key: Any, patient: bool) -> None:
        self.attempt(lambda: self.azure.delete_deployment(SERVICE, key), patient)

    @rule(key=KEYS, counts=COUNTS, setting=SETTINGS, mode=MODES, patient=PATIENT)
    def change(self, key: Any, counts: dict[str, int], setting: str, mode: str, patient: bool) -> None:
        known = self.find(key)
        if known is not None and counts.keys() != {"Web"}:  # otherwise mostly of other roles, and refused
            counts = {role.role_name or "": counts.get(role.role_name or "", 2) for role in known.role_list or ()}
        body = ChangeConfiguration(configuration=configuration(counts, setting), mode=mode)
        self.attempt(lambda: self.azure.change_deployment_configuration(SERVICE, key, body), patient)

    @rule(key=KEYS, counts=COUNTS, setting=SETTINGS, mode=MODES, patient=PATIENT)
    def upgrade(self, key: Any, counts: dict[str, int], setting: str, mode: str, patient: bool) -> None:
        body = UpgradeDeployment(
            mode=mode, package_url=URL, configuration=configuration(counts, setting), label="m", force=True
        )
        self.attempt(lambda: self.azure.upgrade_deployment(SERVICE, key, body), patient)

    @rule(key=KEYS, domain=st.integers(0, 4), patient=PATIENT)
    def walk(self, key: Any, domain: int, patient: bool) -> None:
        self.attempt(
            lambda: self.azure.walk_upgrade_domain(SERVICE, key, WalkUpgradeDomain(upgrade_domain=domain)), patient
        )

    @rule()
    def walk_where_it_is_due(self) -> None:
        for one in self.documents():
            if one.upgrade_status and one.name:
                key, body = (
                    DeploymentName(one.name),
                    WalkUpgradeDomain(upgrade_domain=one.upgrade_status.current_upgrade_domain),
                )
                self.attempt(lambda key=key, body=body: self.azure.walk_upgrade_domain(SERVICE, key, body), True)

    @rule(key=KEYS, mode=st.sampled_from(["auto", "manual"]), patient=PATIENT)
    def roll_back(self, key: Any, mode: str, patient: bool) -> None:
        body = RollbackUpdateOrUpgrade(mode=mode, force=True)
        self.attempt(lambda: self.azure.rollback_update_or_upgrade(SERVICE, key, body), patient)

    @rule(key=KEYS, status=st.sampled_from(["Running", "Suspended"]))
    def set_status(self, key: Any, status: str) -> None:
        body = UpdateDeploymentStatus(status=status)
        if self.attempt(lambda: self.azure.update_deployment_status(SERVICE, key, body)):
            self.emulator.advance(timedelta(seconds=5))
            assert self.azure.get_deployment(SERVICE, key).status == status

    @rule(
        key=KEYS,
        name=st.sampled_from(["Web_IN_0", "Web_IN_4", "Worker_IN_1"]),
        what=st.sampled_from(["reboot", "reimage", "rebuild"]),
        patient=PATIENT,
    )
    def handle(self, key: Any, name: str, what: str, patient: bool) -> None:
        self.attempt(lambda: getattr(self.azure, f"{what}_role_instance")(SERVICE, key, name), patient)

    @rule(
        key=KEYS,
        names=st.lists(st.sampled_from(["Web_IN_0", "Web_IN_2", "Worker_IN_1", "Worker_IN_4"])),
        patient=PATIENT,
    )
    def delete_instances(self, key: Any, names: list[str], patient: bool) -> None:
        body = RoleInstances(names=tuple(names))
        self.attempt(lambda: self.azure.delete_role_instances(SERVICE, key, body), patient)

    @rule(production=st.sampled_from([None, "one", "two"]), source=NAMES)
    def swap(self, production: str | None, source: str) -> None:
        before = {one.deployment_slot: one.name for one in self.documents()}
        body = Swap(production=production, source_deployment=source)
        if self.attempt(lambda: self.azure.swap_deployment(SERVICE, body)) and len(before) == 2:
            assert before == {"Production": production, "Staging": source}
            self.emulator.advance(timedelta(seconds=30))
            after = {one.deployment_slot: one.name for one in self.documents()}
            assert after == {"Production": source, "Staging": production}

    @rule(seconds=st.sampled_from([1, 5, 30, 61, 74, 200]))
    def time_passes(self, seconds: int) -> None:
        self.emulator.advance(timedelta(seconds=seconds))

    @rule()
    def everything_comes_to_rest(self) -> None:
        self.emulator.advance(timedelta(hours=2))
        for request_id in self.accepted:
            assert self.azure.get_operation_status(request_id).status in ("Succeeded", "Failed")
        for one in self.documents():
            assert one.locked is False
            if one.upgrade_status is not None:
                assert (one.upgrade_status.upgrade_type, one.upgrade_status.current_upgrade_domain_state) == (
                    "Manual",
                    "Before",
                )
                continue
            assert one.status in ("Running", "Suspended")
            resting = "ReadyRole" if one.status == "Running" else "StoppedVM"
            assert {instance.instance_status for instance in one.role_instance_list or ()} == {resting}

    # -- what holds -----------------------------------------------------------------------------------------------

    @invariant()
    def operations_end_once(self) -> None:
        for request_id, before in self.accepted.items():
            found = self.azure.get_operation_status(request_id)
            assert before in ("InProgress", found.status)
            assert (found.error is not None) == (found.status == "Failed")
            assert (found.http_status_code is None) == (found.status == "InProgress")
            self.accepted[request_id] = found.status

    @invariant()
    def slots_and_names_are_distinct(self) -> None:
        found = self.documents()
        assert len({one.deployment_slot for one in found}) == len({one.name for one in found}) == len(found)
        for one in found:
            assert one.private_id is not None
            identity = (one.name, one.created_time)
            assert self.identities.setdefault(one.private_id, identity) == identity

    @invariant()
    def instances_are_as_many_as_the_configuration_says(self) -> None:
        for one in self.documents():
            instances = one.role_instance_list or ()
            if one.status == "Deploying":
                assert instances == ()
                continue
            wanted = {role.name: role.instances for role in cscfg.read(one.configuration or b"").roles}
            assert Counter(instance.role_name for instance in instances) == wanted
            assert [role.role_name for role in one.role_list or ()] == list(wanted)
            assert len({instance.instance_name for instance in instances}) == len(instances)
            assert len({instance.ip_address for instance in instances}) == len(instances)
            for instance in instances:
                assert (instance.instance_status, instance.power_state) in PAIRS
                assert (instance.instance_upgrade_domain or 0) < (one.upgrade_domain_count or 0)

    @invariant()
    def domains_are_walked_upwards(self) -> None:
        known = {
            one.private_id: one.upgrade
            for one in self.emulator.engine.state.subscriptions[self.emulator.subscription]
            .hosted_services[SERVICE]
            .deployments.values()
        }
        for one in self.documents():
            assert one.rollback_allowed is (one.upgrade_status is not None)
            upgrade = known[one.private_id or ""]
            if upgrade is None:
                continue
            serial, domain = self.domains.get(one.private_id or "", (0, 0))
            assert upgrade.serial != serial or upgrade.domain >= domain
            assert 0 <= upgrade.domain < (one.upgrade_domain_count or 0)
            self.domains[one.private_id or ""] = (upgrade.serial, upgrade.domain)

    @invariant()
    def cores_stay_within_the_quota(self) -> None:
        now = self.emulator.engine.clock.now()
        assert cores_in_use(draft_of(self.emulator.engine.state, self.emulator.subscription, now)) <= 20


def test_any_sequence_of_calls() -> None:
    run_state_machine_as_test(
        Packages,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
