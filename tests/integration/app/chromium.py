"""
A real browser without a window.
"""

from __future__ import annotations

import contextlib
import shutil
import typing as t

import pytest

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

#: seconds for a page on a busy machine
PATIENCE = 90.0

_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1000,700",
)


@contextlib.contextmanager
def chromium(folder: pathlib.Path) -> Iterator[Chrome]:
    """
    Chromium, driven by selenium; the test is skipped where either is missing.

    :param folder: an empty folder for its profile
    """
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("a login in a real browser needs chromium and chromedriver on the PATH")
    pytest.importorskip("selenium", reason="a login in a real browser needs selenium")
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = program
    for argument in (*_ARGUMENTS, f"--user-data-dir={folder}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options, ChromeService(driver))
    try:
        browser.set_page_load_timeout(PATIENCE)
        yield browser
    finally:
        browser.quit()


def shows(browser: Chrome, text: str) -> None:
    """
    Wait until the page's heading has a text.

    :param browser: the browser
    :param text: the text
    """
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.support.ui import WebDriverWait

    def is_shown(browser: Chrome) -> bool:
        # in one step, because the page may be on its way to the next one
        heading = browser.execute_script("return document.querySelector('h1')?.innerText")
        return text in (heading or "")

    waiting = WebDriverWait(browser, PATIENCE, ignored_exceptions=[WebDriverException])
    waiting.until(is_shown, f"the page never said {text!r}")


def decide(browser: Chrome, decision: str) -> None:
    """
    Press a button of the sandbox's consent page.

    :param browser: the browser, which shows the page
    :param decision: ``allow`` or ``deny``
    """
    from selenium.webdriver.common.by import By

    browser.find_element(By.CSS_SELECTOR, f"button[value={decision}]").click()
