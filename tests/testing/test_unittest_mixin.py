"""The mixin for unittest, and the context manager."""

from __future__ import annotations

import unittest
from datetime import timedelta

from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_emulator.emulator import Emulator
from asm_emulator.testing import AzureClassic


def outcome(case: type[unittest.TestCase]) -> unittest.TestResult:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    return result


def test_every_test_has_a_subscription() -> None:
    class Provisioning(AzureClassic, unittest.TestCase):
        def create(self) -> None:
            azure = self.azure.client()
            self.assertEqual(azure.list_hosted_services().items, ())
            azure.create_hosted_service(CreateHostedService(service_name="web", label="web", location="West US"))

        test_one = create
        test_two = create

    found = outcome(Provisioning)
    assert (found.testsRun, found.errors, found.failures) == (2, [], [])


def test_planned_faults_must_happen() -> None:
    class Faulty(AzureClassic, unittest.TestCase):
        def test_unused(self) -> None:
            self.azure.faults.throttle("create_hosted_service")

    found = outcome(Faulty)
    ((_, trace),) = found.failures
    assert "planned faults that did not happen" in trace


def test_maintenance_is_planned_and_taken_back() -> None:
    class Maintained(AzureClassic, unittest.TestCase):
        def test_taken_back(self) -> None:
            self.azure.seed({"hosted_services": [{"name": "web", "virtual_machines": [{"name": "one"}]}]})
            (planned,) = self.azure.maintenance.plan("web", "one", pre_end=60, start=90)
            self.assertEqual(self.azure.maintenance.planned(), [planned])
            self.assertEqual(planned["subscription"], self.azure.subscription)
            self.azure.maintenance.cancel("web")
            self.assertEqual(self.azure.maintenance.planned(), [])

    found = outcome(Maintained)
    assert (found.testsRun, found.errors, found.failures) == (1, [], [])


def test_the_emulator_is_a_context() -> None:
    with Emulator(pace="manual") as azure:
        client = azure.client()
        begun = client.create_storage_account(
            CreateStorageServiceInput(service_name="store", label="store", location="West US")
        )
        azure.advance(timedelta(minutes=5))
        assert client.get_operation_status(begun.request_id).status == "Succeeded"
        azure.control.add_fault("error", code="ServerBusy")
        assert azure.control.list_requests()[-1]["operation"] == "get_operation_status"
    assert client.list_hosted_services().items == ()
