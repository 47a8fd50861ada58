/** What others do appears by itself: a cheap question every two seconds, and the grid anew when the answer differs. */

const ASK_MILLISECONDS = 2_000;
const LONGEST_PAUSE = 30_000;
// Minutes of waiting, alerts and time off change without a visit being touched.
const ANEW_MILLISECONDS = 60_000;

/** How long to wait before asking again: twice as long after each failure, as usual after an answer. */
export function pauseAfter(failures) {
  return Math.min(ASK_MILLISECONDS * 2 ** failures, LONGEST_PAUSE);
}

export class Changes {
  constructor(calendar) {
    this.calendar = calendar;
    this.failures = 0;
    this.drawnAt = performance.now();
    this.stop = new AbortController();
    const options = { signal: this.stop.signal };
    document.addEventListener("visibilitychange", this.onVisible, options);
    document.addEventListener("signed-in", () => this.plan(0), options);
    this.plan(ASK_MILLISECONDS);
  }

  disconnect() {
    clearTimeout(this.timer);
    this.stop.abort();
  }

  plan(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.ask, pause);
  }

  onVisible = () => {
    if (!document.hidden) this.plan(0);
  };

  ask = async () => {
    if (document.hidden || !this.calendar.isConnected) return; // becoming visible asks again
    const stamp = this.calendar.querySelector(".day-grid")?.dataset.stamp ?? "";
    const url = `${this.calendar.dataset.changes}&stamp=${encodeURIComponent(stamp)}`;
    try {
      const response = await fetch(url, { headers: { "X-Background": "1" }, signal: AbortSignal.timeout(8_000) });
      if (response.status === 401) {
        document.dispatchEvent(new CustomEvent("signed-out"));
        return;
      }
      this.failures = response.ok ? 0 : this.failures + 1;
      if (response.status === 200 || performance.now() - this.drawnAt > ANEW_MILLISECONDS) this.now();
    } catch {
      this.failures += 1;
    }
    this.plan(pauseAfter(this.failures));
  };

  /** Draw the day anew, unless somebody holds a card: then as soon as it is put down. */
  now() {
    if (this.calendar.lift) {
      this.isBehind = true;
      return;
    }
    this.isBehind = false;
    this.drawnAt = performance.now();
    document.body.dispatchEvent(new Event("calendar-changed"));
  }

  catchUp() {
    if (this.isBehind) this.now();
  }
}
