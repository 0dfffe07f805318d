"""Boot diagnostics: where a machine's console is kept, which the service adds to the settings of a request."""

from __future__ import annotations

from asm_contracts import roles as wire
from asm_contracts.evidence import assumed, recorded
from asm_emulator.blobs import BLOB_HOST, parse_media_link
from asm_emulator.state import Draft


@recorded("in a container of its own in the OS disk's account, named for deployment, id and role; no log of Windows")
@assumed("settings without BootDiagnosticsEnabled, and those of machines that switch it off, name no blobs")
def debug_settings(
    draft: Draft,
    given: wire.DebugSettings | None,
    now: wire.DebugSettings | None,
    *,
    deployment_name: str,
    private_id: str,
    role_name: str,
    os_disk: wire.OSVirtualHardDisk,
    os: str,
) -> wire.DebugSettings | None:
    """A machine's debug settings after a request that gave these; what is left out stays, and so do the blobs.

    now: the settings the machine has
    """
    if given is None or given.boot_diagnostics_enabled is None:
        return now
    if not given.boot_diagnostics_enabled:
        return wire.DebugSettings(boot_diagnostics_enabled=False)
    if now is not None and now.boot_diagnostics_enabled:
        return now
    address = parse_media_link(os_disk.media_link or "")
    container = f"bootdiagnostics{draft.make_guid('boot diagnostics', private_id, role_name)}"
    account = address.account if address else ""
    start = f"http://{account}{BLOB_HOST}/{container}/{deployment_name}.{private_id}.{role_name}"
    return wire.DebugSettings(
        boot_diagnostics_enabled=True,
        console_screenshot_blob_uri=f"{start}-screenshot.bmp",
        serial_output_blob_uri=f"{start}-seriallog.txt" if os == "Linux" else None,
    )
