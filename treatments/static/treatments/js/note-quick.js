/** What makes a note quick to write: keys to its sections, chips that cycle, pain by number keys, techniques, snippets. */
import { bestOf } from "./quick-match.js";
import { installTechniques } from "./note-techniques.js";
import { installSnippets } from "./note-snippets.js";

// Letters of the sections; browsers use Alt with numbers for their tabs.
const SECTIONS = { KeyS: "subjective", KeyO: "objective", KeyT: "techniques", KeyA: "assessment", KeyP: "plan" };
const FIRST = "input:not([type=hidden]):not([tabindex='-1']), textarea, select, button.chip";
const PAIN = ["pain_now", "pain_average", "pain_worst"];

// What is added most: a trigger point, an exercise for home.
const ADD = {
  KeyG: (editor) => editor.querySelector('[data-rows="points"] [data-add-row]')?.click(),
  KeyX: (editor) => {
    const list = editor.querySelector('select[name="dose-exercise"]');
    list?.closest("details")?.setAttribute("open", "");
    list?.focus();
  },
};

function onKey(event, editor) {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  if (ADD[event.code]) {
    event.preventDefault();
    ADD[event.code](editor);
  }
  if (!SECTIONS[event.code]) return;
  const section = editor.querySelector(`#${SECTIONS[event.code]}`);
  const text = section?.querySelector(`textarea[name="${section.id}"]`);
  // A first press goes to the section's first box, a second one to its text.
  const first = ["assessment", "plan"].includes(section?.id) ? text : firstOf(section);
  const target = section?.contains(document.activeElement) && text && document.activeElement !== text ? text : first;
  if (!target) return;
  event.preventDefault();
  target.focus();
  section.scrollIntoView({ block: "nearest" });
}

let hasGoneOn = false;

function firstOf(section) {
  return [...(section?.querySelectorAll(FIRST) ?? [])].find((each) => each.getClientRects().length > 0);
}

/** A number key is a whole answer: the next pain box has the focus. "1" waits: it may become 10. */
function onPain(event) {
  const box = event.target;
  const at = PAIN.indexOf(box.name);
  if (at < 0 || !/^([02-9]|10)$/.test(box.value) || event.inputType !== "insertText") return;
  const next = box.form.elements[PAIN[at + 1]];
  if (!next) return;
  next.focus();
  next.select();
  hasGoneOn = true;
}

/** Who presses Tab after a number all the same means the box that has the focus already. */
function onTab(event) {
  if (hasGoneOn && event.key === "Tab" && !event.shiftKey) event.preventDefault();
  hasGoneOn = false;
}

/** Enter in a table of numbers goes down: the same box of the next row. */
function onEnter(event) {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("td input[inputmode=numeric]")) return;
  const [cell, row] = [event.target.closest("td"), event.target.closest("tr")];
  const next = row.nextElementSibling?.cells[cell.cellIndex]?.querySelector("input[inputmode=numeric]");
  event.preventDefault();
  next?.focus();
  next?.select();
}

const typed = { text: "", at: 0, list: null };
const TYPING_MS = 1500;

/** Letters in a list choose by the beginnings of words, whichever browser it is: "gl mi" is gluteus minimus. */
function onType(event) {
  const list = event.target;
  if (list.tagName !== "SELECT" || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  const goesOn = typed.list === list && event.timeStamp - typed.at < TYPING_MS;
  if (event.key === " " && !goesOn) return; // opens the list
  Object.assign(typed, { list, at: event.timeStamp, text: (goesOn ? typed.text : "") + event.key });
  const found = bestOf([...list.options].map((option) => (option.value ? option.text : "")), typed.text);
  event.preventDefault();
  if (found < 0 || found === list.selectedIndex) return;
  list.selectedIndex = found;
  for (const name of ["input", "change"]) list.dispatchEvent(new Event(name, { bubbles: true }));
}

/** A tap goes to the chip's next state; the keyboard has the arrows of a list. */
function onTap(event) {
  const select = event.target.closest("select[data-cycle]");
  if (!select || event.button) return;
  event.preventDefault();
  select.focus();
  select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

const editor = document.querySelector("note-editor");
if (editor) {
  document.addEventListener("keydown", (event) => onKey(event, editor));
  editor.addEventListener("input", onPain);
  editor.addEventListener("keydown", onTab);
  editor.addEventListener("keydown", onEnter);
  editor.addEventListener("keydown", onType);
  editor.addEventListener("mousedown", onTap);
  installTechniques(editor);
  installSnippets(editor);
}
