/** The editor of forms works without this. It brings the open part into view in a long outline. */
const outline = document.querySelector('[data-outline]');
const open = outline?.querySelector('[aria-current]');

if (open && outline.scrollHeight > outline.clientHeight) {
  outline.scrollTop = open.offsetTop - outline.offsetTop - outline.clientHeight / 2;
}
