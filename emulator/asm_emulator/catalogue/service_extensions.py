"""Extensions of web and worker roles.

Provider namespaces and types are documented; versions, labels and descriptions are assumed, and texts are our own.
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceExtension:
    """One version of an extension."""

    provider_namespace: str
    type: str
    version: str
    label: str
    description: str
    thumbprint_algorithm: str = "sha1"
    hosting_resources: str = "WebRole|WorkerRole"
    company_name: str = "Microsoft"
    supported_os: str = "Windows"
    is_json_extension: bool = False


# provider namespace, type, versions, label, description
_EXTENSIONS = (
    (
        "Microsoft.Windows.Azure.Extensions",
        "RDP",
        "1.0 1.1 1.2",
        "Remote Desktop",
        "Lets an administrator log in to role instances by Remote Desktop.",
    ),
    (
        "Microsoft.Windows.Azure.Extensions",
        "Diagnostics",
        "1.0 1.1 1.2",
        "Diagnostics",
        "Collects logs and performance counters of role instances into a storage account.",
    ),
    (
        "Microsoft.Windows.Azure.Extensions",
        "ADDomain",
        "1.0 1.1 1.2 1.3",
        "Active Directory Domain",
        "Joins role instances to a domain.",
    ),
    (
        "Microsoft.Azure.Diagnostics",
        "PaaSDiagnostics",
        "1.0 1.1 1.2 1.3 1.4 1.5",
        "Azure Diagnostics",
        "Collects logs, events and performance counters of role instances.",
    ),
    (
        "Microsoft.Azure.Security",
        "PaaSAntimalware",
        "1.0 1.1 1.2 1.3 1.4 1.5",
        "Antimalware",
        "Protects role instances from malicious software.",
    ),
)


@cache
def service_extensions() -> tuple[ServiceExtension, ...]:
    """Every version of every extension; versions of one extension are neighbours, oldest first."""
    return tuple(
        ServiceExtension(provider_namespace=namespace, type=kind, version=version, label=label, description=description)
        for namespace, kind, versions, label, description in _EXTENSIONS
        for version in versions.split()
    )


def service_extension_versions(provider_namespace: str, extension_type: str) -> tuple[ServiceExtension, ...]:
    """Every version of one extension, oldest first; none if there is no such extension."""
    wanted = (provider_namespace.lower(), extension_type.lower())
    return tuple(one for one in service_extensions() if (one.provider_namespace.lower(), one.type.lower()) == wanted)
