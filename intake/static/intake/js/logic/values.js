/**
 * How two answers compare in a condition (FHIR R4 enableWhen). `intake/fhir/comparing.py` does the same; one table of
 * cases tests both. A value is true or false, a number, a text, or an object: `{code, system}`, `{date}`, `{time}`,
 * `{value, unit, system, code, quantity: true}`, `{reference}`, `{file: true}`.
 */
const TIMED = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?$/;

/** Whether one row of enableWhen holds. `!=` holds without an answer: none of them equals. */
export function holds(operator, given, answer) {
  if (operator === 'exists') return given.length > 0 === (answer === true);
  if (answer === null || answer === undefined) return false;
  if (operator === '!=') return !given.some((value) => order(value, answer) === 0);
  return given.some((value) => satisfies(operator, order(value, answer)));
}

function satisfies(operator, found) {
  switch (operator) {
    case '=': return found === 0;
    case '>': return found > 0;
    case '<': return found !== null && found < 0;
    case '>=': return found !== null && found >= 0;
    case '<=': return found !== null && found <= 0;
    default: return false;
  }
}

/** Below, at or above zero; NaN when they differ without an order, null when nothing can be said. */
function order(one, other) {
  const kinds = [kindOf(one), kindOf(other)];
  if (kinds[0] !== kinds[1]) return null;
  switch (kinds[0]) {
    case 'boolean': return one === other ? 0 : NaN;
    case 'number': return Math.sign(tidy(one) - tidy(other));
    case 'string': return orderOfTexts(one, other);
    case 'code': return sameCoding(one, other) ? 0 : NaN;
    case 'quantity': return ofQuantities(one, other);
    case 'reference': return one.reference === other.reference ? 0 : NaN;
    case 'time': return ofParts(clock(one.time), clock(other.time));
    case 'date': return ofParts(parts(one.date), parts(other.date));
    default: return null;
  }
}

function kindOf(value) {
  if (value === null || typeof value !== 'object') return typeof value;
  if (value.quantity) return 'quantity';
  return ['date', 'time', 'reference', 'file'].find((name) => name in value) ?? 'code';
}

/** By code point, as Python orders; by code unit some signs would come before others. */
export function orderOfTexts(one, other) {
  const left = [...one];
  const right = [...other];
  for (let n = 0; n < Math.min(left.length, right.length); n += 1) {
    if (left[n] !== right[n]) return Math.sign(left[n].codePointAt(0) - right[n].codePointAt(0));
  }
  return Math.sign(left.length - right.length);
}

/** Equal by code, and by system where both name one; without codes, by display. */
export function sameCoding(one, other) {
  if (one.system && other.system && one.system !== other.system) return false;
  const [left, right] = [one.code ?? '', other.code ?? ''];
  return left === right && (left !== '' || (one.display ?? '') === (other.display ?? ''));
}

function ofQuantities(one, other) {
  if (one.value === undefined || other.value === undefined) return null;
  const same = one.code && other.code
    ? (one.system ?? '') === (other.system ?? '') && one.code === other.code
    : (one.unit ?? '') === (other.unit ?? '');
  return same ? Math.sign(tidy(one.value) - tidy(other.value)) : null;
}

/** Twelve digits: what is left of a decimal after reckoning in binary. */
export function tidy(number) {
  return Number(number.toPrecision(12));
}

function ofParts(one, other) {
  for (let n = 0; n < Math.min(one.length, other.length); n += 1) {
    if (one[n] !== other[n]) return Math.sign(one[n] - other[n]);
  }
  return one.length === other.length ? 0 : null;
}

function clock(text) {
  const [main, fraction = ''] = text.split('.');
  const [hours, minutes, seconds = 0] = main.split(':').map(Number);
  return [hours, minutes, seconds, nanoseconds(fraction)];
}

/** Year, month, … down to nanoseconds, as far as given; an instant is taken to UTC. */
function parts(text) {
  const found = TIMED.exec(text);
  if (!found) return text.split('-').map(Number);
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const offset = found[8] ?? 'Z';
  const shift = offset === 'Z' ? 0 : Number(`${offset[0]}1`) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(hour, minute - shift);
  return [
    at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), second,
    nanoseconds(found[7] ?? ''),
  ];
}

function nanoseconds(fraction) {
  return Number(fraction.slice(0, 9).padEnd(9, '0'));
}

/**
 * What a control holds, as a value; null when it holds nothing or nothing of its item's type.
 * @param {{type: string, codes?: object}} item as `logic.items` has it
 * @param {string} raw as the control would send it
 */
export function readValue(item, raw) {
  if (raw === '') return null;
  switch (item.type) {
    case 'boolean': return raw === 'yes';
    case 'integer': return /^[+-]?\d+$/.test(raw.trim()) ? Number(raw) : null;
    case 'decimal': return Number.isFinite(Number(raw.trim().replace(',', '.'))) ? Number(raw.trim().replace(',', '.')) : null;
    case 'date': case 'dateTime': return { date: raw };
    case 'time': return { time: raw.length === 5 ? `${raw}:00` : raw };
    case 'choice': return item.codes?.[raw] ?? { code: raw };
    case 'attachment': return { file: true };
    case 'reference': return { reference: raw };
    default: return raw.trim() === '' ? null : raw;
  }
}
