/** How tall an hour is: five sizes, kept in a cookie so that the next page is drawn right at once. */

const SIZES = 5;
const YEAR_SECONDS = 365 * 24 * 3600;

export class Zoom {
  constructor(calendar) {
    this.calendar = calendar;
    for (const button of document.querySelectorAll("[data-zoom-by]")) {
      button.addEventListener("click", () => this.by(Number(button.dataset.zoomBy)));
    }
  }

  by(change) {
    const grid = this.calendar.querySelector(".day-grid");
    const now = Number(grid.dataset.zoom);
    const next = Math.min(Math.max(now + change, 1), SIZES);
    if (next === now) return;
    const middle = (this.calendar.scrollTop + this.calendar.clientHeight / 2) / this.calendar.scrollHeight;
    grid.dataset.zoom = String(next);
    this.calendar.scrollTop = middle * this.calendar.scrollHeight - this.calendar.clientHeight / 2;
    for (const output of document.querySelectorAll("[data-zoom-now]")) output.textContent = String(next);
    const isSecure = window.location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `calendar-zoom=${next}; path=/; max-age=${YEAR_SECONDS}; SameSite=Lax${isSecure}`;
  }
}
