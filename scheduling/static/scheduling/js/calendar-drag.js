/** Cards under a mouse, a pen or a finger. A finger holds still first: otherwise it scrolls. */
import { columnAt, scrollSpeed } from "./calendar-places.js";
import { Lift } from "./calendar-lift.js";

const EDGE = 9;
const EDGE_OF_A_FINGER = 18;
const SLOP = 4;
const SLOP_OF_A_FINGER = 9;
const LONG_PRESS = 380;

export class Dragging {
  /** @param {HTMLElement & {canLift(): boolean, drop(lift: Lift): void, lifted(lift: Lift | null): void}} calendar */
  constructor(calendar) {
    this.calendar = calendar;
    this.stop = new AbortController();
    const options = { signal: this.stop.signal };
    calendar.addEventListener("pointerdown", this.onDown, options);
    calendar.addEventListener("dragstart", (event) => event.preventDefault(), options);
    calendar.addEventListener("click", this.onClick, { ...options, capture: true });
    calendar.addEventListener("contextmenu", this.onMenu, options);
    // Not passive: once a card is picked up, the finger must not scroll.
    calendar.addEventListener("touchmove", this.onTouch, { ...options, passive: false });
    window.addEventListener("keydown", this.onKey, { ...options, capture: true });
  }

  disconnect() {
    this.cancel();
    this.stop.abort();
  }

  onDown = (event) => {
    const element = event.target.closest(".appt[data-can]");
    if (!element || event.button !== 0 || !event.isPrimary || event.target.closest("button") || !this.calendar.canLift()) return;
    const isFinger = event.pointerType === "touch";
    const box = element.getBoundingClientRect();
    const isEdge = box.bottom - event.clientY <= Math.min(isFinger ? EDGE_OF_A_FINGER : EDGE, box.height / 3);
    if (!isEdge && !element.dataset.can.includes("move")) return;
    this.press = { element, isFinger, kind: isEdge ? "stretch" : "move", x: event.clientX, y: event.clientY, grip: event.clientY - box.top, id: event.pointerId };
    this.at = { x: event.clientX, y: event.clientY };
    this.moves = new AbortController();
    const options = { signal: this.moves.signal };
    window.addEventListener("pointermove", this.onMove, options);
    window.addEventListener("pointerup", this.onUp, options);
    window.addEventListener("pointercancel", this.cancel, options);
    window.addEventListener("blur", this.cancel, options);
    if (isFinger) this.waiting = setTimeout(() => this.begin(), LONG_PRESS);
  };

  onMove = (event) => {
    if (event.pointerId !== this.press?.id) return;
    this.at = { x: event.clientX, y: event.clientY };
    if (this.lift) return;
    const { x, y, isFinger } = this.press;
    const far = Math.hypot(event.clientX - x, event.clientY - y);
    if (isFinger && far > SLOP_OF_A_FINGER) this.cancel();
    else if (!isFinger && far > SLOP) this.begin();
  };

  begin() {
    const { element, kind, isFinger } = this.press;
    const grid = element.closest(".day-grid");
    if (!grid) return this.cancel();
    this.lift = new Lift(grid, element, kind);
    this.calendar.lifted(this.lift);
    if (isFinger) navigator.vibrate?.(12);
    const box = this.calendar.getBoundingClientRect();
    const corner = grid.getBoundingClientRect();
    this.frame = {
      box,
      left: corner.left + this.calendar.scrollLeft,
      top: corner.top + this.calendar.scrollTop,
      isPaged: this.calendar.scrollHeight <= this.calendar.clientHeight,
      pageTop: window.scrollY,
    };
    this.tick();
  }

  /** Once a frame, however often the pointer reports. Reads what scrolls, writes one transform. */
  tick = () => {
    if (!this.lift) return;
    const { calendar, frame, at } = this;
    const down = scrollSpeed(frame.box.bottom - at.y) - scrollSpeed(at.y - frame.box.top - 50);
    const across = scrollSpeed(frame.box.right - at.x) - scrollSpeed(at.x - frame.box.left - 52);
    const scrolled = { left: calendar.scrollLeft, top: calendar.scrollTop };
    if (down && this.wasMoved) calendar.scrollTop = scrolled.top + down;
    if (across && this.wasMoved && this.lift.kind === "move") calendar.scrollLeft = scrolled.left + across;
    this.wasMoved ||= Math.hypot(at.x - this.press.x, at.y - this.press.y) > SLOP;
    const x = at.x - frame.left + scrolled.left;
    const y = at.y - frame.top + scrolled.top + (window.scrollY - frame.pageTop);
    this.lift.dragTo(columnAt(this.lift.size.lefts, x), y, this.press.grip);
    this.next = requestAnimationFrame(this.tick);
  };

  onUp = (event) => {
    if (event.pointerId !== this.press?.id) return;
    const { lift } = this;
    this.at = { x: event.clientX, y: event.clientY };
    if (lift) {
      this.tick();
      this.swallow = performance.now();
    }
    this.finish();
    if (lift) this.calendar.drop(lift);
  };

  cancel = () => {
    const { lift } = this;
    this.finish();
    lift?.end();
    if (lift) this.calendar.lifted(null);
  };

  finish() {
    clearTimeout(this.waiting);
    cancelAnimationFrame(this.next);
    this.moves?.abort();
    this.press = this.lift = null;
    this.wasMoved = false;
  }

  /** Letting go of a card is no click on it. */
  onClick = (event) => {
    if (!this.swallow || performance.now() - this.swallow > 300) return;
    this.swallow = 0;
    event.preventDefault();
    event.stopPropagation();
  };

  onMenu = (event) => {
    if (this.press?.isFinger) event.preventDefault();
  };

  onTouch = (event) => {
    if (this.lift && event.cancelable) event.preventDefault();
  };

  onKey = (event) => {
    if (event.key !== "Escape" || !this.lift) return;
    event.preventDefault();
    event.stopPropagation();
    this.cancel();
  };
}
