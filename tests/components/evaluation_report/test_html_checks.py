"""The checks find what they are there for: each flaw is planted into a sound page."""

from __future__ import annotations

import pytest

from components.evaluation_report.page import render_page
from tests.components.evaluation_report.html_checks import Page
from tests.components.evaluation_report.made_facts import make_facts


@pytest.fixture(scope="module")
def sound() -> str:
    return render_page(make_facts(per_class=1))


def test_the_page_is_sound(sound: str) -> None:
    assert Page(sound).problems == []


@pytest.mark.parametrize(
    ("planted", "problem"),
    [
        ("<p><b></p></b>", "closes nothing"),
        ("<section aria-label='x'>", "closes nothing"),
        ('<p id="photos"></p>', "id photos twice"),
        ('<a href="#nowhere">x</a>', "leads nowhere"),
        ('<button type="button"></button>', "no name"),
        ('<input type="radio" id="lonely">', "no label"),
        ('<img src="data:image/png;base64,">', "no text"),
        ('<img src="https://example.org/a.png" alt="a">', "asks for something outside"),
        ('<p style="color:red">x</p>', "not allowed"),
        ('<p onclick="x()">x</p>', "not allowed"),
        ("<h1>x</h1>", "of level 1"),
        ("<h2>x</h2><h4>x</h4>", "a heading of level 4 follows one of level 2"),
        ("<main></main>", "exactly one main part"),
        ("<section></section>", "a section has no name"),
        ('<nav aria-label=" "></nav>', "a nav has no name"),
        ("<div><table></table></div>", "a table has no caption"),
        ("<div><table></table></div>", "scrolled by keyboard"),
        ("<table><tr><th>a</th></tr></table>", "'a' has no scope"),
        (
            '<table><tr><th scope="col"> </th></tr></table>',
            "header of a table is empty",
        ),
        ('<button type="button">x</button>', "does not say whether it is pressed"),
        ('<a href="#photos"></a>', "a link has no text"),
        ('<div role="radiogroup"></div>', "a radiogroup has no name"),
        ('<p tabindex="3">x</p>', "order of the keyboard"),
        ("<details><p>x</p></details>", "does not say what it holds"),
        ('<svg role="img"></svg>', "a drawing has no name"),
    ],
)
def test_a_planted_flaw_is_found(sound: str, planted: str, problem: str) -> None:
    page = Page(sound.replace("</main>", f"{planted}</main>"))

    assert any(problem in entry for entry in page.problems)


def test_a_changed_script_breaks_the_policy(sound: str) -> None:
    page = Page(sound.replace('"use strict";', '"use strict"; alert(1);'))

    assert page.problems == ["the policy does not allow the page's own script"]
