/** Parts of a kept body, back into the form. */
import { partOf, partsOf, rowsOf } from "./draft-parts.js";
import { cloned } from "./note-rows.js";

function setControl(control, values) {
  if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
  else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
  else control.value = values[0] ?? "";
}

function fillRows(block, entries) {
  const prefix = block.dataset.rows;
  for (const row of block.querySelectorAll("[data-rows-body] > [data-row]")) row.remove();
  block.querySelector(`[name="${prefix}-TOTAL_FORMS"]`).value = 0;
  for (const values of rowsOf(entries)) {
    for (const control of cloned(block).querySelectorAll("[name]")) {
      const field = control.name.replace(new RegExp(`^${prefix}-\\d+-`), "");
      setControl(control, values.filter(([name]) => name === field).map(([, value]) => value));
    }
  }
}

/** Set these parts of the form to what the body says of them. */
export function fill(form, body, parts) {
  const found = partsOf(body);
  for (const part of parts) {
    const entries = found.get(part) ?? [];
    const block = form.querySelector(`[data-rows="${part}"]`);
    if (block) fillRows(block, entries);
    for (const control of form.elements) {
      if (!control.name || partOf(control.name) !== part || block?.contains(control) || control.type === "file") continue;
      setControl(control, entries.filter(([name]) => name === control.name).map(([, value]) => value));
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
