/**
 * Trigger points on the map: a tap places one, a second tap says where it refers to. The rows beside the map are the form;
 * this draws what they hold and fills them in.
 */
import { arrowPath, contains, outlinesOf, shapeOf } from "../../intake/js/body-map-geometry.js";
import { shapesAt } from "../../intake/js/body-map-shapes.js";
import { discRadius, lyingIn, readSpot, regionAt, sideOf, writeSpot } from "./trigger-points-math.js";
import { addRow } from "./note-rows.js";

const SVG = "http://www.w3.org/2000/svg";

function draw(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const json = (id) => JSON.parse(document.getElementById(id).textContent);

export function installTriggerPoints(editor) {
  const block = editor.querySelector('[data-rows="points"]');
  if (block?.querySelector("[data-points-map]")) new TriggerPoints(block).begin(editor);
}

class TriggerPoints {
  constructor(block) {
    this.block = block;
    this.map = block.querySelector("[data-points-map]");
    this.svg = this.map.querySelector("svg");
    this.hint = this.map.querySelector("[data-hint]");
    this.crops = json("points-crops");
    this.middles = json("points-middles");
    this.earlier = json("points-earlier");
    this.liesIn = json("points-lies-in");
    this.view = this.map.dataset.view;
    this.crop = "hip";
    this.armed = null; // {row, how}: what the next tap is for
  }

  async begin(editor) {
    // At the editor, after its rows: a row that a click adds is there when it is to be placed.
    editor.addEventListener("click", (event) => this.block.contains(event.target) && this.onClick(event));
    this.block.addEventListener("change", (event) => this.onChange(event));
    this.block.addEventListener("input", () => this.paint());
    new ResizeObserver(() => this.paint()).observe(this.svg);
    new MutationObserver(() => this.paint()).observe(this.block.querySelector("[data-rows-body]"), { childList: true });
    this.shapes = await shapesAt(this.map.dataset.sprite);
    this.map.dataset.live = "";
    this.map.querySelector("[data-map-tools]").hidden = false;
    if (this.rows().some((row) => this.spotOf(row)?.to || this.box(row, "refers_to").value)) this.crop = "leg";
    this.show();
  }

  /** Rows in use; the empty one for pages without a script does not count. */
  rows() {
    return [...this.block.querySelectorAll("[data-rows-body] > [data-row]:not(.row-extra)")];
  }

  box(row, name) {
    return row.querySelector(`[name$="-${name}"]`);
  }

  spotOf(row) {
    return readSpot(this.box(row, "spot").value);
  }

  onClick(event) {
    const button = event.target.closest("button");
    const row = event.target.closest("[data-row]");
    if (button?.dataset.mapView) this.show({ view: button.dataset.mapView });
    else if (button?.dataset.mapCrop) this.show({ crop: button.dataset.mapCrop });
    else if (button?.dataset.point) this.arm(row, button.dataset.point);
    else if (button?.dataset.addRow !== undefined) this.arm(this.rows().at(-1), "place");
    else if (event.target.closest("svg") === this.svg) this.tap(event);
  }

  /** The next tap on the map is for this row. Where it refers to may lie further down: the whole leg is shown. */
  arm(row, how) {
    this.armed = { row, how: how === "refer" && this.spotOf(row) ? "refer" : "place" };
    this.show({ view: this.spotOf(row)?.view, crop: this.armed.how === "refer" ? "leg" : this.crop });
  }

  tap(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const key = regionAt(this.shapes.get(this.view), point, { contains, outlinesOf });
    if (!key) return;
    if (this.armed?.how === "refer" && this.armed.row.isConnected) this.refer(this.armed.row, point, key);
    else this.place(this.armed?.row.isConnected ? this.armed.row : this.rowForTap(), point, key);
    this.armed = null;
    this.show();
  }

  rowForTap() {
    return this.rows().find((row) => !this.box(row, "code").value && !this.spotOf(row)) ?? addRow(this.block);
  }

  place(row, point, key) {
    const before = this.spotOf(row);
    const to = before?.view === this.view ? before.to : undefined;
    this.box(row, "spot").value = writeSpot({ view: this.view, x: point.x, y: point.y, to });
    this.box(row, "place").value = key;
    this.takeSide(row, key);
    this.order(row, key);
    this.tell(row);
    this.box(row, "code").focus({ preventScroll: true });
  }

  /** Both taps on one view give an arrow to the very point; on another view, the region alone. */
  refer(row, point, key) {
    const spot = this.spotOf(row);
    const to = spot.view === this.view ? { x: point.x, y: point.y } : undefined;
    this.box(row, "spot").value = writeSpot({ ...spot, to });
    this.box(row, "refers_to").value = key;
    this.tell(row);
  }

  takeSide(row, key) {
    const side = sideOf(key);
    if (side !== "none") row.querySelector(`[name$="-side"][value="${side}"]`).checked = true;
  }

  /** Structures that lie in the place stand first in the list, without leaving the others out. */
  order(row, key) {
    const select = this.box(row, "code");
    const chosen = select.value;
    const blank = this.block.querySelector("[data-rows-blank]").content.querySelector('[name$="-code"]').cloneNode(true);
    const options = [...blank.options];
    const here = new Set(lyingIn(key, options.map((option) => option.value), this.liesIn));
    if (here.size) {
      const group = document.createElement("optgroup");
      group.label = this.map.dataset.here;
      group.append(...options.filter((option) => here.has(option.value)));
      blank.options[0].after(group);
    }
    select.replaceChildren(...blank.children);
    select.value = chosen;
  }

  /** A list says the same as a tap would: the middle of a region, or an arrow to it. */
  onChange(event) {
    const row = event.target.closest("[data-row]");
    const name = /-(place|refers_to)$/.exec(event.target.name)?.[1];
    if (!row || !name || !this.shapes) return;
    const key = event.target.value;
    const spot = this.spotOf(row);
    if (name === "refers_to") {
      if (spot) this.box(row, "spot").value = writeSpot({ ...spot, to: undefined });
    } else {
      const found = key && this.middle(key);
      this.box(row, "spot").value = found ? writeSpot(found) : "";
      this.takeSide(row, key);
      this.order(row, key);
      if (found) this.show({ view: found.view });
    }
    this.paint();
  }

  /** The middle of a region on the view that shows most of it. */
  middle(key) {
    let best = null;
    for (const [view, shapes] of this.shapes) {
      const path = shapes.find(([name]) => name === key)?.[1];
      if (!path) continue;
      const { anchor, box } = shapeOf(path);
      if (!best || box.width * box.height > best.size) best = { view, x: anchor.x, y: anchor.y, size: box.width * box.height };
    }
    return best;
  }

  tell(row) {
    this.box(row, "code").dispatchEvent(new Event("input", { bubbles: true }));
  }

  show({ view, crop } = {}) {
    if (view && this.crops[view]) this.view = view;
    if (crop) this.crop = crop;
    for (const use of this.svg.querySelectorAll("use")) {
      use.setAttribute("href", use.getAttribute("href").replace(/#(front|back|left|right|soles)-/, `#${this.view}-`));
    }
    this.svg.setAttribute("viewBox", this.crops[this.view][this.crop].join(" "));
    for (const button of this.map.querySelectorAll("button")) {
      const isOn = button.dataset.mapView === this.view || button.dataset.mapCrop === this.crop;
      if (isOn) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    this.paint();
  }

  paint() {
    const rows = this.rows();
    this.say(rows);
    rows.forEach((row, index) => this.head(row, index + 1));
    if (!this.shapes) return;
    const [, , width, height] = this.crops[this.view][this.crop];
    const { clientWidth, clientHeight } = this.svg;
    const radius = discRadius({ width, height }, { width: clientWidth, height: clientHeight });
    const spots = rows.map((row, index) => ({ row, number: index + 1, spot: this.spotOf(row) }));
    const here = spots.filter(({ spot }) => spot?.view === this.view);
    this.svg.querySelector('[data-part="marks"]').replaceChildren(
      ...this.earlier.filter(([view]) => view === this.view).map(([, x, y]) => draw("circle", { class: "point-before", cx: x, cy: y, r: radius })),
      ...here.flatMap((each) => this.arrow(each, radius)),
      ...here.map((each) => this.point(each, radius)),
    );
  }

  arrow({ row, spot }, radius) {
    const key = this.box(row, "refers_to").value;
    const path = this.shapes.get(this.view).find(([name]) => name === key)?.[1];
    const end = spot.to ?? (path && shapeOf(path).anchor);
    return end ? [draw("path", { class: "spread", d: arrowPath(spot, end, this.middles[this.view], radius * 1.3) })] : [];
  }

  point({ row, number, spot }, radius) {
    const text = draw("text", { "font-size": radius * 1.25 });
    text.textContent = number;
    const group = draw("g", { class: "point", transform: `translate(${spot.x} ${spot.y})` }, draw("circle", { r: radius }), text);
    if (this.box(row, "reproduces").checked) group.setAttribute("data-own", "");
    if (this.armed?.row === row) group.setAttribute("aria-current", "true");
    return group;
  }

  /** The number of a row, its tools, and whether it stands on the map. */
  head(row, number) {
    const badge = row.querySelector("[data-point-number]");
    if (badge.textContent !== String(number)) badge.textContent = number;
    badge.toggleAttribute("data-own", this.box(row, "reproduces").checked);
    row.querySelector("[data-point-tools]").hidden = !this.shapes;
    row.querySelector('[data-point="refer"]').disabled = !this.spotOf(row);
    row.toggleAttribute("data-armed", this.armed?.row === row);
  }

  say(rows) {
    const { placeOf, refer, place } = this.map.dataset;
    const number = this.armed ? rows.indexOf(this.armed.row) + 1 : 0;
    const words = !number ? place : (this.armed.how === "refer" ? refer : placeOf).replace("#", number);
    this.hint.hidden = !this.shapes;
    if (this.hint.textContent !== words) this.hint.textContent = words;
  }
}
