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
  // Whoever types how often it repeats means the series, not the one visit that Enter books elsewhere in the form.
  const series = event.key === "Enter" && event.target.closest?.("[data-booking] .book-repeat")?.querySelector("button[formaction]");
  if (!series || !event.target.matches("input, select")) return;
  event.preventDefault();
  series.form.requestSubmit(series);
}

document.addEventListener("combobox:choose", onChoose);
document.addEventListener("keydown", onEnter);
document.addEventListener("htmx:afterSettle", onSettled);
