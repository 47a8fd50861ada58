/** A tablet that clients share: it waits for a form, asks who stopped whether they are still there, and forgets them. */
const POLL_MS = 3000;

/** Where the desk wants the tablet: a path, "" for nowhere, null when it cannot be asked now. */
async function wanted(next) {
  try {
    const answer = await fetch(next, { headers: { Accept: 'application/json', 'X-Background': '1' } });
    if (!answer.ok) return location.reload();
    return (await answer.json()).path;
  } catch {
    return null;
  }
}

function forget() {
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      globalThis[name].clear();
    } catch { /* a browser that keeps nothing has nothing to forget */ }
  }
}

customElements.define('kiosk-neutral', class extends HTMLElement {
  connectedCallback() {
    forget();
    this.timer = setInterval(async () => {
      const path = await wanted(this.dataset.next);
      if (path) location.replace(path);
    }, POLL_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }
});

customElements.define('kiosk-turn', class extends HTMLElement {
  connectedCallback() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.form = this.querySelector('form');
    this.dialog = this.querySelector('dialog');
    this.left = this.querySelector('[data-left]');
    this.touch();
    for (const type of ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove']) {
      addEventListener(type, () => this.dialog.open || this.touch(), { capture: true, passive: true, signal });
    }
    this.querySelector('[data-stay]').addEventListener('click', () => this.stay());
    this.dialog.addEventListener('close', () => this.touch());
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.end(false);
    });
    addEventListener('pageshow', (event) => event.persisted && location.reload(), { signal });
    document.addEventListener('visibilitychange', () => this.tick(), { signal });
    this.ticking = setInterval(() => this.tick(), 1000);
    this.polling = setInterval(() => this.follow(), POLL_MS);
  }

  disconnectedCallback() {
    this.leaving.abort();
    clearInterval(this.ticking);
    clearInterval(this.polling);
  }

  touch() {
    this.since = Date.now();
  }

  stay() {
    this.dialog.close();
  }

  seconds(name) {
    return Number(this.dataset[`${name}Seconds`]);
  }

  /** By the clock and not by counting: a tablet that slept goes on where the time is. */
  tick() {
    const quiet = (Date.now() - this.since) / 1000;
    if (this.dataset.returnSeconds !== undefined) {
      if (quiet >= this.seconds('return')) this.end(false);
      return;
    }
    const left = this.seconds('idle') + this.seconds('grace') - quiet;
    if (left <= 0) this.end(true);
    else if (left <= this.seconds('grace')) {
      if (!this.dialog.open) this.dialog.showModal();
      this.left.textContent = Math.ceil(left);
    }
  }

  /** Another form was sent, or the turn has ended: this one's page goes. */
  async follow() {
    if (this.dataset.returnSeconds !== undefined || this.isEnding) return;
    const path = await wanted(this.dataset.next);
    if (typeof path === 'string' && path !== this.dataset.path && !this.isEnding) location.replace(this.dataset.home);
  }

  async end(isIdle) {
    if (this.isEnding) return;
    this.isEnding = true;
    this.disconnectedCallback();
    document.getElementById('main').hidden = true; // whatever happens, nobody reads on
    forget();
    const body = new FormData(this.form);
    if (isIdle) body.set('idle', '1');
    for (;;) {
      try {
        await fetch(this.form.action, { method: 'POST', body });
        return location.replace(this.dataset.home);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 5000));
      }
    }
  }
});
