/** <day-calendar>: arrows walk from card to card. <day-now>: the line that says what time it is. */
import { cardTowards, minutesOf, wallClock } from "./calendar-clock.js";

const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
const REFRESH_MILLISECONDS = 15_000;

class DayCalendar extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this.onKey);
    const now = this.querySelector(".now");
    // The morning is over: begin an hour before now.
    if (now && this.scrollTop === 0) this.scrollTop = Math.max(0, now.offsetTop - this.clientHeight / 3);
  }

  disconnectedCallback() {
    this.removeEventListener("keydown", this.onKey);
  }

  onKey = (event) => {
    if (!ARROWS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const links = [...this.querySelectorAll(".day-grid .appt > a")];
    if (links.length === 0 || !links[0].getClientRects().length) return;
    const columns = [...this.querySelectorAll(".day-grid .column")];
    const cards = links.map((link) => ({ column: columns.indexOf(link.closest(".column")), at: minutesOf(link.parentElement.dataset.at) }));
    const next = cardTowards(cards, links.indexOf(document.activeElement), event.key);
    if (next < 0) return;
    event.preventDefault();
    links[next].focus();
  };
}

class DayNow extends HTMLElement {
  connectedCallback() {
    this.timer = window.setInterval(this.move, REFRESH_MILLISECONDS);
    this.move();
  }

  disconnectedCallback() {
    window.clearInterval(this.timer);
  }

  move = () => {
    const line = this.querySelector(".now");
    if (!line) return;
    const clock = wallClock(new Date(), this.dataset.zone);
    line.dataset.at = clock;
    line.querySelector("time").textContent = clock;
  };
}

customElements.define("day-calendar", DayCalendar);
customElements.define("day-now", DayNow);
