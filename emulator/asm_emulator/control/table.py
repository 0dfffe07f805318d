"""The endpoints of the control plane, all of them."""

from __future__ import annotations

from typing import Final

from asm_emulator.control.terms import Endpoint, Field

_YEAR: Final = 366 * 24 * 3600.0
FAULTS: Final = ("error", "delay", "drop", "cut", "spoil", "redirect", "fail", "hold")
SPOILS: Final = ("truncated", "mismatched", "empty", "html", "binary")

_SUBSCRIPTION: Final = Field(name="subscription", about="Only this subscription's.")
_ID: Final = Field(name="id", about="The subscription's id.", required=True)
_OPERATION: Final = Field(name="id", about="The operation's id: the x-ms-request-id of its request.", required=True)
_NAME: Final = Field(name="name", about="The snapshot's name.", required=True)
_RULE: Final = Field(name="id", about="The rule's id.", required=True)
_SERVICE: Final = Field(name="service", about="The hosted service's name.", required=True)
_MACHINE: Final = Field(name="machine", about="The virtual machine's name; all of the service's, if not said.")
_OF: Final = Field(name="subscription", about="The service is this one's; the first's, if not said.")
_CERTIFICATE: Final = "A management certificate: PEM, or the base64 of its DER."
_WITHIN: Final = Field(
    name="within", about="Seconds to go at most.", kind="number", default=30 * 24 * 3600.0, least=0, most=_YEAR
)

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    # -- the emulator
    Endpoint(
        "emulator", "health", "GET", "/health", "Whether the emulator answers, its version and its endpoint.", open=True
    ),
    Endpoint("emulator", "ready", "GET", "/ready", "204 once requests are served; for probes.", open=True, success=204),
    Endpoint("emulator", "version", "GET", "/version", "The versions of the emulator, of Python and of OpenSSL."),
    Endpoint("emulator", "configuration", "GET", "/configuration", "What the emulator was started with."),
    Endpoint(
        "emulator",
        "reset",
        "POST",
        "/reset",
        "Forget everything but the first subscription, its certificates and the snapshots.",
    ),
    # -- subscriptions
    Endpoint(
        "subscriptions",
        "list_subscriptions",
        "GET",
        "/subscriptions",
        "Every subscription, with what it has in numbers.",
    ),
    Endpoint("subscriptions", "get_subscription", "GET", "/subscriptions/{id}", "One subscription.", (_ID,)),
    Endpoint(
        "subscriptions",
        "create_subscription",
        "POST",
        "/subscriptions",
        "Make a subscription: a fresh one for every test, say.",
        (
            Field(name="id", about="Its id, a GUID; one is made up without."),
            Field(name="name", about="Its name.", default="asm-emulator"),
            Field(name="certificate", about=_CERTIFICATE + " Without, those that the first subscription began with."),
            Field(
                name="isolate",
                about="Whether it has a cloud of its own, where every global name is free.",
                kind="boolean",
                default=False,
            ),
            Field(name="quotas", about='Its quotas, where not the usual ones: {"cores": 100}.', kind="object"),
        ),
        success=201,
    ),
    Endpoint(
        "subscriptions",
        "delete_subscription",
        "DELETE",
        "/subscriptions/{id}",
        "Have a subscription be gone, with everything in it.",
        (_ID,),
    ),
    Endpoint(
        "subscriptions",
        "reset_subscription",
        "POST",
        "/subscriptions/{id}/reset",
        "Empty a subscription; certificates and quotas stay, its faults and exchanges go.",
        (_ID,),
    ),
    Endpoint(
        "subscriptions",
        "enrol_certificate",
        "POST",
        "/subscriptions/{id}/certificates",
        "Register a management certificate with a subscription.",
        (_ID, Field(name="certificate", about=_CERTIFICATE, required=True)),
        success=201,
    ),
    Endpoint(
        "subscriptions",
        "set_quotas",
        "POST",
        "/subscriptions/{id}/quotas",
        "Change some of a subscription's quotas.",
        (_ID, Field(name="quotas", about='The quotas to change: {"cores": 100}.', kind="object", required=True)),
    ),
    # -- clock
    Endpoint(
        "clock",
        "clock",
        "GET",
        "/clock",
        "The time, the pace, whether the clock is frozen, and how many steps are pending.",
        (Field(name="subscription", about="As this subscription has it."),),
    ),
    Endpoint(
        "clock",
        "advance",
        "POST",
        "/clock/advance",
        "Move the time forward; what is due by then happens at once.",
        (
            Field(name="seconds", about="How far.", kind="number", required=True, least=0, most=_YEAR),
            Field(name="subscription", about="Move this subscription's time alone."),
        ),
    ),
    Endpoint(
        "clock",
        "advance_until_ended",
        "POST",
        "/clock/advance-until-ended",
        "Move the time forward until an operation has ended.",
        (
            Field(name="operation", about="The operation's id.", required=True),
            _WITHIN,
            Field(name="subscription", about="Move this subscription's time alone."),
        ),
    ),
    Endpoint(
        "clock",
        "advance_until_idle",
        "POST",
        "/clock/advance-until-idle",
        "Move the time forward until nothing is pending.",
        (
            _WITHIN,
            Field(name="subscription", about="Move this subscription's time alone, until it has nothing pending."),
        ),
    ),
    Endpoint("clock", "freeze", "POST", "/clock/freeze", "Stop the clock: time moves only when it is advanced."),
    Endpoint("clock", "thaw", "POST", "/clock/thaw", "Let the clock run on."),
    Endpoint(
        "clock",
        "set_pace",
        "POST",
        "/clock/pace",
        "Go on at another pace; what is pending keeps its time.",
        (
            Field(
                name="pace",
                about="The pace's name; manual freezes the clock, the others let it run.",
                choices=("quick", "instant", "real", "manual"),
            ),
            Field(
                name="scale",
                about="In place of a name: what the recorded durations are multiplied by.",
                kind="number",
                least=0,
                most=1000,
            ),
        ),
    ),
    # -- operations
    Endpoint(
        "operations",
        "list_operations",
        "GET",
        "/operations",
        "What became of requests that changed something, in the order they began.",
        (
            _SUBSCRIPTION,
            Field(name="status", about="Only those of this status.", choices=("InProgress", "Succeeded", "Failed")),
            Field(name="after", about="Only those of a later serial number.", kind="integer", default=0),
        ),
    ),
    Endpoint("operations", "get_operation", "GET", "/operations/{id}", "One operation.", (_OPERATION,)),
    Endpoint(
        "operations",
        "hold_operation",
        "POST",
        "/operations/{id}/hold",
        "Keep an operation InProgress, whatever the time.",
        (_OPERATION,),
    ),
    Endpoint(
        "operations",
        "release_operation",
        "POST",
        "/operations/{id}/release",
        "Let a held operation go on.",
        (_OPERATION,),
    ),
    Endpoint(
        "operations",
        "fail_operation",
        "POST",
        "/operations/{id}/fail",
        "End an operation now, with an error.",
        (
            _OPERATION,
            Field(name="code", about="The error's code.", default="InternalError"),
            Field(name="message", about="Its text, where not the code's own."),
            Field(
                name="status", about="Its HTTP status, where not the code's own.", kind="integer", least=400, most=599
            ),
        ),
    ),
    Endpoint(
        "operations",
        "succeed_operation",
        "POST",
        "/operations/{id}/succeed",
        "Have an operation come to its end now.",
        (_OPERATION,),
    ),
    # -- faults
    Endpoint(
        "faults",
        "list_faults",
        "GET",
        "/faults",
        "The fault rules with their counts, and whether all of them were used.",
        (_SUBSCRIPTION,),
    ),
    Endpoint(
        "faults",
        "add_fault",
        "POST",
        "/faults",
        "Plan a fault: which requests go wrong, and how.",
        (
            Field(
                name="answer",
                about="What happens: an error; the answer late, lost, cut or spoilt; a 307; an operation that is accepted and fails, or is held.",
                choices=FAULTS,
                required=True,
            ),
            Field(name="id", about="The rule's id; one is made up without."),
            Field(
                name="operation",
                about="A shell pattern of the operation's name, as `asm-emulator operations` has it.",
                default="*",
            ),
            Field(name="subscription", about="Only requests of this subscription."),
            Field(
                name="resource",
                about="A shell pattern of the path below the subscription: services/hostedservices/web*.",
            ),
            Field(name="after", about="How many requests that fit go well first.", kind="integer", default=0, least=0),
            Field(
                name="times",
                about="How often it happens; null for always.",
                kind="integer",
                default=1,
                least=1,
                nullable=True,
            ),
            Field(name="chance", about="With what probability.", kind="number", default=1.0, least=0, most=1),
            Field(name="seed", about="What the dice depend on.", default=""),
            Field(name="code", about="Of error and fail: the code, such as TooManyRequests.", default="InternalError"),
            Field(name="message", about="Of error and fail: the text, where not the code's own."),
            Field(
                name="status",
                about="Of error and fail: the HTTP status, where not the code's own.",
                kind="integer",
                least=400,
                most=599,
            ),
            Field(name="retry_after", about="Of error: the Retry-After header, in seconds.", kind="integer", least=0),
            Field(
                name="seconds",
                about="Of delay: how long, by the client's clock.",
                kind="number",
                default=1.0,
                least=0,
                most=3600,
            ),
            Field(
                name="when",
                about="Of drop and delay: before or after the request is carried out (drop: before; delay: after).",
                choices=("before", "after"),
            ),
            Field(
                name="octets",
                about="Of cut: after how many bytes of the body; half of it, if not said.",
                kind="integer",
                least=0,
            ),
            Field(name="how", about="Of spoil: in which way.", choices=SPOILS, default="truncated"),
            Field(name="location", about="Of redirect: where to; the same address again, if not said."),
        ),
        success=201,
    ),
    Endpoint("faults", "get_fault", "GET", "/faults/{id}", "One fault rule.", (_RULE,)),
    Endpoint("faults", "delete_fault", "DELETE", "/faults/{id}", "Take a fault rule away.", (_RULE,)),
    Endpoint("faults", "clear_faults", "DELETE", "/faults", "Take all fault rules away.", (_SUBSCRIPTION,)),
    # -- maintenance
    Endpoint(
        "maintenance",
        "list_maintenance",
        "GET",
        "/maintenance",
        "What maintenance is planned for virtual machines, or was and is done.",
        (_SUBSCRIPTION,),
    ),
    Endpoint(
        "maintenance",
        "plan_maintenance",
        "POST",
        "/maintenance/{service}",
        "Plan maintenance for the hosts of a service's virtual machines, in place of what was planned before.",
        (
            _SERVICE,
            _MACHINE,
            Field(
                name="pre_start",
                about="From when on the owner may have it done, in seconds from now.",
                kind="number",
                default=0.0,
                least=0,
                most=_YEAR,
            ),
            Field(
                name="pre_end",
                about="Until when; until start, if not said.",
                kind="number",
                least=0,
                most=_YEAR,
            ),
            Field(
                name="start",
                about="When the platform does it; at pre_end if not said, and in seven days without both.",
                kind="number",
                least=0,
                most=_YEAR,
            ),
            Field(
                name="end",
                about="When the window ends in which it does; four days after start, if not said.",
                kind="number",
                least=0,
                most=2 * _YEAR,
            ),
            _OF,
        ),
        success=201,
    ),
    Endpoint(
        "maintenance",
        "cancel_maintenance",
        "DELETE",
        "/maintenance/{service}",
        "Take planned maintenance back, and forget what was done.",
        (_SERVICE, _MACHINE, _OF),
    ),
    # -- snapshots
    Endpoint("snapshots", "list_snapshots", "GET", "/snapshots", "Every snapshot."),
    Endpoint(
        "snapshots",
        "take_snapshot",
        "POST",
        "/snapshots",
        "Keep the state under a name.",
        (
            Field(name="name", about="Its name; one is made up without."),
            Field(name="subscription", about="Of this subscription alone."),
        ),
        success=201,
    ),
    Endpoint(
        "snapshots",
        "restore_snapshot",
        "POST",
        "/snapshots/{name}/restore",
        "Go back to a snapshot; what was pending has as long to go as it had.",
        (_NAME,),
    ),
    Endpoint("snapshots", "delete_snapshot", "DELETE", "/snapshots/{name}", "Forget a snapshot.", (_NAME,)),
    Endpoint(
        "snapshots",
        "diff_snapshots",
        "GET",
        "/snapshots/{name}/diff",
        "What changed since a snapshot, as a tree and as text.",
        (_NAME, Field(name="to", about="The other snapshot; the present, if not said."), _SUBSCRIPTION),
    ),
    Endpoint(
        "snapshots",
        "export_snapshot",
        "GET",
        "/snapshots/{name}/export",
        "A snapshot as a document to keep in a file.",
        (_NAME,),
    ),
    Endpoint(
        "snapshots",
        "import_snapshot",
        "POST",
        "/snapshots/import",
        "Take in an exported snapshot; restore it to use it.",
        (
            Field(name="document", about="What export gave.", kind="object", required=True),
            Field(name="name", about="Another name for it."),
        ),
        success=201,
    ),
    # -- requests
    Endpoint(
        "requests",
        "list_requests",
        "GET",
        "/requests",
        "The last exchanges, oldest first.",
        (
            _SUBSCRIPTION,
            Field(name="operation", about="Only those of operations whose name has this shell pattern."),
            Field(name="status", about="Only those answered so.", kind="integer"),
            Field(name="failed", about="Only those refused or cut; false for the others.", kind="boolean"),
            Field(name="after", about="Only those of a later serial number.", kind="integer", default=0),
            Field(name="last", about="So many of the latest.", kind="integer", default=100, least=0, most=100_000),
            Field(name="bodies", about="Whether with headers and bodies.", kind="boolean", default=False),
        ),
    ),
    Endpoint(
        "requests",
        "get_request",
        "GET",
        "/requests/{id}",
        "One exchange with headers and bodies, and why it was refused if it was.",
        (Field(name="id", about="Its x-ms-request-id.", required=True),),
    ),
    Endpoint("requests", "clear_requests", "DELETE", "/requests", "Forget the exchanges.", (_SUBSCRIPTION,)),
    # -- seed
    Endpoint(
        "seed",
        "seed",
        "POST",
        "/seed",
        "Put a described estate into a subscription, and say what could not be taken.",
        (
            Field(
                name="estate",
                about="The description, or its text (JSON, YAML, the XML of Get Deployment).",
                kind="any",
                required=True,
            ),
            Field(
                name="format",
                about="What it is: a description (estate), a Get Deployment document (deployment), the output of `azure vm list --json` (vm-list).",
                choices=("estate", "deployment", "vm-list"),
                default="estate",
            ),
            Field(name="subscription", about="Into this one; the first, if not said."),
            Field(
                name="service", about="Of deployment: the hosted service's name, where the document does not tell it."
            ),
            Field(name="location", about="Where services are that do not say it.", default="West US"),
        ),
        success=201,
    ),
)
"""Every endpoint; documentation, commands and the Python object are checked against it."""
