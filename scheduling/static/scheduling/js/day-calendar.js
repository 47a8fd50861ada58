/** <day-calendar>: cards are walked, picked up and put down. <day-now>: the line that says what time it is. */
import { cardTowards, minutesOf, wallClock } from "./calendar-clock.js";
import { Changes } from "./calendar-changes.js";
import { Dragging } from "./calendar-drag.js";
import { Lift, say, words } from "./calendar-lift.js";
import { filled } from "./calendar-places.js";
import { send } from "./calendar-send.js";
import { Zoom } from "./calendar-zoom.js";
import { lettersOn } from "../../ui/js/shortcuts.js";

const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
const STEP_KEYS = { c: ["arrived", "in-session", "completed"], x: ["no-show"] };
const CLOCK_MILLISECONDS = 15_000;

class DayCalendar extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const options = { signal: this.stop.signal };
    this.addEventListener("keydown", this.onKey, options);
    this.addEventListener("focusout", this.onLeave, options);
    document.addEventListener("submit", this.onSubmit, { ...options, capture: true });
    this.dragging = new Dragging(this);
    this.changes = new Changes(this);
    this.zoom = new Zoom(this);
    const now = this.querySelector(".now");
    // The morning is over: begin an hour before now.
    if (now && this.scrollTop === 0) this.scrollTop = Math.max(0, now.offsetTop - this.clientHeight / 3);
  }

  disconnectedCallback() {
    this.dragging.disconnect();
    this.changes.disconnect();
    this.stop.abort();
  }

  get isBusy() {
    return Boolean(this.lift || this.sending);
  }

  canLift() {
    return !this.isBusy;
  }

  lifted(lift) {
    this.lift = lift;
    if (!lift) this.changes.catchUp();
  }

  onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.lift?.kind === "any") this.carry(event);
    else if (ARROWS.includes(event.key) && !event.shiftKey) this.walk(event);
    else if (/^[a-z+-]$/i.test(event.key) && lettersOn()) this.letter(event);
  };

  walk(event) {
    const links = [...this.querySelectorAll(".day-grid .appt > a")];
    if (links.length === 0 || !links[0].getClientRects().length) return;
    const columns = [...this.querySelectorAll(".day-grid .column")];
    const cards = links.map((link) => ({ column: columns.indexOf(link.closest(".column")), at: minutesOf(link.parentElement.dataset.at) }));
    const next = cardTowards(cards, links.indexOf(document.activeElement), event.key);
    if (next < 0) return;
    event.preventDefault();
    links[next].focus();
  }

  letter(event) {
    if (event.repeat || event.target.closest("input, select, textarea")) return;
    const key = event.key.toLowerCase();
    const card = event.target.closest(".appt");
    if (key === "+" || key === "-") {
      this.zoom.by(key === "+" ? 1 : -1);
    } else if (key === "m" && card) {
      this.pickUp(card);
    } else if (card && STEP_KEYS[key]) {
      const button = STEP_KEYS[key].map((step) => card.querySelector(`[data-step="${step}"]`)).find(Boolean);
      if (!button) return;
      button.click();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** By the keyboard: the card keeps the focus, its shadow wanders. */
  pickUp(card) {
    if (!card.dataset.can) {
      say(words().fixed ?? "");
      return;
    }
    if (this.isBusy) return;
    this.lifted(new Lift(card.closest(".day-grid"), card, "any"));
    say(filled(words().lifted ?? "", { name: this.lift.name, time: card.dataset.at, column: this.lift.column.name }));
  }

  carry(event) {
    const { lift } = this;
    if (ARROWS.includes(event.key)) {
      say(lift.press(event.key, event.shiftKey) ?? "");
      lift.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (event.key === "Enter") {
      this.drop(lift);
    } else if (event.key === "Escape" || event.key === "Tab") {
      this.putBack(lift);
      if (event.key === "Tab") return;
    } else if (event.key === "Shift") {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  putBack(lift) {
    lift.end();
    say(filled(words().back ?? "", { name: lift.name }));
    this.lifted(null);
  }

  onLeave = (event) => {
    if (this.lift?.kind === "any" && this.lift.element.contains(event.target)) this.putBack(this.lift);
  };

  /** The card is put down: it stands there at once, and goes back when the server says no. */
  async drop(lift) {
    if (!lift.hasMoved && !lift.hasStretched) {
      this.putBack(lift);
      return;
    }
    const { values, element } = lift;
    this.lift = null;
    lift.end();
    const putBack = lift.put();
    say(words().saving ?? "");
    this.sending = true;
    const url = element.querySelector("a").getAttribute("href") + "place/";
    const outcome = await send(url, values, { onDone: () => this.changes.now(), onRefused: () => this.returnTo(element) });
    this.sending = false;
    if (outcome === "done") say(lift.told);
    else putBack();
    if (outcome === "failed") this.returnTo(element);
  }

  returnTo(element) {
    const link = element.querySelector("a");
    (link.isConnected ? link : document.getElementById(link.id))?.focus();
    this.changes.now();
  }

  /** One tap on a card, and Undo in a toast: done here, so that the day stays where it is. */
  onSubmit = (event) => {
    const form = event.target;
    const isStep = form.id === "visit-step";
    const isUndo = Boolean(form.closest("#toasts")) && form.method === "post";
    if (!isStep && !isUndo) return;
    event.preventDefault();
    const { submitter } = event;
    if (submitter?.disabled) return;
    if (submitter) submitter.disabled = true;
    const url = isStep ? submitter.formAction : form.action;
    if (isUndo) form.closest("[data-toast]")?.remove();
    const again = () => {
      if (submitter) submitter.disabled = false;
      this.changes.now();
    };
    send(url, isStep ? { status: submitter.value } : {}, { onDone: again, onRefused: again });
  };
}

class DayNow extends HTMLElement {
  connectedCallback() {
    this.timer = window.setInterval(this.move, CLOCK_MILLISECONDS);
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
