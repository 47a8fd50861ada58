/** Numbers drawn while they are typed: pain on its colour, degrees as a bar with the change, minutes in all. */
import { barWidth, delta, painStep, total } from "./note-math.js";

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
  const { value } = row.querySelector("input");
  row.querySelector("[data-delta]").textContent = delta(value, row.dataset.last);
  row.querySelector("[data-bar]")?.setAttribute("width", barWidth(value, row.dataset.normal));
}

function count(editor) {
  const sum = total([...editor.querySelectorAll(".stepper input")].map((box) => box.value));
  const line = editor.querySelector("[data-minutes]");
  line.hidden = sum === 0;
  line.querySelector("span").textContent = sum;
}
