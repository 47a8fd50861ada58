/**
 * Evaluates the trees that `intake/fhir/trees.py` makes of FHIRPath. Everything is a list of values, as FHIRPath has it;
 * what the server's evaluator fails on throws here, and has no value in both.
 */
import { orderOfTexts, tidy } from './values.js';

/**
 * @param {*} tree
 * @param {(linkIds: string[]) => Array} answersTo every answer to these questions
 * @returns {Array} values; empty when there are none, or when it cannot be reckoned
 */
export function run(tree, answersTo) {
  try {
    return evaluate(tree, answersTo);
  } catch (error) {
    if (error instanceof TypeError) return [];
    throw error;
  }
}

function evaluate(tree, answersTo) {
  if (!Array.isArray(tree)) return [tree];
  const [name, ...operands] = tree;
  if (name === 'none') return [];
  if (name === 'a') return answersTo(operands);
  if (name === 'iif') return choose(operands, answersTo);
  const [one, other] = operands;
  const left = evaluate(one, answersTo);
  if (name === 'get') return left.map((value) => value?.[other]).filter((value) => value !== undefined);
  if (name in ALONE) return ALONE[name](left, other === undefined ? [] : evaluate(other, answersTo));
  const right = evaluate(other, answersTo);
  if (name in LOGIC) return LOGIC[name](truth(left), truth(right));
  if (name === '&') return [(text(left) ?? '') + (text(right) ?? '')];
  return left.length && right.length ? PAIRS[name](left, right) : [];
}

function choose([test, then, otherwise], answersTo) {
  const found = evaluate(test, answersTo);
  if (found.length === 1 && found[0] === true) return evaluate(then, answersTo);
  return otherwise === undefined ? [] : evaluate(otherwise, answersTo);
}

const total = (values) => tidy(numbers(values).reduce((sum, value) => sum + value, 0));

const ALONE = {
  exists: (values) => [values.length > 0],
  empty: (values) => [values.length === 0],
  not: (values) => (values.length ? [!truth(values)] : []),
  count: (values) => [values.length],
  first: (values) => values.slice(0, 1),
  last: (values) => values.slice(-1),
  sum: (values) => (values.length ? [total(values)] : []),
  min: (values) => (values.length ? [Math.min(...numbers(values))] : []),
  max: (values) => (values.length ? [Math.max(...numbers(values))] : []),
  avg: (values) => (values.length ? [tidy(total(values) / values.length)] : []),
  ordinal: (values) => values.map((value) => value?.score).filter((score) => score !== undefined),
  combine: (values, others) => [...values, ...others],
  round: (values, [places = 0]) => numbers(values).map((value) => rounded(value, places)),
};

/** Halves away from zero. */
export function rounded(value, places) {
  const whole = Math.round(tidy(Math.abs(value) * 10 ** places));
  return tidy((Math.sign(value) * whole) / 10 ** places);
}

const LOGIC = {
  and: (one, other) => (one === false || other === false ? [false] : one && other ? [true] : []),
  or: (one, other) => (one || other ? [true] : one === false && other === false ? [false] : []),
  xor: (one, other) => (one === null || other === null ? [] : [one !== other]),
  implies: (one, other) => (one === false || other ? [true] : one === null || other === null ? [] : [other]),
};

/** True, false, or null for nothing. */
function truth(values) {
  if (values.length === 0) return null;
  if (values.length > 1 || typeof values[0] !== 'boolean') throw new TypeError('not a truth');
  return values[0];
}

function text(values) {
  if (values.length === 0) return null;
  if (values.length > 1 || typeof values[0] !== 'string') throw new TypeError('not a text');
  return values[0];
}

function numbers(values) {
  if (values.some((value) => typeof value !== 'number')) throw new TypeError('not numbers');
  return values;
}

function single(values) {
  if (values.length !== 1) throw new TypeError('not one value');
  return values[0];
}

const PAIRS = {
  '=': (left, right) => [areEqual(left, right)],
  '!=': (left, right) => [!areEqual(left, right)],
  '<': (left, right) => [order(left, right) < 0],
  '>': (left, right) => [order(left, right) > 0],
  '<=': (left, right) => [order(left, right) <= 0],
  '>=': (left, right) => [order(left, right) >= 0],
  '+': (left, right) => {
    const [one, other] = [single(left), single(right)];
    return typeof one === 'string' && typeof other === 'string' ? [one + other] : [tidy(number(one) + number(other))];
  },
  '-': (left, right) => [tidy(number(single(left)) - number(single(right)))],
  '*': (left, right) => [tidy(number(single(left)) * number(single(right)))],
  '/': (left, right) => divided(left, right, (quotient) => tidy(quotient)),
  div: (left, right) => divided(left, right, (quotient) => Math.trunc(tidy(quotient))),
};

function number(value) {
  return numbers([value])[0];
}

function divided(left, right, finish) {
  const [one, other] = [number(single(left)), number(single(right))];
  return other === 0 ? [] : [finish(one / other)];
}

function areEqual(left, right) {
  return left.length === right.length && isEqual(left[0], right[0]);
}

function isEqual(one, other) {
  if (typeof one === 'object' || typeof other === 'object') return JSON.stringify(one) === JSON.stringify(other);
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return tidy(Number(one)) === tidy(Number(other));
}

function order(left, right) {
  const [one, other] = [single(left), single(right)];
  if (typeof one === 'string' && typeof other === 'string') return orderOfTexts(one, other);
  return tidy(number(one)) - tidy(number(other));
}
