"""Web spaces, regions and publishing users."""

from __future__ import annotations

import re
from typing import Final

from asm_contracts.areas.websites import (
    GeoRegion,
    GeoRegions,
    PublishingUser,
    SerializedBoolean,
    Strings,
    WebSpace,
    WebSpaceContract,
    WebSpaces,
)
from asm_contracts.document import NIL
from asm_contracts.errors import Conflict, templated
from asm_contracts.evidence import assumed
from asm_contracts.vocabulary import SerializedString
from asm_emulator.areas.websites.common import (
    CLAIM,
    DNS_SUFFIX,
    WebArea,
    bad_request,
    farms_of,
    publishing_digest,
    refuse_webspace,
    region_of,
)
from asm_emulator.areas.websites.documents import webspace_document
from asm_emulator.catalogue.web_regions import web_regions
from asm_emulator.names import given

_USER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{2,29}\Z")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,58}[A-Za-z0-9])?\Z")
USER_CLAIM: Final = "publishing user"


class WebSpaceArea(WebArea, WebSpaceContract):
    """Lists web spaces and regions; keeps the names of publishing users."""

    def list_webspaces(self) -> WebSpaces:
        found = {farm.webspace: region_of(farm) for farm in self.state.server_farms.values()}
        return WebSpaces(items=tuple(webspace_document(self.state, name, region) for name, region in found.items()))

    def list_geo_regions(self) -> GeoRegions:
        return GeoRegions(
            items=tuple(GeoRegion(display_name=one.name, name=one.name, sort_order=one.order) for one in web_regions())
        )

    def get_dns_suffix(self) -> SerializedString:
        return SerializedString(value=DNS_SUFFIX)

    def list_publishing_users(self) -> Strings:
        return Strings(items=self.state.subscription.publishing_users)

    @assumed("the refusals' texts were never seen, nor what names and passwords are allowed; the last user counts")
    def create_publishing_user(self, body: PublishingUser) -> PublishingUser:
        name, password = given(body.publishing_user_name) or "", given(body.publishing_password) or ""
        if not _USER.match(name):
            raise bad_request("The publishing user name {0} is invalid.", name)
        if len(password) < 8 or password.isalpha() or password.isdigit():
            raise bad_request("The publishing password must have at least 8 characters, letters and numbers.")
        owner = self.state.owner_of(USER_CLAIM, name)
        if owner not in (None, self.state.subscription_id):
            raise templated(Conflict, "54002", "The publishing user name {0} is already in use.", name)
        for former in self.state.subscription.publishing_users:
            self.state.release(USER_CLAIM, former)
        self.state.claim(USER_CLAIM, name)
        digest = publishing_digest(self.state, name, password)
        self.state.change(publishing_users=(name,), publishing_digest=digest)
        return PublishingUser(name=given(body.name) or NIL, publishing_password=NIL, publishing_user_name=name)

    @assumed("that the answer is true when the name is free follows from the question")
    def is_site_hostname_available(self, hostname: str) -> SerializedBoolean:
        label = hostname.lower().removesuffix(f".{DNS_SUFFIX}")
        return SerializedBoolean(value=bool(_LABEL.match(label)) and self.state.owner_of(CLAIM, label) is None)

    def get_webspace(self, webspace_name: str) -> WebSpace:
        farm = next(farms_of(self.state, webspace_name), None)
        if farm is None:
            refuse_webspace(webspace_name)
        return webspace_document(self.state, farm.webspace, region_of(farm))
