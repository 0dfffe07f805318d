"""What publishing tools need to know of a site, in the form they expect: attributes, no namespace (recorded)."""

from __future__ import annotations

from typing import Final

from asm_contracts.operation import RawBody
from asm_contracts.quoting import quoteattr

CONTENT_TYPE: Final = "application/xml; charset=utf-8"


def body(*, site: str, user: str, password: str, host: str, scm_host: str, ftp_host: str) -> RawBody:
    """The profiles of a site: one for Web Deploy, one for FTP.

    site: as Web Deploy names it; user and password: the site's own credentials; the hosts: without scheme
    """
    own = {"userPWD": password, "destinationAppUrl": f"http://{host}", "SQLServerDBConnectionString": ""}
    rest = {
        "mySQLDBConnectionString": "",
        "hostingProviderForumLink": "",
        "controlPanelLink": "",
        "webSystem": "WebSites",
    }
    profiles = (
        {
            "profileName": f"{site} - Web Deploy",
            "publishMethod": "MSDeploy",
            "publishUrl": f"{scm_host}:443",
            "msdeploySite": site,
            "userName": user,
            **own,
            **rest,
        },
        {
            "profileName": f"{site} - FTP",
            "publishMethod": "FTP",
            "publishUrl": f"ftp://{ftp_host}/site/wwwroot",
            "ftpPassiveMode": "True",
            "userName": f"{site}\\{user}",
            **own,
            **rest,
        },
    )
    text = "".join(f"<publishProfile{_attributes(profile)}><databases/></publishProfile>" for profile in profiles)
    return RawBody(f"<publishData>{text}</publishData>".encode(), CONTENT_TYPE)


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
