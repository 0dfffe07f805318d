"""Values that software stumbles over, by where they may stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

# As they stand between two tags: what must be escaped is.
TEXTS: Final[tuple[bytes, ...]] = tuple(
    escape(text).encode("utf-8", "surrogatepass")
    for text in (
        "", " ", "\n", "-", ".", "..", "/", "\\", "0", "1", "-1", "00", "1.5", "1e9", "NaN", "INF", "+1", "0x10", "\u0663",
        "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "9" * 18, "9" * 19, "9" * 400, "true", "TRUE", "2", "none", "null", "nil", "undefined", "*", "%", "%00", "%2e%2e",
        "a b", "a,b", "a;b", "a|b", "a:b", "a=b&c", "a'b", 'a"b', "<x/>", "]]>", "{}", "{0}", "${x}", "%s%n", "$(x)",
        "é", "日本", "ß", "İ", "ı", "ﬀ", "\u202e", "\u200b", "\ufeff", "\ufffd", "\U0001f4a9", "e\u0301", "K", "\u0085", "\u2028",
        "A" * 64, "A" * 256, "a" * 5000, "a" * 70000, "=" * 8, "AAAA", "AA==", "A", "====", "YQ==", "4pyT", "/w==", "AA",
        "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000001}", "00000000000000000000000000000001",
        "zzzzzzzz-0000-0000-0000-000000000000", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2015-02-30T00:00:00Z",
        "2015-07-02T25:00:00Z", "2015-07-02", "2015-07-02T00:00:00+14:00", "0000-00-00T00:00:00Z", "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00", "P1D", "PT0S", "-PT1S", "P9999999D", "P99999999999999999Y", "PT5M", "1.00:00:00", "24:00:00",
        "0.0.0.0", "255.255.255.255", "10.0.0.1", "10.1.0.4", "256.1.1.1", "1.2.3", "::1", "fe80::1%eth0", "10.0.0.0/0", "10.0.0.0/8",
        "10.1.0.0/16", "10.0.0.0/33", "0.0.0.0/0", "10.0.0.1/8", "65535", "65536", "0-65535", "80-22", "1-", "22,23",
        "http://", "https://x", "http://[", "http://[::1", "http://a:b/", "http://a:99999/", "file:///etc/passwd", "sb://x/",
        "https://asmfzst1.blob.core.windows.net/vhds/new.vhd", "https://asmfzst1.blob.core.windows.net/vhds/",
        "https://asmnobodys.blob.core.windows.net/a/b", "https://.blob.core.windows.net/a/b", "https://asmfzst1.blob.core.windows.net",
        "https://user:pw@asmfzst1.blob.core.windows.net/a/b?sig=x", "https://asmfzst1.blob.core.windows.net:443/a/%2e%2e",
        "//x", "javascript:1", "data:,", "West US", "west us", "East US", "North Europe", "Mars", "Anywhere US",
        "Small", "ExtraSmall", "Basic_A0", "Standard_D14", "A10", "Standard_DS1", "Linux", "Windows", "Production", "Staging", "Stopped",
        "StoppedDeallocated", "Running", "Suspended", "Auto", "Manual", "Forced", "Primary", "Secondary", "Delete", "Reprovision",
        "Generalized", "Specialized", "PersistentVMRole", "NetworkConfiguration", "WindowsProvisioningConfiguration",
        "LinuxProvisioningConfiguration", "Inbound", "Outbound", "Allow", "Deny", "TCP", "UDP", "tcp", "udp", "VPNGateway", "VirtualAppliance",
        "Internet", "Null", "INTERNET", "VIRTUAL_NETWORK", "Standard_LRS", "Standard_GRS", "Premium_LRS", "Free", "Shared", "Standard",
        "Premium", "Basic", "Web", "Business", "Enabled", "Disabled", "http", "https", "storageQueue", "minute", "month", "week", "GET",
    )
)  # fmt: skip
# Bytes that no escaping makes text of, and markup where a value is expected.
MARKUP: Final[tuple[bytes, ...]] = (
    b"\x00", b"\x01", b"\x1f", b"\x7f", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbf\xbf", b"\xf4\x90\x80\x80", b"&#0;",
    b"&#1;", b"&#xD800;", b"&#xFFFF;", b"&#x110000;", b"&#99999999999;", b"&", b"&x;", b"&lt", b"&lt;script&gt;", b"<![CDATA[x]]>",
    b"<![CDATA[", b"<!-- c -->x", b"<!-- -- -->", b"<?pi?>x", b"<?xml version='1.0'?>", b"x<b/>y", b"<b>", b"</b>", b"<a:b/>",
    b"<b xmlns=''/>", b"&#13;&#10;", b"&#9;x", b"&#x202e;", b"x&#10;y: z",
)  # fmt: skip


TYPES: Final = ("application/xml", "text/xml", "application/json", "application/json; charset=utf-16", "application/atom+xml", "", "x",
                 "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/xml;charset=klingon", "\u00e9/\u00ff")  # fmt: skip


FURTHER: Final[tuple[tuple[str, Sequence[str]], ...]] = (
    ("Accept", ("application/json", "application/xml", "*/*", "x", "application/json;q=x", "text/html,*/*;q=0.1", "")),
    ("If-Match", ("*", '"x"', "x", "", 'W/"1"', "\u00ff" * 40)),
    ("x-ms-continuation-token", ("x", "", "AAAA", "\u00ff", "-1", "a" * 3000, "All", "%00")),
    ("Content-Encoding", ("gzip", "identity", "x", "deflate, gzip")),
    ("Accept-Encoding", ("gzip", "*;q=0")),
    ("Content-Language", ("x",)),
    ("Range", ("bytes=0-", "x")),
    ("If-None-Match", ("*",)),
    ("x-ms-client-request-id", ("x" * 2000, "\u00ff")),
    ("X-HTTP-Method-Override", ("DELETE", "x")),
    ("Cookie", ("a=b", "=;;=")),
    ("Authorization", ("Basic eDp5", "x")),
    ("Forwarded", ("for=x;host=y",)),
    ("Expect", ("100-continue",)),
)

SEGMENTS: Final = ("", ".", "..", "%00", "%", "%zz", "%2F", "%5c", "%ff", "%e2%9c%93", "%c0%af", "a" * 300, "a%20b", "~", "*", "-1", "0", "9" * 30, "x;y", "x,y",
                    "%0d%0a", "%ed%a0%80", "\u00e9", "asmnobodys", "Production", "production", "sha1-", "-", "sha1-" + "0" * 40, "a|b", "'", '"', "<x>", "{}",
                    "%F0%9F%92%A9", "isavailable", "operations", "~", "$", "@")  # fmt: skip


QUERIES: Final = (None, "", "x", "0", "-1", "1", "true", "9" * 25, "2015-07-01T00:00:00Z", "2015-07-02T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
                   "2015-13-01", "public", "private", "share", "West US", "PT1H", "PT0S", "\x00", "\u00e9", "a" * 3000, "https://asmfzst1.blob.core.windows.net/packages",
                   "CpuTime,Requests", "state eq 'x'", "state eq 'enabled'", "timestamp gt datetime'x'", "timestamp gt datetime'2015-07-01T00:00:00Z'", "full")  # fmt: skip
