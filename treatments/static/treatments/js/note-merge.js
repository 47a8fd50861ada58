/** Whoever edits the text of both means to take it. */
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-both]")) return;
  const choice = event.target.closest(".both")?.querySelector('input[type="radio"]');
  if (choice) choice.checked = true;
});
