/** Decides many forms in one process: reads `[{logic, answers}, …]`, writes what `decide` finds for each. */
import { readFileSync } from 'node:fs';
import { decide } from '../../intake/static/intake/js/logic/decide.js';

const cases = JSON.parse(readFileSync(0, 'utf8'));
const found = cases.map(({ logic, answers }) => {
  const { enabled, calculated, waits } = decide(logic, answers);
  return { enabled: [...enabled].sort(), calculated: Object.fromEntries(calculated), waits: [...waits].sort() };
});
process.stdout.write(JSON.stringify(found));
