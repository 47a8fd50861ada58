/** Beside what was found: the last visit, what a test means, prompts of the knowledge, how far the legs differ. */
import { fits, legDifference } from "./note-math.js";

export function installFindings(editor) {
  const last = JSON.parse(document.getElementById("last-findings").textContent);
  const redraw = () => {
    for (const note of editor.querySelectorAll("[data-last-of]")) showLast(note, last);
    for (const flag of editor.querySelectorAll("[data-flag]")) raise(editor, flag);
    compareLegs(editor.querySelector("[data-legs]"));
  };
  editor.addEventListener("input", redraw);
  editor.addEventListener("change", (event) => {
    const block = event.target.closest('[data-rows="tests"]');
    if (block && /-code$/.test(event.target.name)) explain(block, event.target);
  });
  redraw();
}

/** What stood there last time, for the same structure or test and side. */
function showLast(note, last) {
  const row = note.closest("[data-row]");
  const side = note.dataset.side ?? row.querySelector('[name$="-side"]:checked')?.value ?? "none";
  const words = last[`${note.dataset.lastOf}|${row.querySelector('[name$="-code"]').value}|${side}`] ?? "";
  const word = document.getElementById("objective-words").dataset.last;
  note.textContent = words ? `${word} ${words}` : "";
}

function raise(editor, flag) {
  const boxes = editor.querySelectorAll(`[data-range="${flag.dataset.flag}"] .degrees input`);
  flag.hidden = ![...boxes].some((box) => box.value.trim() !== "" && fits(flag.dataset.when, Number(box.value)));
}

function compareLegs(line) {
  const output = line.querySelector("[data-leg-difference]");
  const [right, left] = [...line.querySelectorAll('input[type="number"]')].map((box) => box.value);
  const more = legDifference(right, left);
  const { same, right: longer, left: other } = output.dataset;
  output.textContent = more === null ? "" : more === 0 ? same : (more > 0 ? longer : other).replace("#", Math.abs(more));
}

let page;

/** The knowledge of a test that was just chosen, from the page that has them all: asked for once. */
async function explain(block, select) {
  const place = select.closest("[data-row]").querySelector("[data-about-row]");
  page ??= fetch(block.dataset.about).then(async (answer) => {
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  });
  try {
    const about = (await page).getElementById(`test-${select.value}`);
    place.replaceChildren(...(about ? [document.importNode(about, true)] : []));
  } catch {
    page = undefined; // no network now: the link under the list stays
    place.replaceChildren();
  }
}
