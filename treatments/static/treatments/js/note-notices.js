/** What the editor says above the form about where its text is. Words are data attributes of <note-editor>. */
export class NoteNotices {
  constructor(editor) {
    this.words = editor.dataset;
    this.area = editor.querySelector("[data-notice]");
    this.line = document.getElementById("save-state");
    this.topic = "";
  }

  /** One notice at a time; what is said about `topic` is said once. */
  say(topic, text, ...parts) {
    if (topic === this.topic && this.area.dataset.text === text) return;
    this.topic = topic;
    this.area.dataset.text = text;
    const line = document.createElement("p");
    line.textContent = text;
    this.area.replaceChildren(line, ...parts);
    this.area.hidden = false;
  }

  hush(...topics) {
    if (!topics.includes(this.topic)) return;
    this.topic = "";
    delete this.area.dataset.text;
    this.area.replaceChildren();
    this.area.hidden = true;
  }

  button(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.size = "small";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  link(label, url) {
    const link = document.createElement("a");
    link.className = "button";
    link.dataset.size = "small";
    link.href = url;
    link.textContent = label;
    return link;
  }

  /** The one line in the head of the page. */
  state(state, { saved = "" } = {}) {
    const { words } = this;
    const said = { dirty: words.dirty, saving: words.saving, offline: words.offline, invalid: words.invalid };
    const others = { conflict: words.aside, signed: words.aside, refused: words.refused, "signed-out": words.signedOut };
    this.line.dataset.state = state;
    const text = state === "saved" ? saved && `${words.saved} ${saved}` : (said[state] ?? others[state]);
    if (text) this.line.querySelector("span").textContent = text.replace(/:$/, "");
  }
}

/** "{at}" and the like in a translated sentence. */
export const worded = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
