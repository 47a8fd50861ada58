/** Snippets typed as ";lbp": what stands before the caret, what it becomes. No DOM. */

/** The short word that is being typed: {start, word} of ";lbp" before the caret, or null. A ";" inside a word is none. */
export function typedWord(text, caret) {
  const found = /(?:^|[\s(])(;([\p{L}\p{N}_-]{0,30}))$/u.exec(text.slice(0, caret));
  return found ? { start: caret - found[1].length, word: found[2] } : null;
}

/** Snippets whose short word begins so, then those whose title has it; one's own before everybody's. */
export function matching(snippets, word, most = 8) {
  const wanted = word.toLocaleLowerCase();
  const begins = snippets.filter((snippet) => snippet.shortcut.toLocaleLowerCase().startsWith(wanted));
  const titled = snippets.filter((s) => !begins.includes(s) && s.title.toLocaleLowerCase().includes(wanted));
  return [...begins, ...(wanted ? titled : [])].slice(0, most);
}

/** The snippet of exactly this word; one's own hides everybody's. */
export function exact(snippets, word) {
  const same = snippets.filter((snippet) => snippet.shortcut.toLocaleLowerCase() === word.toLocaleLowerCase());
  return same.find((snippet) => snippet.own) ?? same[0] ?? null;
}

/**
 * A snippet's text with {side}, {pain} and the like filled in. What is not known becomes "…". The caret goes to "|",
 * else to the first "…", else to the end.
 */
export function filled(text, values) {
  let caret = -1;
  let out = "";
  for (const part of text.split(/(\{[a-z_]+\}|\|)/u)) {
    if (part === "|") {
      if (caret < 0) caret = out.length;
    } else if (/^\{[a-z_]+\}$/u.test(part)) {
      const name = part.slice(1, -1);
      out += name in values ? values[name] || "…" : part;
    } else {
      out += part;
    }
  }
  const gap = out.indexOf("…");
  if (caret < 0) caret = gap >= 0 ? gap : out.length;
  return { text: out, caret, selected: out[caret] === "…" ? 1 : 0 };
}

/**
 * The text with ";word" replaced, and where the selection goes: {text, from, to}. The space that ended the word stays
 * where one writes on behind the snippet.
 */
export function expanded(text, { start, end, isSpaced = false }, snippet, values) {
  const inserted = filled(snippet.text, values);
  const goesOn = isSpaced && inserted.caret === inserted.text.length && !/\s$/.test(inserted.text);
  if (goesOn) {
    inserted.text += " ";
    inserted.caret += 1;
  }
  return {
    text: text.slice(0, start) + inserted.text + text.slice(end),
    from: start + inserted.caret,
    to: start + inserted.caret + inserted.selected,
  };
}
