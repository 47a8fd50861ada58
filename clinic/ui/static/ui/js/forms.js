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

export function installForms() {
  focusFirstError();
  document.addEventListener('submit', sendOnce);
  document.addEventListener('change', (event) => {
    const form = event.target.form;
    if (form?.dataset.submitOnChange !== undefined) form.requestSubmit();
  });
  document.addEventListener('htmx:afterSwap', focusFirstError);
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) window.print();
  });
  window.addEventListener('pageshow', forget);
}
