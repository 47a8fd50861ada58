/** The timer of a row: pure sums. A timer is {name, technique, since, base}: since when it runs, and the minutes it began with. */

/** Seconds it has run; a clock that was put back gives none. */
export function secondsOf(timer, now) {
  return Math.max(0, Math.floor((now - timer.since) / 1000));
}

/** Minutes to write: those before, and each begun half of one; at least one, at most `high`. */
export function minutesOf(timer, now, high = 240) {
  return Math.min(Math.max(timer.base + Math.round(secondsOf(timer, now) / 60), 1), high);
}

/** "4:05", with the minutes before. */
export function face(timer, now) {
  const seconds = secondsOf(timer, now) + timer.base * 60;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The row a timer belongs to after a reload: the same name with the same technique, else the only one with that technique. */
export function rowOf(timer, rows) {
  const same = rows.find((row) => row.name === timer.name && row.technique === timer.technique);
  if (same) return same;
  const alike = rows.filter((row) => row.technique === timer.technique);
  return alike.length === 1 ? alike[0] : null;
}

/** What was kept on the device, if it is a timer at all and not from another day. */
export function readTimer(text, now, longest = 6 * 3600) {
  try {
    const timer = JSON.parse(text);
    const fits = typeof timer?.name === "string" && typeof timer.technique === "string" && Number.isFinite(timer.since);
    if (!fits || !Number.isInteger(timer.base) || secondsOf(timer, now) > longest) return null;
    return timer;
  } catch {
    return null;
  }
}
