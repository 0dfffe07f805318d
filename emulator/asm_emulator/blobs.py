"""Blobs behind disks and images: which account they live in, and what they back.

There is no data plane: a blob that a request names is taken to be there.  What is kept is what each backs, for a blob
backs one registration, and the storage account of a registered blob cannot go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

from asm_contracts.errors import BadRequest, ConflictError
from asm_contracts.evidence import assumed, documented, quoted
from asm_emulator import model
from asm_emulator.state import Draft

BLOB_HOST: Final = ".blob.core.windows.net"
STORAGE_NAME: Final = "storage account"
"""The kind under which the cloud's storage account names are claimed."""
DEFAULT_SIZE: Final = 30
"""Assumed: the size in GB of a blob whose size nobody has told; recorded images of Linux had it."""

_ACCOUNT: Final = re.compile(r"[a-z0-9]{3,24}\Z")
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class BlobAddress:
    """The parts of a blob's URL."""

    account: str
    container: str
    blob: str


@lru_cache(maxsize=1024)
def parse_media_link(url: str) -> BlobAddress | None:
    """The parts of ``http[s]://{account}.blob.core.windows.net/{container}/{blob}``; None for anything else."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    account = host.removesuffix(BLOB_HOST)
    container, _, blob = unquote(parts.path).lstrip("/").partition("/")
    if (
        parts.scheme not in _PORTS
        or port not in (None, _PORTS[parts.scheme])
        or parts.query
        or parts.fragment
        or account == host
        or not _ACCOUNT.match(account)
        or not container
        or not blob.strip("/")
    ):
        return None
    return BlobAddress(account, container.lower(), blob)


@documented("the storage account of a disk's or an image's blob is one of the same subscription")
def find_storage_account_of(draft: Draft, media_link: str) -> model.StorageAccount | None:
    """The subscription's storage account in which a blob lives; None if there is none, or for no blob URL.

    One in another subscription does not serve, not even where the same management certificate manages both.
    """
    address = parse_media_link(media_link)
    return draft.storage_accounts.get(address.account) if address is not None else None


@assumed("that the account must be one of the subscription's is documented; no refusal's text was seen")
def check_media_link(draft: Draft, url: str) -> str:
    """The URL of a blob in an account of the subscription, as it was given; BadRequest for any other text."""
    if parse_media_link(url) is None:
        raise BadRequest(f"The media link {url} is not the address of a blob in a storage account.")
    if find_storage_account_of(draft, url) is None:
        raise BadRequest(f"The storage account of the media link {url} does not belong to this subscription.")
    return url.strip()


def account_location(draft: Draft, account: model.StorageAccount) -> str:
    """Where an account is: its own location, or its affinity group's."""
    if account.location is not None:
        return account.location
    group = draft.affinity_groups.get(account.affinity_group or "")
    return group.location if group else ""


def io_type(account: model.StorageAccount) -> str:
    """The IO type of disks in an account, as documents show it (both words recorded)."""
    return "Provisioned" if account.account_type == "Premium_LRS" else "Standard"


def _key(url: str) -> str:
    """The name of a blob in the table of registrations.

    Scheme and port do not make another blob, and neither does the case of account and container; that of the blob's
    own name does, which the table, having no case, would lose.
    """
    address = parse_media_link(url)
    if address is None:
        return url.strip().lower()
    blob = re.sub(r"[A-Z^]", lambda letter: "^" + letter[0].lower(), address.blob)
    return f"https://{address.account}{BLOB_HOST}/{address.container}/{blob}"


def blob_of(draft: Draft, url: str) -> model.Blob | None:
    """What a blob backs, if anything."""
    return draft.blobs.get(_key(url))


@quoted("only the middle of the message is quoted in public; code and status are assumed")
def check_unregistered(draft: Draft, url: str) -> None:
    """A blob backs at most one disk or image; ConflictError if this one has its registration already."""
    holder = blob_of(draft, url)
    if holder is not None:
        raise ConflictError(
            f"The blob {url} is already registered with image repository as the resource {holder.name}."
        )


@quoted("code and text (vagrant-azure issue 35); not whether the request or its operation was refused")
def check_unleased(draft: Draft, url: str) -> None:
    """BadRequest where a new disk is to overwrite a blob that backs something: such a blob is leased."""
    if blob_of(draft, url) is not None:
        raise BadRequest(f"A lease conflict occurred with the blob {url}.")


def register_blob(draft: Draft, url: str, kind: str, name: str) -> None:
    """Let a blob back the disk, image or vmimage (`kind`) of this name; ConflictError if it backs something."""
    check_unregistered(draft, url)
    draft.blobs[_key(url)] = model.Blob(kind=kind, name=name)


def release_blob(draft: Draft, url: str) -> None:
    """A blob backs nothing any more; nothing happens if it did not."""
    draft.blobs.pop(_key(url), None)


def registered_in(draft: Draft, account_name: str) -> list[str]:
    """The names of the disks and images whose blobs live in an account, of whichever subscription, sorted."""
    found = set()
    for subscription in draft.state.subscriptions.values():
        links = [(disk.name, disk.media_link) for disk in subscription.disks.values()]
        links += [(image.name, image.media_link) for image in subscription.os_images.values()]
        for image in subscription.vm_images.values():
            links += [(image.name, disk.media_link) for disk in (image.os_disk, *image.data_disks)]
        for name, link in links:
            address = parse_media_link(link)
            if address is not None and address.account == account_name.lower():
                found.add(name)
    return sorted(found, key=str.lower)
