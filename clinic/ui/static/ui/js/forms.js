/** Small helps for forms: errors get the focus, a form is sent once, `data-submit-on-change` sends itself. */

function focusFirstError() {
  document.querySelector('[data-error-summary]')?.focus();
}

function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === 'dialog') return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  if (form.method === 'post') {
    form.dataset.sent = '';
    event.submitter?.setAttribute('aria-busy', 'true');
  }
}

function forget() {
  document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent);
  document.querySelectorAll('[aria-busy=true]').forEach((button) => button.removeAttribute('aria-busy'));
}

/** Prints the page; `what` says which of its sheets, for the style sheet to choose. */
function print(what) {
  if (what) document.documentElement.dataset.prints = what;
  window.print();
}

export function installForms() {
  focusFirstError();
  document.addEventListener('submit', sendOnce);
  document.addEventListener('change', (event) => {
    const form = event.target.form;
    if (form?.dataset.submitOnChange !== undefined) form.requestSubmit();
  });
  document.addEventListener('htmx:afterSwap', focusFirstError);
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-print]');
    if (button) print(button.dataset.print);
  });
  window.addEventListener('afterprint', () => delete document.documentElement.dataset.prints);
  window.addEventListener('pageshow', forget);
}
