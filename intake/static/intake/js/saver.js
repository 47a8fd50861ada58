/**
 * Saves what changed, one request at a time, and tries again until it went through. Without the DOM.
 * @typedef {{send: () => Promise<any>, onSaved: (answer: any) => void, onFailed: () => void,
 *   later?: (run: () => void, milliseconds: number) => any, never?: (timer: any) => void}} Ways
 */
const LONGEST_WAIT = 30000;

export class Saver {
  /** @param {Ways} ways */
  constructor({
    send, onSaved, onFailed,
    later = (run, pause) => setTimeout(run, pause), never = (timer) => clearTimeout(timer),
  }) {
    Object.assign(this, { send, onSaved, onFailed, later, never });
    this.isDirty = false;
    this.isSending = false;
    this.isStopped = false;
    this.failures = 0;
    this.timer = null;
  }

  /** Something changed: save after a pause. */
  touch(pause) {
    this.isDirty = true;
    this.plan(pause);
  }

  /** Save now what is not saved. */
  flush() {
    if (this.isDirty) this.plan(0);
  }

  /** The form itself is being sent: nothing more to do here. */
  stop() {
    this.isStopped = true;
    this.never(this.timer);
  }

  plan(pause) {
    this.never(this.timer);
    if (!this.isStopped) this.timer = this.later(() => this.run(), pause);
  }

  async run() {
    if (this.isSending || !this.isDirty || this.isStopped) return;
    this.isSending = true;
    this.isDirty = false;
    try {
      const answer = await this.send();
      this.failures = 0;
      if (!this.isStopped) this.onSaved(answer);
    } catch {
      this.isDirty = true;
      this.failures += 1;
      if (!this.isStopped) this.onFailed();
    } finally {
      this.isSending = false;
    }
    if (this.isDirty) this.plan(this.failures ? Math.min(1000 * 2 ** this.failures, LONGEST_WAIT) : 0);
  }
}
