import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { decide } from '../../intake/static/intake/js/logic/decide.js';
import { answersOf } from '../../intake/static/intake/js/logic/page.js';
import { run } from '../../intake/static/intake/js/logic/run.js';
import { holds, readValue } from '../../intake/static/intake/js/logic/values.js';

const cases = JSON.parse(readFileSync(new URL('../intake/fhir/cases.json', import.meta.url), 'utf8'));

for (const [words, operator, given, answer, wanted] of cases) {
  test(`a condition: ${words}`, () => assert.equal(holds(operator, given, answer), wanted));
}

test('a control is read as its item says', () => {
  assert.equal(readValue({ type: 'integer' }, '7'), 7);
  assert.equal(readValue({ type: 'integer' }, '7.5'), null);
  assert.equal(readValue({ type: 'decimal' }, '7,5'), 7.5);
  assert.equal(readValue({ type: 'boolean' }, 'no'), false);
  assert.deepEqual(readValue({ type: 'time' }, '08:30'), { time: '08:30:00' });
  assert.deepEqual(readValue({ type: 'choice', codes: { a: { code: 'a', system: 's' } } }, 'a'), { code: 'a', system: 's' });
  assert.deepEqual(readValue({ type: 'choice' }, 'b'), { code: 'b' });
  assert.equal(readValue({ type: 'text' }, '  '), null);
});

const yes = (id, extra = {}) => ({ id, type: 'boolean', at: 0, ...extra });
const chain = {
  items: [
    yes('a'),
    yes('b', { at: 1, when: [['a', '=', true]], any: false }),
    yes('c', { at: 2, when: [['b', '=', true]], any: false }),
  ],
  rows: {}, fixed: {}, was: [],
};

test('what hangs on an answer that is not asked any more is not asked either', () => {
  const found = decide(chain, { a: [false], b: [true] });
  assert.deepEqual([...found.enabled], ['a']);
});

test('an answer comes back with its condition', () => {
  assert.deepEqual([...decide(chain, { a: [true], b: [true] }).enabled], ['a', 'b', 'c']);
});

test('a condition looks into its own row first', () => {
  const logic = {
    items: [
      { id: 'g', type: 'group', at: 0, rows: 1 },
      { id: 'x', type: 'boolean', at: 1, parent: 'g' },
      { id: 'y', type: 'string', at: 2, parent: 'g', when: [['x', '=', true]], any: false },
    ],
    rows: { g: 2 }, fixed: {}, was: [],
  };
  const found = decide(logic, { 'g:0/x': [true], 'g:1/x': [false] });
  assert.deepEqual([...found.enabled].sort(), ['g', 'g:0/x', 'g:0/y', 'g:1/x']);
});

test('a calculated value decides what comes after it', () => {
  const logic = {
    items: [
      { id: 'n', type: 'integer', at: 0 },
      { id: 'sum', type: 'decimal', at: 1, calc: ['+', ['a', 'n'], 0.2] },
      { id: 'more', type: 'string', at: 2, when: [['sum', '>', 3]], any: false },
    ],
    rows: {}, fixed: {}, was: [],
  };
  const found = decide(logic, { n: [3] });
  assert.deepEqual([found.calculated.get('sum'), found.enabled.has('more')], [3.2, true]);
  assert.equal(decide(logic, {}).calculated.get('sum'), null);
});

test('what only the server knows stays as the server had it', () => {
  const logic = { items: [yes('a', { enable: null }), yes('b', { calc: null })], rows: {}, fixed: {}, was: ['a', 'b'] };
  const found = decide(logic, {});
  assert.deepEqual([[...found.enabled], [...found.waits]], [['a', 'b'], ['a', 'b']]);
});

test('trees reckon in decimals, with nothing where there is nothing', () => {
  const numbers = () => [0.1, 0.2];
  assert.deepEqual(run(['=', ['sum', ['a', 'x']], 0.3], numbers), [true]);
  assert.deepEqual(run(['+', ['none'], 1], numbers), []);
  assert.deepEqual(run(['/', 1, 0], numbers), []);
  assert.deepEqual(run(['+', ['a', 'x'], 1], numbers), []);
  assert.deepEqual(run(['round', 2.5], numbers), [3]);
  assert.deepEqual(run(['round', -1.25, 1], numbers), [-1.3]);
  assert.deepEqual(run(['and', ['none'], false], numbers), [false]);
  assert.deepEqual(run(['implies', ['none'], true], numbers), [true]);
});

test('a page gives its answers by the names of its controls', () => {
  const logic = {
    items: [
      { id: 'a/b', type: 'integer' },
      { id: 'c', type: 'choice', codes: { x: 3 } },
      { id: 'sum', type: 'decimal', calc: ['a', 'a/b'] },
    ],
  };
  const entries = [['csrf', 't'], ['g:1/a%2Fb', '4'], ['c', 'x'], ['c', 'y'], ['sum', '9'], ['a%2Fb', '']];
  assert.deepEqual(answersOf(logic, entries), { 'g:1/a%2Fb': [4], c: [3, { code: 'y' }] });
});
