"""What the script does, also on the service's bad days."""

import pytest
from azure.common import AzureConflictHttpError, AzureHttpError
from provision import PATIENCE, ProvisioningError, provision, tear_down


@pytest.fixture(autouse=True)
def no_waiting(azure_clock, monkeypatch):
    """Wherever the script sleeps, the service's time goes on, and ours does not."""
    monkeypatch.setattr("time.sleep", azure_clock.sleep)


def test_two_machines_come_up(azure_classic_sdk, azure_clock):
    began = azure_clock.now()
    machines = provision(azure_classic_sdk, "farm")
    assert sorted(machines) == ["web-0", "web-1"]
    assert 60 < (azure_clock.now() - began).total_seconds() < 1800


def test_they_can_be_reached(azure_classic_sdk, azure_classic):
    provision(azure_classic_sdk, "farm", 3)
    deployment = azure_classic.client().get_deployment("farm", "farm")
    ports = [one.port for role in deployment.role_list for one in role.configuration_sets[0].input_endpoints]
    assert ports == [2200, 2201, 2202]


def test_what_is_torn_down_is_gone(azure_classic_sdk, azure_clock, azure_snapshots):
    azure_snapshots.take("empty")
    provision(azure_classic_sdk, "farm", 1)
    assert "+ farm" in azure_snapshots.changed("empty")
    tear_down(azure_classic_sdk, "farm")
    azure_clock.until_idle()
    assert "farm:" not in azure_snapshots.changed("empty").partition("operations")[0]


def test_a_busy_service_is_asked_again(azure_classic_sdk, azure_faults):
    azure_faults.throttle("create_hosted_service", times=2)
    azure_faults.error("get_operation_status", "InternalError", after=1)
    azure_faults.error("add_role", "ServerBusy")
    assert len(provision(azure_classic_sdk, "farm")) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_does_no_harm(azure_classic_sdk, azure_classic, azure_faults, when):
    azure_faults.drop("create_storage_account", when=when)
    azure_faults.drop("get_operation_status", after=1)
    provision(azure_classic_sdk, "farm", 1)
    assert len(azure_classic.client().list_storage_accounts().items) == 1


def test_a_creation_that_fails_is_told(azure_classic_sdk, azure_faults):
    azure_faults.fail("create_virtual_machine_deployment", "InternalError", message="No more room in the rack.")
    with pytest.raises(ProvisioningError, match="No more room in the rack"):
        provision(azure_classic_sdk, "farm")


def test_patience_has_an_end(azure_classic_sdk, azure_clock, azure_faults):
    azure_faults.hold("add_role")
    began = azure_clock.now()
    with pytest.raises(ProvisioningError, match="still in progress"):
        provision(azure_classic_sdk, "farm")
    assert (azure_clock.now() - began).total_seconds() > PATIENCE


def test_a_name_that_somebody_has_is_refused(azure_classic_sdk):
    azure_classic_sdk.create_hosted_service("farm", "farm", location="West US")
    with pytest.raises(AzureConflictHttpError):
        provision(azure_classic_sdk, "farm")


@pytest.mark.azure_classic(quotas={"cores": 1})
def test_the_quota_is_the_end(azure_classic_sdk):
    with pytest.raises(AzureHttpError, match="cores"):
        provision(azure_classic_sdk, "farm")


@pytest.mark.azure_classic(seed={"hosted_services": [{"name": "farm", "virtual_machines": [{"name": "old"}]}]})
def test_a_farm_of_old_is_torn_down(azure_classic_sdk):
    tear_down(azure_classic_sdk, "farm")
    assert list(azure_classic_sdk.list_hosted_services()) == []
