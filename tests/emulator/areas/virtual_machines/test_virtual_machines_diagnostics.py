"""Boot diagnostics."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from asm_client.client import Client
from asm_contracts.roles import DebugSettings, PersistentVMRole


def settings(machines: Any) -> Any:
    (role,) = machines.deployment().role_list
    return role.debug_settings


def test_the_service_says_where_the_console_is_kept(machines: Any, azure: Client) -> None:
    machines.create(replace(machines.linux(), debug_settings=DebugSettings(boot_diagnostics_enabled=True)))
    found = settings(machines)
    disk = machines.deployment().role_list[0].os_virtual_hard_disk
    account = disk.media_link.removeprefix("https://").partition(".")[0]
    folder, _, screenshot = found.console_screenshot_blob_uri.rpartition("/")
    assert folder.startswith(f"http://{account}.blob.core.windows.net/bootdiagnostics")
    assert screenshot == f"dep.{machines.deployment().private_id}.vm1-screenshot.bmp"
    assert found.serial_output_blob_uri == f"{folder}/dep.{machines.deployment().private_id}.vm1-seriallog.txt"
    assert azure.get_role("svc", "dep", "vm1").debug_settings == found


def test_they_stay_until_they_are_switched_off(machines: Any, azure: Client) -> None:
    machines.create(replace(machines.linux(), debug_settings=DebugSettings(boot_diagnostics_enabled=True)))
    before = settings(machines)
    for given in (None, DebugSettings(), DebugSettings(boot_diagnostics_enabled=True)):
        machines.end(azure.update_role("svc", "dep", "vm1", PersistentVMRole(debug_settings=given)))
        assert settings(machines) == before
    off = PersistentVMRole(debug_settings=DebugSettings(boot_diagnostics_enabled=False))
    machines.end(azure.update_role("svc", "dep", "vm1", off))
    assert settings(machines) == DebugSettings(boot_diagnostics_enabled=False)


def test_windows_has_no_serial_log(machines: Any) -> None:
    machines.create(replace(machines.windows(), debug_settings=DebugSettings(boot_diagnostics_enabled=True)))
    assert settings(machines).console_screenshot_blob_uri.endswith(".vm1-screenshot.bmp")
    assert settings(machines).serial_output_blob_uri is None


def test_a_machine_that_was_not_asked_to_has_none(machines: Any) -> None:
    machines.create()
    assert settings(machines) is None
