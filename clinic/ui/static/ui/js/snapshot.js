/** What a form held, as one comparable string. Files count by name and size; the token does not count. */
export function snapshot(entries) {
  return JSON.stringify(
    [...entries]
      .filter(([name]) => name !== 'csrfmiddlewaretoken')
      .map(([name, value]) => [name, typeof value === "string" ? value : `${value.name}:${value.size}`]),
  );
}

export function isChanged(before, now) {
  return before !== now;
}
