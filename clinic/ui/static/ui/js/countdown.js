/** A countdown that can be held: pure, the clock is passed in as milliseconds. */
export class Countdown {
  constructor(duration, now) {
    this.left = duration;
    this.since = now;
    this.held = false;
  }

  hold(now) {
    if (this.held) return;
    this.left -= now - this.since;
    this.held = true;
  }

  release(now) {
    if (!this.held) return;
    this.since = now;
    this.held = false;
  }

  /** Milliseconds still to go; never below 0. */
  remaining(now) {
    return Math.max(0, this.held ? this.left : this.left - (now - this.since));
  }
}
