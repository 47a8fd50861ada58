/** Copies the field that a button names, and says so. Without a clipboard the field is selected, ready for the keys. */
for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener('click', async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return;
    }
    const words = button.querySelector('span');
    words.setAttribute('role', 'status');
    words.textContent = button.dataset.done;
  });
}
