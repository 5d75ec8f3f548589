"""The page in a real browser, where one is installed: contrast, names, keyboard."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from components.evaluation_report.page import render_page
from tests.components.evaluation_report.measured_facts import COSTS, draw

_NAMES = (
    "chromium",
    "chromium-browser",
    "chromium-headless-shell",
    "chrome-headless-shell",
    "google-chrome",
    "google-chrome-stable",
)
BROWSER = next(filter(None, map(shutil.which, _NAMES)), None)
AUDIT = Path(__file__).with_name("page_audit.js").read_text("utf-8")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--enable-blink-features=ComputedAccessibilityInfo",
)

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]


@pytest.fixture(scope="module")
def page() -> str:
    return render_page(draw(12, 3, costs=COSTS).facts)


def show(path: Path, text: str, *flags: str) -> tuple[str, str]:
    """The page's elements once its script has run, and what the browser logged."""
    path.write_text(text, "utf-8")
    done = subprocess.run(
        [str(BROWSER), *_FLAGS, *flags, "--dump-dom", path.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout, done.stderr


def audit(path: Path, text: str, *flags: str) -> dict:
    """The findings of a copy whose policy allows the audit's script too."""
    policy = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
    copy = policy.sub("", text).replace("</body>", f"<script>{AUDIT}</script></body>")
    elements, _ = show(path, copy, *flags)
    found = re.search(r"<pre>(\{.*\})</pre>", elements, re.DOTALL)
    assert found, elements[:500]
    return json.loads(html.unescape(found[1]))


@pytest.mark.parametrize("scheme", [1, 0], ids=["light", "dark"])
@pytest.mark.parametrize("width_px", [1280, 520])
def test_people_can_read_and_switch_the_page(
    page: str, tmp_path: Path, scheme: int, width_px: int
) -> None:
    found = audit(
        tmp_path / "page.html",
        page,
        f"--blink-settings=preferredColorScheme={scheme}",
        f"--window-size={width_px},900",
    )

    assert found["problems"] == []
    assert found["width_px"] == width_px
    assert found["is_dark"] == (scheme == 0)
    assert found["overflow_px"] <= 0
    assert found["buttons"] == 4
    assert min(found["texts"], found["names"], found["stops"]) > 30


def test_the_audit_finds_what_is_planted(page: str, tmp_path: Path) -> None:
    style = (
        "<style>.soft { color: #999 !important; } button { outline: none !important; }"
    )
    flawed = page.replace("</head>", f"{style}</style></head>").replace(
        '<nav aria-label="Sections">', "<nav>"
    )

    problems = " ".join(audit(tmp_path / "page.html", flawed)["problems"])

    assert 'contrast 2.65 of "Task car' in problems  # #999 on the card's #f5f7f9
    assert "focus cannot be seen: <button" in problems
    assert "no name: <nav" in problems


def test_the_policy_lets_style_and_script_pass_and_nothing_is_logged(
    page: str, tmp_path: Path
) -> None:
    elements, log = show(tmp_path / "page.html", page)

    assert "CONSOLE" not in log
    bar = re.search(r'<div id="views"[^>]*>', elements)
    assert bar and "hidden" not in bar[0]  # the script has run
