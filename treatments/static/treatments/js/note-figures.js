/** Numbers drawn while they are typed: pain on its colour, degrees as a bar with the change, minutes in all. */
import { barWidth, changeKind, delta, painStep, total } from "./note-math.js";

export function installFigures(editor) {
  const draw = () => {
    editor.querySelectorAll(".input.pain").forEach(paint);
    editor.querySelectorAll("[data-range]").forEach(measure);
    count(editor);
  };
  editor.addEventListener("input", draw);
  draw();
}

function paint(box) {
  const step = painStep(box.value);
  if (step === null) delete box.dataset.pain;
  else box.dataset.pain = step;
}

function measure(row) {
  const { normal } = row.dataset;
  const bars = row.querySelectorAll("[data-bar]");
  row.querySelectorAll("[data-delta]").forEach((cell, index) => {
    const box = cell.parentElement.querySelectorAll(".degrees input")[index];
    compare(cell, box.value);
    bars[index]?.setAttribute("width", barWidth(box.value, normal));
  });
}

/** More than the error of measurement stands out; what is within it is grey and marked as about. */
function compare(cell, value) {
  const words = delta(value, cell.dataset.last);
  const shown = cell.textContent.trim().replace(/^≈\s*/, "");
  if (words === shown) return;
  cell.replaceChildren();
  if (!words) return;
  const kind = changeKind(Number(value) - Number(cell.dataset.last), cell.dataset.low, cell.dataset.high);
  const line = document.createElement(kind === "beyond" ? "b" : "i");
  line.toggleAttribute("data-real", kind === "beyond");
  const titles = document.getElementById("objective-words").dataset;
  line.title = kind === "beyond" ? titles.beyond : kind === "unknown" ? titles.unknown : titles.within;
  line.textContent = kind === "beyond" ? words : `≈ ${words}`;
  cell.append(line);
}

function count(editor) {
  const sum = total([...editor.querySelectorAll(".stepper input")].map((box) => box.value));
  const line = editor.querySelector("[data-minutes]");
  line.hidden = sum === 0;
  line.querySelector("span").textContent = sum;
}
