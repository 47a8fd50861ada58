/** Snippets in a note's texts: ";" opens a list, ";lbp" with space or Tab is filled in, a button shows all of them. */
import { exact, expanded, matching, typedWord } from "./snippet-text.js";

const LIST = "snippet-list";

export function installSnippets(editor) {
  const holder = document.querySelector("[data-snippets]");
  if (!holder) return;
  new Snippets(editor, holder).install();
}

class Snippets {
  constructor(editor, holder) {
    Object.assign(this, { editor, holder, all: [], found: [], at: 0, area: null, last: null });
    this.dialog = document.getElementById("snippets");
    this.list = document.getElementById(LIST);
  }

  async install() {
    this.editor.addEventListener("input", (event) => event.target.matches("textarea") && this.look(event.target));
    this.editor.addEventListener("keydown", (event) => event.target.matches("textarea") && this.onKey(event));
    this.editor.addEventListener("focusin", (event) => {
      if (event.target.matches("textarea")) this.last = event.target;
    });
    this.editor.addEventListener("focusout", () => this.close());
    this.holder.addEventListener("click", (event) => {
      event.preventDefault();
      this.open();
    });
    this.dialog.querySelector("input").addEventListener("input", () => this.fill());
    this.dialog.addEventListener("click", (event) => this.onPick(event));
    try {
      const answer = await fetch(this.holder.dataset.snippets, { headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) this.all = (await answer.json()).snippets;
    } catch {
      this.all = []; // without a network the texts are written by hand
    }
  }

  values() {
    const box = (name) => this.editor.querySelector(`[name="${name}"]`)?.value ?? "";
    return {
      ...Object.fromEntries(Object.entries(this.dialog.dataset).filter(([name]) => name.startsWith("word")).map(([name, value]) => [snake(name), value])),
      pain: box("pain_now"),
      pain_average: box("pain_average"),
      pain_worst: box("pain_worst"),
    };
  }

  look(area) {
    const typed = typedWord(area.value, area.selectionStart);
    this.area = area;
    this.at = 0;
    this.found = typed ? matching(this.all, typed.word) : [];
    this.draw();
  }

  onKey(event) {
    const area = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typed = typedWord(area.value, area.selectionStart);
    if (!typed) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const same = exact(this.all, typed.word);
    if ([" ", "Tab"].includes(event.key) && same) this.put(area, typed, same, event.key === " ");
    else if (["Enter", "Tab"].includes(event.key) && this.found[this.at]) this.put(area, typed, this.found[this.at]);
    else if (event.key === "Escape" && this.found.length) this.close();
    else if (step && this.found.length) {
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Typed in, not set: the browser's own undo takes it back. */
  put(area, typed, snippet, isSpaced = false) {
    const caret = area.selectionStart;
    const place = { start: typed?.start ?? caret, end: caret, isSpaced };
    const next = expanded(area.value, place, snippet, this.values());
    const inserted = next.text.slice(typed?.start ?? caret, next.text.length - (area.value.length - caret));
    area.focus();
    area.setSelectionRange(typed?.start ?? caret, caret);
    if (!document.execCommand("insertText", false, inserted)) {
      area.setRangeText(inserted);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(next.from, next.to);
    this.close();
  }

  draw() {
    const { list, area } = this;
    const isOpen = this.found.length > 0;
    list.hidden = !isOpen;
    for (const each of this.editor.querySelectorAll("textarea[aria-controls]")) {
      each.removeAttribute("aria-controls");
      each.removeAttribute("aria-activedescendant");
    }
    if (!isOpen) return;
    area.setAttribute("aria-controls", LIST);
    area.setAttribute("aria-activedescendant", `snippet-${this.at}`);
    area.after(list);
    list.replaceChildren(...this.found.map((snippet, index) => this.option(snippet, index)));
    list.children[this.at].scrollIntoView({ block: "nearest" });
  }

  option(snippet, index) {
    const item = document.createElement("li");
    const [word, title] = [document.createElement("b"), document.createElement("span")];
    item.id = `snippet-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(index === this.at));
    word.textContent = `;${snippet.shortcut}`;
    title.textContent = snippet.title;
    item.append(word, " ", title);
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("click", () => this.put(this.area, typedWord(this.area.value, this.area.selectionStart), snippet));
    return item;
  }

  close() {
    this.found = [];
    this.draw();
  }

  open() {
    const box = this.dialog.querySelector("input");
    box.value = "";
    this.fill();
    this.dialog.showModal();
    box.focus();
  }

  fill() {
    const wanted = this.dialog.querySelector("input").value.trim().replace(/^;/, "");
    const blank = this.dialog.querySelector("template").content.firstElementChild;
    const rows = matching(this.all, wanted, 60).map((snippet) => {
      const row = blank.cloneNode(true);
      const button = row.querySelector("button");
      button.dataset.word = snippet.shortcut;
      button.querySelector("b").textContent = `;${snippet.shortcut}`;
      button.querySelector("span").textContent = snippet.title;
      button.querySelector("small").textContent = snippet.text;
      return row;
    });
    this.dialog.querySelector("ul").replaceChildren(...rows);
  }

  onPick(event) {
    const button = event.target.closest("button[data-word]");
    const snippet = button && exact(this.all, button.dataset.word);
    if (!snippet) return;
    this.dialog.close();
    const area = this.last ?? this.editor.querySelector("textarea");
    this.put(area, null, snippet);
  }
}

/** "wordPainBefore" of the page is {pain_before} of a snippet. */
function snake(name) {
  return name.slice(4).replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
