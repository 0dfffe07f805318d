"""Changes of configuration and status, upgrades, walks and rollbacks of package deployments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.deployments import (
    ChangeConfiguration,
    Extension,
    ExtensionConfiguration,
    RollbackUpdateOrUpgrade,
    UpdateDeploymentStatus,
    WalkUpgradeDomain,
)
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Accepted, DeploymentName, DeploymentSlot
from asm_contracts.vocabulary import ExtendedProperty
from asm_emulator.cscfg import INVALID
from asm_emulator.emulator import Emulator
from asm_emulator.state import Draft

from .conftest import PACKAGE_URL

SLOT = DeploymentSlot("Production")
READY = ("ReadyRole", "Started")
BUSY = ("BusyRole", "Started")
STOPPED = ("StoppedVM", "Stopped")
NO_UPDATE = "There is no update or upgrade in progress on the deployment first."


def status(azure: Client, wanted: str) -> Accepted:
    return azure.update_deployment_status("packages", SLOT, UpdateDeploymentStatus(status=wanted))


def walk(azure: Client, domain: int) -> Accepted:
    return azure.walk_upgrade_domain("packages", SLOT, WalkUpgradeDomain(upgrade_domain=domain))


def rollback(azure: Client, mode: str = "auto") -> Accepted:
    return azure.rollback_update_or_upgrade("packages", SLOT, RollbackUpdateOrUpgrade(mode=mode, force=True))


# -- configuration ----------------------------------------------------------------------------------------------------


def test_more_instances_of_a_suspended_deployment(packages: Any) -> None:
    before = packages.made()
    packages.change({"Worker": 4})
    assert (packages.read().status, packages.read().locked) == ("SuspendedTransitioning", True)
    assert packages.read().configuration == before.configuration
    packages.ended()

    found = packages.read()
    assert found.configuration == packages.configuration({"Worker": 4})
    assert (found.status, found.locked, found.rollback_allowed) == ("SuspendedTransitioning", False, False)
    assert found.upgrade_domain_count == 4
    assert packages.states() == {
        "Worker_IN_0": STOPPED,
        "Worker_IN_1": STOPPED,
        "Worker_IN_2": ("CreatingVM", "Stopped"),
        "Worker_IN_3": ("CreatingVM", "Stopped"),
    }
    kept = [one.ip_address for one in (found.role_instance_list or ())[:2]]
    assert kept == [one.ip_address for one in before.role_instance_list or ()]
    packages.rest()
    assert (packages.read().status, set(packages.states().values())) == ("Suspended", {STOPPED})


def test_more_and_fewer_instances_of_a_running_one_leave_the_others_alone(packages: Any) -> None:
    packages.running()
    packages.change({"Worker": 3})
    packages.ended()
    assert packages.progress() is None
    assert packages.read().status == "RunningTransitioning"
    assert packages.states() == {
        "Worker_IN_0": READY,
        "Worker_IN_1": READY,
        "Worker_IN_2": ("CreatingVM", "Starting"),
    }
    packages.rest()
    assert (packages.read().status, set(packages.states().values())) == ("Running", {READY})
    packages.change({"Worker": 1})
    packages.ended()
    assert packages.states() == {"Worker_IN_0": READY}
    assert (packages.read().status, packages.read().upgrade_domain_count) == ("Running", 1)


def test_another_setting_goes_domain_by_domain(packages: Any) -> None:
    packages.running({"Worker": 3})
    packages.change({"Worker": 3}, "two", mode="AUTO")
    assert packages.progress() is None
    packages.ended()
    seen: list[tuple[Any, str, list[str]]] = []
    for _ in range(200):
        busy = [name for name, state in packages.states().items() if state == BUSY]
        now = (packages.progress(), packages.read().status, busy)
        if not seen or now != seen[-1]:
            seen.append(now)
        packages.wait(1)
    assert seen == [
        (("Auto", "During", 0), "RunningTransitioning", ["Worker_IN_0"]),
        (("Auto", "During", 1), "RunningTransitioning", ["Worker_IN_1"]),
        (("Auto", "During", 2), "RunningTransitioning", ["Worker_IN_2"]),
        (None, "Running", []),
    ]
    assert packages.read().configuration == packages.configuration({"Worker": 3}, "two")


def test_only_the_roles_that_change_restart(packages: Any) -> None:
    packages.running({"Web": 1, "Worker": 1})
    changed = packages.configuration({"Web": 1, "Worker": 1}).replace(b'"one"', b'"two"', 1)
    packages.ended(packages.change(configuration=changed))
    assert packages.states() == {"Web_IN_0": BUSY, "Worker_IN_0": READY}


def test_simultaneous_takes_all_domains_at_once(packages: Any) -> None:
    packages.running({"Worker": 3})
    packages.change({"Worker": 3}, "two", mode="Simultaneous")
    packages.ended()
    assert set(packages.states().values()) == {BUSY}
    assert packages.progress() == ("Simultaneous", "During", 0)
    packages.wait(60)
    assert (packages.progress(), packages.read().status) == (None, "Running")
    assert set(packages.states().values()) == {READY}


def test_properties_and_extensions_change_with_the_configuration(packages: Any) -> None:
    packages.add_extension("RDP")
    packages.made(extended_properties=(ExtendedProperty(name="a", value="1"), ExtendedProperty(name="b", value="2")))
    extensions = ExtensionConfiguration(all_roles=(Extension(id="RDP"),))
    packages.change(
        extended_properties=(ExtendedProperty(name="a", value=NIL), ExtendedProperty(name="c", value="3")),
        extension_configuration=extensions,
    )
    packages.ended()
    found = packages.read()
    assert [(one.name, one.value) for one in found.extended_properties or ()] == [("b", "2"), ("c", "3")]
    assert found.extension_configuration == extensions
    packages.change()
    packages.ended()
    assert packages.read().extension_configuration == extensions


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda of: {"configuration": b"<broken"}, INVALID),
        (lambda of: {"configuration": of({"Worker": 0})}, INVALID),
        (
            lambda of: {"configuration": of({"Other": 1})},
            "The roles of the service configuration do not match the roles of the deployment.",
        ),
        (
            lambda of: {"configuration": of({"Worker": 1, "Other": 1})},
            "The roles of the service configuration do not match the roles of the deployment.",
        ),
        (lambda of: {"mode": "sometimes"}, "The mode of the update is invalid."),
        (
            lambda of: {"extended_properties": tuple(ExtendedProperty(name=f"p{n}", value="v") for n in range(26))},
            "There may be at most 25 extended properties.",
        ),
        (
            lambda of: {"extension_configuration": ExtensionConfiguration(all_roles=(Extension(id="none"),))},
            "The extension with id none does not exist in the hosted service packages.",
        ),
    ],
)
def test_a_bad_change_is_refused(packages: Any, refused: Any, make: Any, message: str) -> None:
    packages.made()
    with refused(BadRequest, message):
        packages.change(**make(packages.configuration))


def test_more_cores_than_there_are_are_refused(packages: Any, refused: Any) -> None:
    packages.made()
    with refused(
        ForbiddenError,
        "The subscription policy limit for resource type 'cores count' was exceeded. The limit for resource type "
        "'cores count' is 20 per subscription, the current count is 2, and the requested increment is 19.",
    ):
        packages.change({"Worker": 21})


def test_cores_that_are_gone_when_the_change_is_made_fail_the_operation(
    packages: Any, azure: Client, outcome: Any
) -> None:
    packages.made()
    packages.made("second", "Staging", configuration=packages.configuration({"Worker": 5}))
    first = packages.change({"Worker": 10})
    azure.change_deployment_configuration(
        "packages",
        DeploymentSlot("Staging"),
        ChangeConfiguration(configuration=packages.configuration({"Worker": 15})),
    )
    ended, message = outcome()
    assert azure.get_operation_status(first.request_id).status == "Succeeded"
    assert ended == "Failed" and message is not None and "the requested increment is 10." in message
    staging = packages.read(DeploymentSlot("Staging"))
    assert (staging.status, staging.locked, len(staging.role_instance_list or ())) == ("Suspended", False, 5)


# -- status -----------------------------------------------------------------------------------------------------------


def test_from_suspended_to_running_and_back(packages: Any, azure: Client) -> None:
    packages.made()
    status(azure, "running")
    assert packages.read().status == "Starting"
    packages.ended()
    assert packages.read().status == "Running"
    assert set(packages.states().values()) == {("StartingVM", "Starting")}
    packages.rest()
    assert set(packages.states().values()) == {READY}
    status(azure, "Suspended")
    assert packages.read().status == "Suspending"
    packages.ended()
    assert (packages.read().status, set(packages.states().values())) == ("Suspended", {STOPPED})


def test_a_status_that_it_has_already(packages: Any, azure: Client) -> None:
    packages.create()
    packages.ended()
    status(azure, "Suspended")
    packages.ended()
    assert set(packages.states().values()) == {("CreatingVM", "Stopped")}
    assert packages.read().status == "Suspended"


def test_an_instance_that_is_being_made_can_be_started(packages: Any, azure: Client) -> None:
    packages.create()
    packages.ended()
    status(azure, "Running")
    packages.ended()
    packages.wait(40)  # when it would have stopped
    assert set(packages.states().values()) == {("StartingVM", "Starting")}
    packages.rest()
    assert set(packages.states().values()) == {READY}


def test_an_unknown_status_is_refused(packages: Any, azure: Client, refused: Any) -> None:
    packages.made()
    with refused(BadRequest, "The deployment status is invalid."):
        status(azure, "Deploying")


# -- upgrades ---------------------------------------------------------------------------------------------------------


def test_an_upgrade_replaces_label_package_and_configuration(packages: Any) -> None:
    before = packages.running()
    packages.upgrade(
        configuration=packages.configuration({"Worker": 2}, "two", osFamily="3"),
        role_to_upgrade=NIL,
        extended_properties=(ExtendedProperty(name="p", value="v"),),
    )
    packages.ended()
    found = packages.read()
    assert (found.label, found.private_id) == ("second", before.private_id)
    assert [role.os_version for role in found.role_list or ()] == ["WA-GUEST-OS-3.28_201506-01"]
    assert [one.name for one in found.extended_properties or ()] == ["p"]
    assert packages.progress() == ("Auto", "During", 0)
    packages.rest()
    assert (packages.progress(), packages.read().status) == (None, "Running")


def test_an_upgrade_of_all_roles_may_add_and_remove_some(packages: Any) -> None:
    packages.running({"Old": 1, "Kept": 1})
    packages.upgrade(counts={"Kept": 1, "New": 2})
    packages.ended()
    assert list(packages.states()) == ["Kept_IN_0", "New_IN_0", "New_IN_1"]
    packages.rest()
    assert set(packages.states().values()) == {READY}


def test_an_upgrade_of_one_role_leaves_the_others_alone(packages: Any) -> None:
    packages.running({"Web": 1, "Worker": 1})
    packages.upgrade(counts={"Web": 1, "Worker": 1}, role_to_upgrade="worker")
    packages.ended()
    assert packages.states() == {"Web_IN_0": READY, "Worker_IN_0": BUSY}
    packages.rest()
    assert packages.progress() is None


def test_an_upgrade_of_a_suspended_deployment_is_done_at_once(packages: Any) -> None:
    packages.made()
    packages.upgrade()
    packages.ended()
    assert (packages.progress(), packages.read().status, packages.read().label) == (None, "Suspended", "second")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"mode": ""}, None),
        ({"mode": "Now"}, "The mode of the update is invalid."),
        ({"package_url": "nothing"}, PACKAGE_URL),
        ({"label": ""}, "The label is invalid. It must have between 1 and 100 characters."),
        ({"configuration": b"?"}, INVALID),
        ({"role_to_upgrade": "Other"}, "The role Other does not exist in the deployment first."),
        (
            {"role_to_upgrade": "Worker", "counts": {"Worker": 1, "New": 1}},
            "The roles of the service configuration do not match the roles of the deployment.",
        ),
    ],
)
def test_a_bad_upgrade_is_refused(packages: Any, refused: Any, fields: dict[str, Any], message: str | None) -> None:
    packages.made()
    if message is None:
        packages.upgrade(**fields)  # an empty mode is the default
        packages.ended()
        return
    with refused(BadRequest, message):
        packages.upgrade(**fields)


def test_simultaneous_came_with_a_version(packages: Any, azure: Client, refused: Any) -> None:
    packages.made()
    azure.version = "2012-12-01"
    with refused(BadRequest, "The mode of the update is invalid."):
        packages.upgrade("Simultaneous")
    azure.version = "2013-03-01"
    packages.upgrade("Simultaneous")


# -- walking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("running", [False, True])
@pytest.mark.parametrize("kind", ["upgrade", "change"])
def test_a_manual_update_waits_for_each_walk(packages: Any, azure: Client, kind: str, running: bool) -> None:
    packages.made(configuration=packages.configuration({"Worker": 3}), start_deployment=running)
    if kind == "upgrade":
        packages.upgrade("Manual", {"Worker": 3})
    else:
        packages.change({"Worker": 3}, "two", mode="manual")
    packages.ended()
    rest = READY if running else STOPPED
    for domain in range(3):
        packages.rest()
        assert packages.progress() == ("Manual", "Before", domain)
        assert packages.read().locked is False
        assert set(packages.states().values()) == {rest}
        walk(azure, domain)
        assert packages.progress() == ("Manual", "During", domain)
        assert packages.read().locked is True
        assert packages.states()[f"Worker_IN_{domain}"] == (BUSY if running else STOPPED)
        packages.ended()
    assert packages.progress() is None
    assert packages.read().status == ("Running" if running else "Suspended")
    assert set(packages.states().values()) == {rest}


def test_walks_that_are_refused(packages: Any, azure: Client, refused: Any) -> None:
    packages.running()
    with refused(ConflictError, NO_UPDATE):
        walk(azure, 0)
    packages.ended(packages.upgrade("Manual"))
    for wrong in (1, -1, 7):
        with refused(BadRequest, f"The upgrade domain {wrong} cannot be walked: the next one is 0."):
            walk(azure, wrong)
    holder = walk(azure, 0).request_id
    with refused(
        ConflictError,
        f"Windows Azure is currently performing an operation with x-ms-requestid {holder} on this deployment that "
        "requires exclusive access.",
    ):
        walk(azure, 1)
    packages.rest()
    with refused(BadRequest, "The upgrade domain 0 cannot be walked: the next one is 1."):
        walk(azure, 0)


def test_an_automatic_update_is_not_walked(packages: Any, azure: Client, refused: Any) -> None:
    packages.running()
    packages.ended(packages.upgrade("Auto"))
    with refused(ConflictError, "The update in progress on the deployment first is not manual."):
        walk(azure, 0)


def test_one_update_replaces_another(packages: Any, azure: Client) -> None:
    packages.running({"Worker": 3})
    packages.ended(packages.upgrade("Manual", {"Worker": 3}))
    packages.ended(walk(azure, 0))
    packages.ended(packages.change({"Worker": 3}, "three", mode="Manual"))
    assert packages.progress() == ("Manual", "Before", 0)
    packages.ended(packages.change({"Worker": 3}, "four"))
    assert packages.progress() == ("Auto", "During", 0)
    packages.rest()
    assert (packages.progress(), set(packages.states().values())) == (None, {READY})


def test_deleting_ends_an_update(packages: Any, azure: Client) -> None:
    packages.running()
    packages.ended(packages.upgrade("Manual"))
    packages.ended(azure.delete_deployment("packages", SLOT))
    with pytest.raises(ResourceNotFound):
        packages.read()


# -- rolling back -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["Auto", "Manual", "Simultaneous"])
@pytest.mark.parametrize("key", [SLOT, DeploymentName("first")])
def test_a_rollback_brings_everything_back(packages: Any, azure: Client, mode: str, key: Any) -> None:
    before = packages.running({"Worker": 3})
    packages.ended(packages.upgrade(mode, {"Worker": 2}, extended_properties=(ExtendedProperty(name="p", value="v"),)))
    packages.wait(20)
    body = RollbackUpdateOrUpgrade(mode="auto", force=False)
    accepted = azure.rollback_update_or_upgrade("packages", key, body)
    assert packages.read().locked is True
    packages.wait(10)
    packages.ended(accepted)
    found = packages.read()
    assert (found.label, found.configuration, found.extended_properties) == (
        before.label,
        before.configuration,
        before.extended_properties,
    )
    assert packages.progress() is None
    assert len(packages.states()) == 3
    packages.rest()
    assert (packages.read().status, set(packages.states().values())) == ("Running", {READY})


def test_an_automatic_update_goes_no_further_while_it_is_taken_back(packages: Any, azure: Client) -> None:
    packages.running({"Worker": 5})
    packages.ended(packages.upgrade("Auto", {"Worker": 5}))
    packages.wait(61)
    assert packages.progress() == ("Auto", "During", 1)
    accepted = rollback(azure)
    packages.wait(70)
    assert packages.progress() == ("Auto", "During", 1)
    packages.ended(accepted)
    assert [name for name, state in packages.states().items() if state == BUSY] == ["Worker_IN_0", "Worker_IN_1"]


def test_a_manual_rollback_is_walked(packages: Any, azure: Client) -> None:
    before = packages.running()
    packages.ended(packages.upgrade("Manual"))
    packages.ended(walk(azure, 0))
    packages.ended(rollback(azure, "Manual"))
    assert packages.progress() == ("Manual", "Before", 0)
    assert packages.read().label == before.label
    packages.ended(walk(azure, 0))
    packages.ended(walk(azure, 1))
    assert (packages.progress(), packages.read().status) == (None, "Running")


def test_rollbacks_that_are_refused(packages: Any, azure: Client, refused: Any) -> None:
    packages.running()
    with refused(ConflictError, NO_UPDATE):
        rollback(azure)
    packages.ended(packages.upgrade("Manual"))
    for wrong in ("Simultaneous", "never"):
        with refused(BadRequest, "The mode of the update is invalid."):
            rollback(azure, wrong)
    packages.ended(rollback(azure))
    with refused(ConflictError, NO_UPDATE):
        rollback(azure)


def test_a_rollback_that_cannot_be_leaves_the_update_in_progress(
    packages: Any, azure: Client, emulator: Emulator, outcome: Any
) -> None:
    packages.running({"Worker": 5})
    packages.ended(packages.upgrade("Auto", {"Worker": 2}))
    rollback(azure)

    def shrink(draft: Draft) -> None:
        draft.change(quotas=replace(draft.subscription.quotas, cores=2))

    emulator.engine.change(emulator.subscription, shrink)
    ended, message = outcome()
    assert ended == "Failed" and message is not None and "cores count" in message
    assert (packages.read().label, packages.read().locked) == ("second", False)
    packages.rest()
    assert (packages.progress(), packages.read().status) == (None, "Running")  # the update went on to its end


# -- all of them ------------------------------------------------------------------------------------------------------


def operations(packages: Any, azure: Client, key: Any) -> list[Any]:
    configured = packages.configuration()
    return [
        lambda: azure.change_deployment_configuration("packages", key, ChangeConfiguration(configuration=configured)),
        lambda: azure.update_deployment_status("packages", key, UpdateDeploymentStatus(status="Running")),
        lambda: azure.walk_upgrade_domain("packages", key, WalkUpgradeDomain(upgrade_domain=0)),
        lambda: azure.rollback_update_or_upgrade("packages", key, RollbackUpdateOrUpgrade(mode="Auto")),
    ]


@pytest.mark.parametrize("number", range(4))
def test_what_is_not_there_cannot_be_changed(packages: Any, azure: Client, refused: Any, number: int) -> None:
    for key in (SLOT, DeploymentName("first")):
        with refused(ResourceNotFound, "No deployments were found."):
            operations(packages, azure, key)[number]()
    packages.made()
    with refused(ResourceNotFound, "The deployment name 'other' does not exist."):
        operations(packages, azure, DeploymentName("other"))[number]()


@pytest.mark.parametrize("number", range(4))
def test_machines_are_not_packages(packages: Any, azure: Client, emulator: Emulator, refused: Any, number: int) -> None:
    packages.made()
    packages.turn_into_machines()
    with refused(BadRequest, "The operation is not supported on a deployment that contains virtual machines."):
        operations(packages, azure, SLOT)[number]()
