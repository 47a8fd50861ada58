/** A card that is picked up: its shadow shows where it would stand, whether it can, and how late it would be. */
import { clockOf, droppedAt, filled, movedBy, stretchedBy, stretchedTo, verdict } from "./calendar-places.js";
import { cardOf, columnsOf, inTheWay, measured } from "./calendar-grid.js";

export function words() {
  return document.getElementById("calendar-strings")?.dataset ?? {};
}

export function say(text) {
  const region = document.getElementById("calendar-says");
  if (region) region.textContent = text;
}

export class Lift {
  /** @param {"move" | "stretch" | "any"} kind "any": by the keyboard, whichever comes first */
  constructor(grid, element, kind) {
    this.grid = grid;
    this.element = element;
    this.kind = kind;
    this.columns = columnsOf(grid);
    this.size = measured(grid, this.columns);
    const card = cardOf(element);
    this.from = { start: card.start, end: card.end, column: this.columns.findIndex((each) => each.element === card.column) };
    this.to = { ...this.from };
    this.buffer = card.buffer;
    this.ways = new Map();
    this.ghost = this.draw();
    element.dataset.lifted = "";
    grid.dataset.lifting = "";
    this.show();
  }

  draw() {
    const ghost = document.createElement("div");
    ghost.className = "appt ghost";
    ghost.dataset.status = this.element.dataset.status;
    ghost.setAttribute("aria-hidden", "true");
    const name = document.createElement("strong");
    name.className = "name";
    name.textContent = this.name;
    this.clock = document.createElement("time");
    ghost.append(this.clock, name);
    this.grid.append(ghost);
    return ghost;
  }

  get name() {
    return this.element.querySelector(".name").textContent.trim();
  }

  get hasMoved() {
    return this.to.start !== this.from.start || this.to.column !== this.from.column;
  }

  get hasStretched() {
    return !this.hasMoved && this.to.end !== this.from.end;
  }

  get column() {
    return this.columns[this.to.column];
  }

  get verdict() {
    const { to, from } = this;
    if (!this.hasMoved && to.end <= from.end) return "";
    if (!this.ways.has(to.column)) this.ways.set(to.column, inTheWay(this.grid, this.element, this.column));
    return verdict({ start: to.start, end: to.end, buffer: this.buffer, isOver: this.column.isOver }, this.ways.get(to.column));
  }

  /** The pointer is at `x`, `y` of the grid. */
  dragTo(column, y, grip) {
    const length = this.from.end - this.from.start;
    if (this.kind === "stretch") {
      this.to.end = stretchedTo({ ...this.size, y: y - this.size.top, start: this.from.start });
    } else {
      this.to.column = column;
      this.to.start = droppedAt({ ...this.size, y: y - this.size.top, grip, length });
      this.to.end = this.to.start + length;
    }
    this.show();
  }

  /** An arrow was pressed. Says what came of it; null when this is not the time for it. */
  press(key, shift) {
    const length = this.to.end - this.to.start;
    if (shift) {
      if (this.hasMoved) return words().first;
      if (key === "ArrowUp" || key === "ArrowDown") this.to.end = stretchedBy(this.to, key, this.size);
    } else {
      if (this.hasStretched) return words().firstLength;
      if (!this.element.dataset.can.includes("move")) return words().fixed;
      const next = movedBy({ ...this.to, length }, key, { ...this.size, columns: this.columns.length });
      this.to = { ...next, end: next.start + length };
    }
    this.show();
    return this.told;
  }

  get told() {
    const said = { "": this.hasStretched ? words().until : words().at, off: words().off, taken: words().taken, over: words().over };
    const time = clockOf(this.hasStretched ? this.to.end : this.to.start);
    return filled(said[this.verdict], { name: this.name, time, column: this.column.name, minutes: this.to.end - this.to.start });
  }

  show() {
    const { size, to, ghost } = this;
    const drawn = `${to.column} ${to.start} ${to.end}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const x = size.lefts[to.column] + 3;
    const y = size.top + (to.start - size.opens) * size.perMinute + 1;
    ghost.style.transform = `translate(${x}px, ${y}px)`;
    ghost.style.width = `${size.widths[to.column] - 6}px`;
    ghost.style.height = `${(to.end - to.start) * size.perMinute - 2}px`;
    ghost.dataset.verdict = this.verdict;
    this.clock.textContent = `${clockOf(to.start)} – ${clockOf(to.end)}`;
  }

  /** Take the shadow away; the card stands where it stood. */
  end() {
    this.ghost.remove();
    delete this.element.dataset.lifted;
    delete this.grid.dataset.lifting;
  }

  /** Draw the card where it was put, before the server has said so. Returns how to put it back. */
  put() {
    const { element, to } = this;
    const before = { parent: element.parentElement, next: element.nextElementSibling, at: element.dataset.at, until: element.dataset.until };
    const { lane, lanes } = element.dataset;
    const time = element.querySelector("p > time");
    const hadFocus = element.contains(document.activeElement);
    delete element.dataset.lane;
    delete element.dataset.lanes;
    element.dataset.at = clockOf(to.start);
    element.dataset.until = clockOf(to.end);
    element.dataset.pending = "";
    if (time) time.textContent = element.dataset.at;
    if (this.column.list !== before.parent) this.column.list.append(element);
    if (hadFocus) element.querySelector("a").focus({ preventScroll: true });
    return () => {
      if (!element.isConnected) return;
      delete element.dataset.pending;
      element.dataset.at = before.at;
      element.dataset.until = before.until;
      if (lanes) Object.assign(element.dataset, { lane, lanes });
      if (time) time.textContent = before.at;
      if (before.parent.isConnected && element.parentElement !== before.parent) before.parent.insertBefore(element, before.next);
    };
  }

  /** What the server is told. */
  get values() {
    const { to, column, element } = this;
    const when = (minute) => `${column.date}T${clockOf(minute)}`;
    const base = { version: element.dataset.version, next: window.location.pathname + window.location.search };
    if (this.hasStretched) return { ...base, until: when(to.end) };
    const values = { ...base, at: when(to.start), location: column.location };
    if (column.therapist) values.therapist = column.therapist;
    if (column.room) values.room = column.room;
    return values;
  }
}
