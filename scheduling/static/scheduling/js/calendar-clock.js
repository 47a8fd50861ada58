/** Pure reckoning for the day calendar: the clock of a zone, and which card an arrow leads to. */

/** The wall clock of `zone` at an instant, as "HH:MM". */
export function wallClock(instant, zone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant);
}

/** Minutes since midnight of "HH:MM". */
export function minutesOf(clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

/**
 * The card an arrow key leads to: up and down in the same column, sideways to the one nearest in time.
 * @param {{column: number, at: number}[]} cards in reading order
 * @param {number} index of the card that has the focus, or -1
 * @returns {number} -1 when there is none
 */
export function cardTowards(cards, index, key) {
  if (cards.length === 0) return -1;
  if (index < 0) return 0;
  const here = cards[index];
  const inColumn = (column) => cards.map((card, position) => ({ ...card, position })).filter((card) => card.column === column);
  if (key === "ArrowDown" || key === "ArrowUp") {
    const own = inColumn(here.column);
    const place = own.findIndex((card) => card.position === index) + (key === "ArrowDown" ? 1 : -1);
    return own[place]?.position ?? index;
  }
  const step = key === "ArrowRight" ? 1 : -1;
  const last = Math.max(...cards.map((card) => card.column));
  for (let column = here.column + step; column >= 0 && column <= last; column += step) {
    const there = inColumn(column);
    if (there.length > 0) {
      return there.reduce((best, card) => (Math.abs(card.at - here.at) < Math.abs(best.at - here.at) ? card : best)).position;
    }
  }
  return index;
}
