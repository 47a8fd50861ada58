/** Techniques of a note: one tap adds a row with its structure, side and minutes; a line to type in; a timer. */
import { freshRow } from "./note-rows.js";
import { pairs } from "./quick-match.js";
import { face, minutesOf, readTimer, rowOf } from "./timer-math.js";

const say = (control, type = "input") => control.dispatchEvent(new Event(type, { bubbles: true }));
const control = (row, name) => row.querySelector(`[name$="-${name}"]`);

export function installTechniques(editor) {
  const block = editor.querySelector('[data-rows="techniques"]');
  if (!block) return;
  block.addEventListener("click", (event) => onClick(event, block));
  block.addEventListener("keydown", (event) => onKey(event, block));
  block.addEventListener("input", () => showNotes(block));
  showNotes(block);
  installQuickAdd(block);
  installTimer(editor, block);
}

function onClick(event, block) {
  const chip = event.target.closest("[data-technique]");
  if (!chip) return;
  event.preventDefault();
  const { technique, structure, side, length } = chip.dataset;
  add(block, { technique, structure: structure || pointOf(block, technique), side, minutes: length });
}

/** In the chips: a number presses the chip with that number, arrows go along. */
function onKey(event, block) {
  const group = event.target.closest("[data-chips]");
  if (!group || event.ctrlKey || event.metaKey || event.altKey) return;
  const chips = [...group.querySelectorAll("[data-technique]")];
  const at = chips.indexOf(event.target);
  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  if (/^[1-9]$/.test(event.key) && chips[event.key - 1]) chips[event.key - 1].click();
  else if (steps[event.key]) chips[(at + steps[event.key] + chips.length) % chips.length].focus();
  else if (/^[a-z]$/i.test(event.key)) openWith(block, event.key);
  else return;
  event.preventDefault();
}

function openWith(block, letter) {
  const box = block.querySelector("[role=combobox]");
  box.value = letter;
  box.focus();
  say(box);
}

/** The structure of this visit's first trigger point that this technique has no row for yet. */
function pointOf(block, technique) {
  const points = block.closest("form").querySelectorAll('[data-rows="points"] select[name$="-code"]');
  const options = [...block.querySelector("template").content.querySelector('[name$="-structure"]').options];
  const done = rowsOf(block).filter((row) => control(row, "technique").value === technique);
  const taken = new Set(done.map((row) => control(row, "structure").value));
  for (const point of points) {
    const label = point.value && point.selectedOptions[0]?.text;
    const same = label && options.find((option) => option.text === label && !taken.has(option.value));
    if (same) return same.value;
  }
  return "";
}

const rowsOf = (block) => [...block.querySelectorAll("[data-row]")].filter((row) => control(row, "technique"));

function add(block, { technique, structure, side, minutes }) {
  const row = freshRow(block);
  control(row, "technique").value = technique;
  control(row, "structure").value = structure ?? "";
  control(row, "side").value = side || "none";
  control(row, "minutes").value = minutes ?? "";
  say(control(row, "technique"));
  const line = block.querySelector("[data-added]");
  const told = ["technique", "structure", "side"].map((name) => control(row, name).selectedOptions[0]);
  const what = told.filter((option) => option?.value && option.value !== "none").map((option) => option.text.trim());
  line.textContent = line.dataset.says.replace("{what}", what.join(", "));
  return row;
}

/** What to mind stands under the rows for each technique that is in them. */
function showNotes(block) {
  const used = new Set(rowsOf(block).map((row) => control(row, "technique").value));
  for (const note of block.querySelectorAll("[data-note-for]")) {
    note.toggleAttribute("data-unused", !used.has(note.dataset.noteFor));
  }
  for (const row of rowsOf(block)) {
    const note = block.querySelector(`[data-note-for="${CSS.escape(control(row, "technique").value)}"]`);
    if (note?.dataset.tone) row.dataset.tone = note.dataset.tone;
    else delete row.dataset.tone;
  }
}

const listed = (select) =>
  [...select.options].filter((o) => o.value).map((option) => ({ value: option.value, label: option.text.trim() }));

function installQuickAdd(block) {
  const frame = block.querySelector("[data-quick-add]");
  const blank = block.querySelector("template").content;
  const [box, list] = [frame.querySelector("input"), frame.querySelector("[role=listbox]")];
  const structures = listed(blank.querySelector('[name$="-structure"]'));
  const techniques = [...block.querySelectorAll("button[data-technique]")].map((chip) => ({
    value: chip.dataset.technique,
    label: chip.firstChild.nodeType === Node.TEXT_NODE ? chip.firstChild.textContent : chip.childNodes[1].textContent,
    chip,
  }));
  let found = [];
  let at = 0;
  frame.hidden = false;
  const close = () => {
    found = [];
    draw();
  };
  const choose = (pair) => {
    const { chip } = pair.technique;
    add(block, {
      technique: pair.technique.value,
      structure: pair.structure?.value ?? (chip.dataset.structure || pointOf(block, pair.technique.value)),
      side: pair.side || chip.dataset.side,
      minutes: pair.minutes ?? chip.dataset.length,
    });
    box.value = "";
    close();
    box.focus();
  };
  function draw() {
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(found.length > 0));
    if (found.length) box.setAttribute("aria-activedescendant", `quick-option-${at}`);
    else box.removeAttribute("aria-activedescendant");
    list.replaceChildren(
      ...found.map((pair, index) => {
        const item = document.createElement("li");
        item.id = `quick-option-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(index === at));
        item.textContent = [pair.technique.label, pair.structure?.label, pair.minutes && `${pair.minutes}′`].filter(Boolean).join(" · ");
        item.addEventListener("mousedown", (event) => event.preventDefault());
        item.addEventListener("click", () => choose(pair));
        return item;
      }),
    );
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }
  box.addEventListener("input", (event) => {
    event.stopPropagation(); // nothing of the note yet
    found = pairs(box.value, techniques, structures);
    at = 0;
    draw();
  });
  box.addEventListener("change", (event) => event.stopPropagation());
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") found[at] && choose(found[at]);
    else if (event.key === "Escape" && found.length) close();
    else if (step && found.length) {
      at = (at + step + found.length) % found.length;
      draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** One timer at a time, kept on this device: a reload or a lost tab does not stop it. */
function installTimer(editor, block) {
  const key = `palpate-timer-${editor.dataset.note}`;
  let timer = readTimer(localStorage.getItem(key) ?? "null", Date.now());
  const known = () => rowsOf(block).map((row) => ({ row, name: control(row, "technique").name, technique: control(row, "technique").value }));
  const running = () => timer && (rowOf(timer, known())?.row ?? null);

  function draw() {
    const row = running();
    for (const button of block.querySelectorAll("[data-timer]")) {
      const isOn = Boolean(row?.contains(button));
      button.setAttribute("aria-pressed", String(isOn));
      button.querySelector("[data-timer-face]").textContent = isOn ? face(timer, Date.now()) : "";
    }
  }
  function stop() {
    const row = running();
    if (row) {
      control(row, "minutes").value = minutesOf(timer, Date.now());
      say(control(row, "minutes"));
    }
    timer = null;
    localStorage.removeItem(key);
    draw();
  }
  function start(row) {
    const box = control(row, "minutes");
    const technique = control(row, "technique");
    timer = { name: technique.name, technique: technique.value, since: Date.now(), base: 0 };
    if (row.dataset.timed !== undefined) timer.base = Number(box.value) || 0;
    row.dataset.timed = ""; // started again it goes on; the first start takes the place of the guess
    localStorage.setItem(key, JSON.stringify(timer));
    draw();
  }
  block.addEventListener("click", (event) => {
    const button = event.target.closest("[data-timer]");
    if (!button) return;
    const [row, was] = [button.closest("[data-row]"), running()];
    if (timer) stop();
    if (row !== was && control(row, "technique").value) start(row);
  });
  editor.querySelector("form").addEventListener(
    "submit",
    (event) => timer && ["save", "sign"].includes(event.submitter?.value) && stop(),
    { capture: true },
  );
  setInterval(() => timer && !document.hidden && draw(), 1000);
  draw();
}
