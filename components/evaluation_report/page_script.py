"""The page's script: the buttons that switch the view of all photos at once.

Without it every card still has its own switch.
"""

SCRIPT = """
"use strict";
const bar = document.getElementById("views");
if (bar) {
  const buttons = [...bar.querySelectorAll("button")];
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const view = event.target.dataset.view;
    if (!view) return;
    for (const radio of document.querySelectorAll("input.to-" + view)) {
      radio.checked = true;
    }
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
  });
  document.addEventListener("change", () => {
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
  });
}
"""
