/** Pure rules for single-key shortcuts. */

/** Whether keys typed into this kind of element are text. */
export function isWriting({ tagName = '', type = '', isContentEditable = false }) {
  if (isContentEditable) return true;
  const name = tagName.toLowerCase();
  if (name === 'textarea' || name === 'select') return true;
  return name === 'input' && !['checkbox', 'radio', 'button', 'submit', 'reset', 'range', 'color', 'file'].includes(type);
}

/**
 * The shortcut a key press asks for: "/", "?", a bracket or a letter; null when it is text or a browser command.
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, repeat?: boolean}} press
 * @param {{writing: boolean, lettersOn: boolean}} state
 */
export function shortcutOf(press, { writing, lettersOn }) {
  if (writing || press.ctrlKey || press.metaKey || press.altKey || press.repeat) return null;
  if (!lettersOn) return null;
  if (['/', '?', '[', ']'].includes(press.key)) return press.key;
  return /^[a-z]$/i.test(press.key) ? press.key.toLowerCase() : null;
}

/** The next position in a list of `length` when an arrow, Home or End is pressed; -1 is the field itself. */
export function moveIn(length, index, key) {
  if (length === 0) return -1;
  if (key === 'ArrowDown') return index + 1 >= length ? 0 : index + 1;
  if (key === 'ArrowUp') return index <= 0 ? length - 1 : index - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return length - 1;
  return index;
}
