/** The booking sheet: a chosen client goes on to the times without leaving the dialog. */

function onChoose(event) {
  const sheet = event.target.closest("[data-booking]");
  if (!sheet || !globalThis.htmx) return;
  event.preventDefault();
  globalThis.htmx.ajax("GET", event.detail.option.href, { target: sheet, swap: "outerHTML" });
}

function onSettled(event) {
  // After a step the keyboard goes on where the next one begins.
  const sheet = event.target.closest?.("[data-booking]");
  if (!sheet) return;
  const missing = [...sheet.querySelectorAll(".book-new[open] input.input")].find((input) => !input.value);
  if (missing && event.target === sheet) missing.focus();
  if (sheet.contains(document.activeElement)) return;
  (sheet.querySelector("input[name=slot]:checked") ?? sheet.querySelector("input[name=slot]") ?? sheet.querySelector("input[type=search]"))?.focus();
}

function onEnter(event) {
  // Whoever types how often it repeats, or why two may overlap, means that button and not the one visit that Enter books elsewhere in the form.
  const part = event.key === "Enter" && event.target.closest?.("[data-booking] :is(.book-repeat, [data-beside])");
  const button = part && part.querySelector("button[formaction], button[name]");
  if (!button || !event.target.matches("input, select")) return;
  event.preventDefault();
  button.form.requestSubmit(button);
}

document.addEventListener("combobox:choose", onChoose);
document.addEventListener("keydown", onEnter);
document.addEventListener("htmx:afterSettle", onSettled);
