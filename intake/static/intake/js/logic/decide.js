/**
 * What is asked and what is reckoned on a page, at once. The server decides the same in `intake/fhir/enabled.py`, and
 * again when it saves. An answer to an item that is not asked counts as none.
 */
import { run } from './run.js';
import { holds, tidy } from './values.js';

const MOST_PASSES = 5;

/**
 * @param {object} logic as `intake/fhir/browser.py` makes it
 * @param {Object<string, Array>} answers values of this page, by address; what is missing is unanswered
 * @returns {{enabled: Set<string>, calculated: Map<string, *>, waits: Set<string>}} `calculated` has null where there is
 *   no value; `waits` are addresses that only the server can decide or reckon
 */
export function decide(logic, answers) {
  return new Decider(logic, answers).decide();
}

export const encoded = (linkId) => linkId.replaceAll('%', '%25').replaceAll('/', '%2F').replaceAll(':', '%3A');

class Decider {
  constructor(logic, answers) {
    this.logic = logic;
    this.answers = { ...logic.fixed, ...answers };
    this.items = new Map(logic.items.map((item) => [item.id, item]));
    this.was = new Set(logic.was);
    this.enabled = new Set();
    this.decided = new Set();
    this.calculated = new Map();
    this.waits = new Set();
  }

  decide() {
    for (let pass = 0, before = ''; pass < MOST_PASSES; pass += 1) {
      for (const item of this.logic.items) {
        for (const prefix of this.prefixes(item)) this.decideItem(item, prefix);
      }
      const now = JSON.stringify([[...this.enabled].sort(), [...this.calculated]]);
      if (now === before) break;
      before = now;
    }
    return { enabled: this.enabled, calculated: this.calculated, waits: this.waits };
  }

  /** What stands above an item and makes rows, outermost first. */
  holders(item) {
    const found = [];
    for (let above = this.items.get(item.parent); above; above = this.items.get(above.parent)) {
      if (this.makesRows(above)) found.unshift(above);
    }
    return found;
  }

  makesRows(item) {
    return item.rows !== undefined || !['group', 'display'].includes(item.type);
  }

  count(holder, address) {
    const held = holder.rows === undefined ? this.given(address).length : this.logic.rows[address] ?? 0;
    return Math.max(1, held, holder.rows ?? 0);
  }

  given(address) {
    return this.answers[address] ?? [];
  }

  prefixes(item) {
    let found = [''];
    for (const holder of this.holders(item)) {
      found = found.flatMap((prefix) => {
        const address = prefix + encoded(holder.id);
        return Array.from({ length: this.count(holder, address) }, (_, number) => `${address}:${number}/`);
      });
    }
    return found;
  }

  decideItem(item, prefix) {
    const address = prefix + encoded(item.id);
    const isOn = this.parentIsOn(item, prefix) && this.isAsked(item, prefix, address);
    if (isOn) this.enabled.add(address);
    else this.enabled.delete(address);
    this.decided.add(address);
    if ('calc' in item) this.calculate(item, address, isOn);
  }

  parentIsOn(item, prefix) {
    const parent = this.items.get(item.parent);
    if (!parent) return true;
    return this.enabled.has(this.makesRows(parent) ? prefix.slice(0, prefix.lastIndexOf(':')) : prefix + encoded(parent.id));
  }

  isAsked(item, prefix, address) {
    if (item.off) return false;
    if ('enable' in item) return this.isTrue(item.enable, address);
    if (!item.when) return true;
    const met = ([question, operator, value]) => holds(operator, this.valuesOf(question, item, prefix), value);
    return item.any ? item.when.some(met) : item.when.every(met);
  }

  isTrue(tree, address) {
    if (tree === null) {
      this.waits.add(address);
      return this.was.has(address);
    }
    const found = run(tree, (linkIds) => this.everyAnswer(linkIds));
    return found.length === 1 && found[0] === true;
  }

  /** Answers to the occurrence of a question nearest to who asks. */
  valuesOf(question, asking, prefix) {
    const target = this.items.get(question);
    if (!target) return [];
    const address = this.nearest(target, asking, prefix);
    return this.enabled.has(address) ? this.given(address) : [];
  }

  /** In the row both stand in; else in the last row before who asks, or the first after. */
  nearest(target, asking, prefix) {
    let at = '';
    for (const holder of this.holders(target)) {
      const base = at + encoded(holder.id);
      const number = prefix.startsWith(`${base}:`)
        ? Number.parseInt(prefix.slice(base.length + 1), 10)
        : target.at < asking.at ? this.count(holder, base) - 1 : 0;
      at = `${base}:${number}/`;
    }
    return at + encoded(target.id);
  }

  /** For expressions: every occurrence of these questions that is asked, or not decided yet. */
  everyAnswer(linkIds) {
    return linkIds.flatMap((linkId) => {
      const item = this.items.get(linkId);
      if (!item) return [];
      return this.prefixes(item)
        .map((prefix) => prefix + encoded(linkId))
        .filter((address) => this.isOpen(item, address))
        .flatMap((address) => this.given(address));
    });
  }

  isOpen(item, address) {
    if (this.decided.has(address)) return this.enabled.has(address);
    const parent = this.items.get(item.parent);
    return !parent || this.isOpen(parent, this.parentAddress(parent, address));
  }

  parentAddress(parent, address) {
    const prefix = address.slice(0, address.lastIndexOf('/') + 1);
    return this.makesRows(parent) ? prefix.slice(0, prefix.lastIndexOf(':')) : prefix + encoded(parent.id);
  }

  calculate(item, address, isOn) {
    if (item.calc === null) {
      this.waits.add(address);
      return;
    }
    const found = isOn ? run(item.calc, (linkIds) => this.everyAnswer(linkIds)) : [];
    const value = fitted(item, found[0]);
    this.answers[address] = value === null ? [] : [value];
    this.calculated.set(address, value);
  }
}

/** The first value as one of the item's type; null where it does not fit. */
function fitted(item, value) {
  switch (item.type) {
    case 'boolean': return typeof value === 'boolean' ? value : null;
    case 'integer': return typeof value === 'number' && Number.isInteger(tidy(value)) ? tidy(value) : null;
    case 'decimal': return typeof value === 'number' ? tidy(Number(value.toFixed(8))) : null;
    case 'string': case 'text': case 'url':
      return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
    default: return null;
  }
}
