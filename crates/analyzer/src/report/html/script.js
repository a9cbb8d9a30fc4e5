// Shows what the filters ask for. Without scripts everything is shown.
"use strict";
const form = document.querySelector("form");
const findings = [...document.querySelectorAll("details.finding")];
const groups = [...document.querySelectorAll(".group")];
const shown = document.querySelector("#shown");

function apply() {
  const outcomes = new Set([...form.elements.outcome].filter((box) => box.checked).map((box) => box.value));
  const rule = form.elements.rule.value;
  const words = form.elements.words.value.toLowerCase();
  let count = 0;
  for (const finding of findings) {
    const fits = outcomes.has(finding.dataset.outcome) && (!rule || finding.dataset.rule === rule)
      && (!words || finding.textContent.toLowerCase().includes(words)
        || finding.closest(".group").querySelector("header").textContent.toLowerCase().includes(words));
    finding.hidden = !fits;
    count += fits ? 1 : 0;
  }
  for (const group of groups) group.hidden = !group.querySelector("details.finding:not([hidden])");
  shown.textContent = count + " of " + findings.length + " shown";
}

form.hidden = false;
form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
apply();
