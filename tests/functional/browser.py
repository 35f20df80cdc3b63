"""Headless Chromium by WebDriver, for tests that look at pages as people see them."""

import contextlib
import json
import os
import pathlib
import shutil
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

SECONDS_MAX = 30
CONTRAST_MIN = 4.5  # WCAG 2.1, 1.4.3 (AA)
# Where tests keep pictures for a person to look at.
PICTURES = os.environ.get("CAIRN_PICTURES")
DESKTOP = (1200, 900)
PHONE = (390, 800)

# The colours of an element's text and of what lies behind it, as lists of red, green, blue; nothing
# when there is no such element. One script, as the page may be drawn anew between two.
COLOURS = """
const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
const element = document.querySelector(arguments[0]);
if (!element) return null;
let behind = element;
while (behind && (rgb(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0)
  behind = behind.parentElement;
return [rgb(getComputedStyle(element).color), rgb(getComputedStyle(behind).backgroundColor)];
"""


def _luminance(colour):
    """The relative luminance of WCAG 2.1."""
    parts = [part / 255 for part in colour[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
                        for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Browser(contextlib.ExitStack):
    """One window. What it asked for and what it complained of are kept."""

    def __init__(self):
        super().__init__()
        profile = tempfile.mkdtemp(prefix="cairn-browser-")
        self.callback(shutil.rmtree, profile, ignore_errors=True)
        options = webdriver.ChromeOptions()
        # Root may not use the sandbox; the machine may have no graphics and little /dev/shm.
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu",
                         "--disable-dev-shm-usage", "--disable-background-networking",
                         "--no-first-run", f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        options.set_capability("unhandledPromptBehavior", "ignore")
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.callback(self.driver.quit)
        self.resize(DESKTOP)
        self.leave()

    def resize(self, size):
        width, height = size
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def prefer(self, scheme):
        """As a reader who set the system to `light` or `dark`."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def open(self, address):
        self.driver.get(address)

    def leave(self):
        """Leaves the page, which may ask for more until then, and forgets what was asked for."""
        self.open("about:blank")
        self.requests()

    @contextlib.contextmanager
    def prepared(self, script):
        """While this lasts, `script` runs in each new page before its own."""
        name = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument",
                                           {"source": script})["identifier"]
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument",
                                        {"identifier": name})
            self.leave()

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition, what):
        """Waits until `condition()` holds, and gives what it gave."""
        return WebDriverWait(self.driver, SECONDS_MAX, poll_frequency=0.05).until(
            lambda _: condition(), f"{what}; the page says: {self.text('body')[:400]}")

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        """The text of the first such element; empty when there is none."""
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def wait_for_text(self, selector, text):
        self.wait(lambda: text in self.text(selector), f"no '{text}' in {selector}")

    def type(self, *keys):
        """Keys as somebody types them, wherever the focus is."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def contrast(self, selector):
        """The contrast of an element's text with its ground, by WCAG 2.1; None without one."""
        colours = self.run(COLOURS, selector)
        if colours is None:
            return None
        text, ground = colours
        lighter, darker = sorted((_luminance(text), _luminance(ground)), reverse=True)
        return (lighter + 0.05) / (darker + 0.05)

    def requests(self):
        """The addresses that were asked for since the last call."""
        messages = (json.loads(entry["message"])["message"]
                    for entry in self.driver.get_log("performance"))
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What the page's scripts and the browser complained of since the last call. That an
        answer was an error, such as 404, is none."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["source"] != "network"]

    def picture(self, path):
        """Writes what is seen as PNG."""
        pathlib.Path(path).write_bytes(self.driver.get_screenshot_as_png())

    def keep(self, name):
        """Writes what is seen to the folder of pictures, if there is one."""
        if PICTURES:
            self.picture(pathlib.Path(PICTURES) / f"{name}.png")
