"""The guide's vocabulary: a script for the official client runs with this import line instead of its own.

    from asm_client.servicemanagement import *

Signatures and attribute names are the official client's (`azure-servicemanagement-legacy`); behind them are the
declared operations.
"""

from __future__ import annotations

from asm_client.servicemanagement import vocabulary as _vocabulary
from asm_client.servicemanagement.accounts import Accounts
from asm_client.servicemanagement.connection import (
    AZURE_MANAGEMENT_CERTFILE,
    AZURE_MANAGEMENT_SUBSCRIPTIONID,
    X_MS_VERSION,
)
from asm_client.servicemanagement.errors import (
    AzureAsyncOperationHttpError,
    AzureConflictHttpError,
    AzureHttpError,
    AzureMissingResourceHttpError,
)
from asm_client.servicemanagement.images import Images
from asm_client.servicemanagement.machines import Machines
from asm_client.servicemanagement.services import Services
from asm_client.servicemanagement.vocabulary import *  # noqa: F403
from asm_client.transport import MANAGEMENT_HOST


class ServiceManagementService(Accounts, Services, Images, Machines):
    """The service, as the guide calls it.

    Reading answers an object or a list, changing an object with `request_id`; a refusal raises `AzureHttpError`.
    """


__all__ = [
    "AZURE_MANAGEMENT_CERTFILE",
    "AZURE_MANAGEMENT_SUBSCRIPTIONID",
    "MANAGEMENT_HOST",
    "X_MS_VERSION",
    "AzureAsyncOperationHttpError",
    "AzureConflictHttpError",
    "AzureHttpError",
    "AzureMissingResourceHttpError",
    "ServiceManagementService",
]
__all__ += _vocabulary.__all__
