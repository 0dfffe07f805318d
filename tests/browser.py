"""Headless Chromium through selenium, where there is one: for the page's tests and its measurements."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)


class NoBrowser(Exception):
    """There is no browser to drive here, and why."""


def start(home: Path) -> Any:
    """A browser of its own, whose profile is in `home`, an empty directory; `quit` ends it.  Raises NoBrowser."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        raise NoBrowser("no chromium and chromedriver on this machine (Debian: chromium, chromium-driver)")
    try:
        from selenium import webdriver
    except ImportError:
        raise NoBrowser("selenium is not installed") from None
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={home}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver, log_output=os.devnull))
    browser.set_page_load_timeout(60)
    return browser
