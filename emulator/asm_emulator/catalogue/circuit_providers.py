"""Who sold ExpressRoute circuits: a few of the providers that the service's documentation names."""

from __future__ import annotations

from typing import Final

from asm_contracts.areas.expressroute import DedicatedCircuitBandwidth, DedicatedCircuitServiceProvider

_EXCHANGE: Final = ((200, "200Mbps"), (500, "500Mbps"), (1000, "1Gbps"), (10000, "10Gbps"))
_CARRIER: Final = ((10, "10Mbps"), (50, "50Mbps"), (100, "100Mbps"), (500, "500Mbps"), (1000, "1Gbps"))


def _provider(name: str, kind: str, places: str) -> DedicatedCircuitServiceProvider:
    speeds = _EXCHANGE if kind == "IXP" else _CARRIER
    return DedicatedCircuitServiceProvider(
        dedicated_circuit_bandwidths=tuple(
            DedicatedCircuitBandwidth(bandwidth=bandwidth, label=label) for bandwidth, label in speeds
        ),
        dedicated_circuit_locations=places,
        name=name,
        type=kind,
    )


PROVIDERS: Final = (
    _provider("at&t", "Telco", "Silicon Valley,Washington DC"),
    _provider("british telecom", "Telco", "London,Amsterdam"),
    _provider("equinix", "IXP", "Amsterdam,Atlanta,Chicago,London,New York,Seattle,Silicon Valley,Washington DC"),
    _provider("level 3 communications - exchange", "IXP", "London,Silicon Valley,Washington DC"),
    _provider("telecity group", "IXP", "Amsterdam,London"),
    _provider("verizon", "Telco", "London,Silicon Valley,Washington DC"),
)
