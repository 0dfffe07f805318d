"""The frozen entities of ExpressRoute; they stand in the state beside those of `model`."""

from __future__ import annotations

from dataclasses import dataclass, field

from rpds import HashTrieMap


@dataclass(frozen=True, slots=True, kw_only=True)
class BgpPeering:
    """How a circuit exchanges routes; the shared key is not kept, for it is never given back."""

    access_type: str
    peer_asn: int
    primary_peer_subnet: str
    secondary_peer_subnet: str
    vlan_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DedicatedCircuit:
    """A circuit, known by its service key; `provisioning` is what its provider says of it."""

    service_key: str
    name: str
    bandwidth: int
    location: str
    provider: str
    billing_type: str
    sku: str
    status: str = "Enabled"
    provisioning: str = "NotProvisioned"
    tag: int | None = None
    """The VLAN tag that its provider knows it by, once that has begun to connect it."""
    peerings: HashTrieMap[str, BgpPeering] = field(default_factory=HashTrieMap)
    """By access type in lower case."""
    links: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    """Linked networks: their names in lower case to their own."""
