/** A time as it stands on somebody's own clock. Pure: zone and language are passed in. */

/** Minutes between UTC and the wall clock of `zone` at an instant. */
export function offsetMinutes(instant, zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(instant);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
  return Math.round((wall - instant.getTime()) / 60_000);
}

/** Whether two zones show the same clock at every one of these instants. */
export function isSameClock(instants, zone, other) {
  return instants.every((instant) => offsetMinutes(instant, zone) === offsetMinutes(instant, other));
}

/** An instant on the clock of `own`, as "14:30"; with the weekday when it is another day there than in `zone`. */
export function ownTime(instant, zone, own, language) {
  const day = (where) => new Intl.DateTimeFormat("en-CA", { timeZone: where }).format(instant);
  const weekday = day(own) === day(zone) ? {} : { weekday: "short" };
  return new Intl.DateTimeFormat(language, {
    timeZone: own,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...weekday,
  }).format(instant);
}

/** Seconds as "9:05". */
export function minutesAndSeconds(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
