/** Online booking: the own clock beside the location's, and how long a time is still kept. Without this, the text says it. */
import { Countdown } from "../../ui/js/countdown.js";
import { isSameClock, minutesAndSeconds, ownTime } from "./own-zone.js";

/** `<own-zone data-zone data-same data-other>`: says whether the device shows the same time; if not, puts its own beside each. */
class OwnZone extends HTMLElement {
  connectedCallback() {
    const zone = this.dataset.zone;
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const times = [...document.querySelectorAll(".times button time, .visit-time > time")];
    const instants = times.map((time) => new Date(time.dateTime));
    if (!own || instants.length === 0) return;
    this.hidden = false;
    if (isSameClock(instants, zone, own)) {
      this.textContent = this.dataset.same;
      return;
    }
    this.textContent = this.dataset.other.replace("{zone}", own.replaceAll("_", " "));
    times.forEach((time, index) => {
      if (time.nextElementSibling?.matches("[data-own]")) return;
      const beside = document.createElement("small");
      beside.dataset.own = "";
      beside.textContent = `(${ownTime(instants[index], zone, own, document.documentElement.lang)})`;
      time.after(beside);
    });
  }
}

/** `<hold-clock data-seconds data-left data-over>`: counts down by the device's own ticking, whatever its clock says. */
class HoldClock extends HTMLElement {
  connectedCallback() {
    this.countdown = new Countdown(Number(this.dataset.seconds) * 1000, performance.now());
    this.timer = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const left = this.countdown.remaining(performance.now());
    this.textContent = left > 0 ? this.dataset.left.replace("{time}", minutesAndSeconds(left / 1000)) : this.dataset.over;
    if (left > 0) return;
    clearInterval(this.timer);
    this.setAttribute("role", "status");
  }
}

customElements.define("own-zone", OwnZone);
customElements.define("hold-clock", HoldClock);
