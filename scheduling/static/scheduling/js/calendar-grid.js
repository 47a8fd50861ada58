/** Reads the drawn day: its columns, its cards, and what stands in the way of one of them. */
import { minutesOf } from "./calendar-clock.js";

const span = (element) => ({ start: minutesOf(element.dataset.at), end: minutesOf(element.dataset.until) });

/** The columns in reading order, each with what it stands for. */
export function columnsOf(grid) {
  return [...grid.querySelectorAll(".column[data-date]")].map((element) => ({
    element,
    list: element.querySelector("ol"),
    name: element.querySelector("h2 span span")?.textContent.trim() ?? "",
    isOver: "over" in element.dataset,
    ...element.dataset,
  }));
}

/** A card as it stands. */
export function cardOf(element) {
  return { element, ...span(element), buffer: Number(element.dataset.buffer ?? 0), column: element.closest(".column") };
}

function isSame(card, other, mode) {
  if (card.client && card.client === other.client) return true;
  return mode === "rooms" && card.who === other.who;
}

/** What keeps `card` out of `column`: whoever is there, whoever is away, and the same person elsewhere. */
export function inTheWay(grid, card, column) {
  const others = [];
  for (const block of column.list.querySelectorAll(".block")) {
    others.push({ ...span(block), kind: block.dataset.kind === "held" ? "taken" : "off" });
  }
  for (const other of grid.querySelectorAll(".appt[data-visit]")) {
    if (other === card) continue;
    const there = other.closest(".column");
    const isMet = there === column.element || (there.dataset.date === column.date && isSame(card.dataset, other.dataset, grid.dataset.mode));
    if (!isMet) continue;
    const place = span(other);
    others.push({ start: place.start, end: place.end + Number(other.dataset.buffer ?? 0), kind: "taken" });
  }
  return others;
}

/** Where everything is, in pixels from the grid's corner: measured once, so that dragging never has to. */
export function measured(grid, columns) {
  const corner = grid.getBoundingClientRect();
  const opens = minutesOf(grid.dataset.opens);
  const closes = minutesOf(grid.dataset.closes);
  const first = columns[0].list.getBoundingClientRect();
  return {
    opens,
    closes,
    step: Number(grid.dataset.step),
    top: first.top - corner.top,
    perMinute: (first.height - 1) / (closes - opens),
    lefts: columns.map((column) => column.element.getBoundingClientRect().left - corner.left),
    widths: columns.map((column) => column.element.getBoundingClientRect().width),
  };
}
