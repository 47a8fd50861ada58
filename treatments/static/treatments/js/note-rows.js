/** Rows of a note's tables: added from a template, taken away, stepped. */
import { nextIndex, stepped } from "./note-math.js";

export function installRows(editor) {
  editor.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.addRow !== undefined) addRow(button.closest("[data-rows]"));
    else if (button.dataset.removeRow !== undefined) removeRow(button.closest("[data-row]"));
    else if (button.dataset.step) step(button);
  });
  // An empty row that is being filled is a row like the others.
  editor.addEventListener("input", (event) => event.target.closest(".row-extra")?.classList.remove("row-extra"));
}

/** One more row, with the focus in its first box. The empty row that the server sent for pages without a script goes first. */
export function addRow(block) {
  const row = freshRow(block);
  row.querySelector("select, input:not([type=hidden])")?.focus();
  return row;
}

/** One more row, empty, without the focus. */
export function freshRow(block) {
  const row = block.querySelector(".row-extra") ?? cloned(block);
  row.classList.remove("row-extra");
  return row;
}

/** One more row at the end of a block, without the focus. */
export function cloned(block) {
  const prefix = block.dataset.rows;
  const total = block.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const names = [...block.querySelectorAll("[name]")].map((control) => control.name);
  const index = nextIndex(names, prefix, Number(total.value));
  const row = block.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const element of row.querySelectorAll("[name], [id], [for]")) {
    for (const attribute of ["name", "id", "for"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replaceAll("__prefix__", index));
    }
  }
  block.querySelector("[data-rows-body]").append(row);
  total.value = index + 1;
  return row;
}

function removeRow(row) {
  const form = row.closest("form");
  const block = row.closest("[data-rows]");
  row.remove();
  block.querySelector("[data-add-row]")?.focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function step(button) {
  const box = button.parentElement.querySelector("input");
  const value = stepped(box.value, Number(button.dataset.step));
  box.value = value ?? "";
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
