"""Extensions of virtual machines: what a guest agent can install.

A list of all extensions names each once, at its newest version and in two figures (1.0); the list of one extension has
every version in full (1.0.0.6) (both recorded).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceExtension:
    """One version of an extension.

    None means that the service leaves the element out.  Schemas and the sample configuration are plain text here and
    base64 on the wire; an empty text is an empty element.  `published_date` is UTC.
    """

    publisher: str
    name: str
    version: str
    label: str
    description: str
    public_configuration_schema: str | None = None
    private_configuration_schema: str | None = None
    sample_config: str | None = None
    replication_completed: bool = True
    eula: str | None = None
    privacy_uri: str | None = None
    homepage_uri: str | None = None
    is_json_extension: bool | None = None
    disallow_major_version_upgrade: bool | None = None
    supported_os: str | None = None
    company_name: str | None = None
    published_date: datetime | None = None
    regions: str | None = None

    @property
    def listed_version(self) -> str:
        """The version in a list of all extensions: its first two figures."""
        return ".".join(self.version.split(".")[:2])

    @property
    def handler_name(self) -> str:
        """The name under which the guest agent reports the extension's state."""
        return f"{self.publisher}.{self.name}"


def version_key(version: str) -> tuple[int, ...]:
    """Order of versions: by number, figure after figure."""
    return tuple(int(figure) for figure in version.split("."))


def matches(pattern: str, version: str) -> bool:
    """Whether a reference's version (`1.*`, `1.4`, `1.4.2.0`, `*` or nothing) admits a version.

    Assumed: a pattern of fewer figures admits every version that begins with them, with or without the `*`; the
    recorded references are `1.*`, `1210.*` and `1.0`.
    """
    figures = [figure for figure in pattern.split(".") if figure not in ("*", "")]
    return version.split(".")[: len(figures)] == figures


@cache
def resource_extensions() -> tuple[ResourceExtension, ...]:
    """Every version of every extension; versions of one extension are neighbours, oldest first."""
    from .extension_table import EXTENSIONS  # Read only when somebody asks for extensions.

    return EXTENSIONS
