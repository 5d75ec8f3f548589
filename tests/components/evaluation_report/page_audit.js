// What a browser alone can tell of the report: run at the end of a copy of the page,
// it puts its findings in the place of the body.
"use strict";
const problems = [];

function channels(text) {
  return (text.match(/[\d.]+/g) || []).map(Number);
}

function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ground(element) {
  for (let one = element; one; one = one.parentElement) {
    const colour = channels(getComputedStyle(one).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
  }
  return channels(getComputedStyle(document.body).backgroundColor).slice(0, 3);
}

function contrast(element) {
  const style = getComputedStyle(element);
  const drawn = element instanceof SVGElement ? style.fill : style.color;
  const pair = [luminance(channels(drawn)), luminance(ground(element))];
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}

function checkContrast() {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let checked = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const box = element.getBoundingClientRect();
    const text = texts.currentNode.data.trim();
    if (!text || !box.width || !box.height || element.closest("script, title")) continue;
    checked += 1;
    const found = contrast(element);
    if (found < 4.5) problems.push(`contrast ${found.toFixed(2)} of "${text}"`);
  }
  return checked;
}

function checkNames() {
  const named = document.querySelectorAll(
    "button, input, img, summary, a, section, nav, table, [role=group],"
      + " [role=radiogroup], svg[role=img]"
  );
  for (const element of named) {
    if (getComputedStyle(element).visibility === "hidden") continue;
    if (!(element.computedName || "").trim()) {
      problems.push(`no name: ${element.outerHTML.slice(0, 80)}`);
    }
  }
  return named.length;
}

function checkKeyboard() {
  const stops = document.querySelectorAll("button, input, a[href], summary, [tabindex]");
  for (const element of stops) {
    element.focus();
    if (document.activeElement !== element) {
      problems.push(`no focus: ${element.outerHTML.slice(0, 80)}`);
    }
    const shown = element.matches("input") ? element.nextElementSibling : element;
    if (getComputedStyle(shown).outlineStyle === "none") {
      problems.push(`focus cannot be seen: ${element.outerHTML.slice(0, 80)}`);
    }
  }
  return stops.length;
}

function checkToggles() {
  const buttons = [...document.querySelectorAll("#views button")];
  for (const button of buttons) {
    button.click();
    const view = button.textContent;
    const pressed = buttons.filter((one) => one.ariaPressed === "true");
    if (pressed.length !== 1 || pressed[0] !== button) {
      problems.push(`the button ${view} is not pressed alone`);
    }
    for (const over of document.querySelectorAll(".stack .over")) {
      const seen = getComputedStyle(over).visibility === "visible";
      if (seen !== over.classList.contains(view)) problems.push(`${view} shows others`);
    }
  }
  return buttons.length;
}

for (const part of document.querySelectorAll("details")) part.open = true;
const counts = {
  texts: checkContrast(),
  names: checkNames(),
  stops: checkKeyboard(),
  buttons: checkToggles(),
  overflow_px: document.documentElement.scrollWidth - window.innerWidth,
  width_px: window.innerWidth,
  is_dark: matchMedia("(prefers-color-scheme: dark)").matches,
};
const said = document.createElement("pre");
said.textContent = JSON.stringify({ problems, ...counts });
document.body.replaceChildren(said);
