import assert from 'node:assert/strict';
import test from 'node:test';

import {
  count, describe, fill, marksFrom, painted, secondLine, strengthWord,
} from '../../intake/static/intake/js/body-map-state.js';

const words = {
  strength: '{number} of 10', spreads: 'spreads to {place}', none: 'Nothing yet', one: 'One place',
  many: '{number} places', pain0: 'None', pain1: 'Mild', pain4: 'Moderate', pain7: 'Severe', pain10: 'Worst',
};
const lexicon = {
  words,
  places: new Map([
    ['lateral-hip.right', { name: 'Outer hip, right', short: 'Outer hip' }],
    ['posterior-calf.right', { name: 'Calf, right', short: 'Calf' }],
  ]),
  qualities: new Map([['burning', 'Burning']]),
};

test('marks are read from the entries of a form', () => {
  const entries = [
    ['reason', 'hip'], ['pain-map.view', 'right'], ['pain-map.region', 'lateral-hip.right'], ['pain-map.region', 'sacrum'],
    ['pain-map.quality.lateral-hip.right', 'burning'], ['pain-map.quality.lateral-hip.right', 'deep'],
    ['pain-map.intensity.lateral-hip.right', '7'], ['pain-map.spread.lateral-hip.right', 'posterior-calf.right'],
    ['pain-map.course.sacrum', 'constant'],
  ];
  assert.deepEqual(marksFrom(entries, 'pain-map'), [
    { key: 'lateral-hip.right', qualities: ['burning', 'deep'], intensity: 7, course: '', spreadsTo: 'posterior-calf.right' },
    { key: 'sacrum', qualities: [], intensity: null, course: 'constant', spreadsTo: '' },
  ]);
});

test('elsewhere takes its place from the list', () => {
  const [mark] = marksFrom([
    ['m.region', 'sacrum'], ['m.spread.sacrum', 'other'], ['m.elsewhere.sacrum', 'heel.left'],
  ], 'm');
  assert.equal(mark.spreadsTo, 'heel.left');
});

test('a place that pain runs to is painted paler, unless it is marked itself', () => {
  const mark = (key, intensity, spreadsTo = '') => ({ key, intensity, spreadsTo, qualities: [], course: '' });
  assert.deepEqual(painted([mark('a', 5, 'b')]), [
    { key: 'b', intensity: 5, isSpread: true }, { key: 'a', intensity: 5, isSpread: false },
  ]);
  assert.deepEqual(painted([mark('a', 5, 'b'), mark('b', 2)]).find((p) => p.key === 'b'), {
    key: 'b', intensity: 2, isSpread: false,
  });
});

test('a mark is put in words for those who listen', () => {
  const mark = {
    key: 'lateral-hip.right', intensity: 7, qualities: ['burning'], course: '', spreadsTo: 'posterior-calf.right',
  };
  assert.equal(describe(mark, lexicon), 'Outer hip, right: 7 of 10, burning, spreads to calf, right');
  assert.equal(secondLine(mark, lexicon), 'spreads to calf');
  assert.equal(secondLine({ ...mark, spreadsTo: '' }, lexicon), 'burning');
  assert.equal(describe({ ...mark, intensity: null, qualities: [], spreadsTo: '' }, lexicon), 'Outer hip, right');
});

test('places are counted in words', () => {
  assert.equal(count([], words), 'Nothing yet');
  assert.equal(count([1], words), 'One place');
  assert.equal(count([1, 2], words), '2 places');
});

test('a sentence keeps a name that has no value', () => {
  assert.equal(fill('{a} and {b}', { a: 1 }), '1 and {b}');
});

test('strength has a word', () => {
  assert.deepEqual([null, 0, 3, 4, 7, 10].map((n) => strengthWord(n, words)), ['', 'None', 'Mild', 'Moderate', 'Severe', 'Worst']);
});
