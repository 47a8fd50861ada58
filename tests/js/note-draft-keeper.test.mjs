import assert from "node:assert/strict";
import { test } from "node:test";

import { DraftKeeper, PAUSE_MS, RETRY_MS, verdict } from "../../treatments/static/treatments/js/draft-keeper.js";

/** A form, a server, a device and a clock that tests move. */
function desk({ answers = [] } = {}) {
  const made = { text: "plan=", sent: [], kept: null, states: [], due: null };
  const clock = {
    now: () => 0,
    set: (run, ms) => {
      made.due = { run, ms };
      return made.due;
    },
    clear: (id) => {
      if (made.due === id) made.due = null;
    },
  };
  const store = {
    get: () => made.kept,
    set: (value) => {
      made.kept = value;
    },
    remove: () => {
      made.kept = null;
    },
  };
  const send = async ({ fields, version, ...more }) => {
    made.sent.push({ body: fields, version });
    made.more = more;
    const answer = answers.shift() ?? { status: 200, body: { version: version + 1, errors: {} } };
    if (answer === "cut") throw new TypeError("network");
    return typeof answer === "function" ? answer() : answer;
  };
  const onState = (state, detail) => made.states.push([state, detail]);
  made.keeper = new DraftKeeper({ read: () => made.text, send, store, onState, version: 7, clock });
  made.type = (text) => {
    made.text = text;
    made.keeper.touch();
  };
  made.pass = async () => {
    const { due } = made;
    made.due = null;
    await due?.run();
  };
  return made;
}

test("what is typed is sent three seconds after the last key, over the version it was typed on", async () => {
  const made = desk();
  made.type("plan=Walk");
  made.type("plan=Walk+more");
  assert.equal(made.due.ms, PAUSE_MS);
  await made.pass();
  assert.deepEqual(made.sent, [{ body: "plan=Walk+more", version: 7 }]);
  assert.equal(made.keeper.version, 8);
  assert.equal(made.keeper.state, "saved");
});

test("text is kept on the device until the server has it, and not a moment longer", async () => {
  const made = desk();
  made.type("plan=Walk");
  assert.equal(made.kept.body, "plan=Walk");
  await made.pass();
  assert.equal(made.kept, null);
});

test("nothing is sent when nothing was typed", async () => {
  const made = desk();
  await made.keeper.flush();
  made.type("plan=Walk");
  made.type("plan=");
  await made.keeper.flush();
  assert.deepEqual(made.sent, []);
  assert.equal(made.kept, null);
});

test("what is typed while a save is on its way is sent next, over the new version", async () => {
  const made = desk({
    answers: [
      () => {
        made.text = "plan=Walk+and+swim";
        made.keeper.touch();
        return { status: 200, body: { version: 8, errors: {} } };
      },
    ],
  });
  made.type("plan=Walk");
  await made.pass();
  assert.equal(made.kept.body, "plan=Walk+and+swim");
  await made.pass();
  assert.deepEqual(made.sent.map((one) => one.version), [7, 8]);
  assert.equal(made.kept, null);
});

test("without a network the text stays on the device and is tried again by itself", async () => {
  const made = desk({ answers: ["cut", { status: 502 }] });
  made.type("plan=Walk");
  await made.pass();
  assert.equal(made.keeper.state, "offline");
  assert.equal(made.due.ms, RETRY_MS);
  await made.pass();
  assert.equal(made.kept.body, "plan=Walk");
  await made.pass();
  assert.equal(made.keeper.state, "saved");
  assert.equal(made.kept, null);
});

test("a lost session keeps the text and waits for the person to sign in", async () => {
  const made = desk({ answers: [{ status: 401 }] });
  made.type("plan=Walk");
  await made.pass();
  assert.equal(made.keeper.state, "signed-out");
  assert.equal(made.due, null);
  await made.keeper.retry();
  assert.equal(made.keeper.state, "saved");
  assert.equal(made.sent.length, 2);
});

test("after a conflict the server keeps this text beside the note, and what is typed later too", async () => {
  const aside = { status: 412, body: { code: "stale-version", details: { is_set_aside: true } } };
  const made = desk({ answers: [aside, aside] });
  made.type("plan=Walk");
  await made.pass();
  assert.equal(made.keeper.state, "conflict");
  assert.equal(made.kept, null, "the server has it");
  assert.equal(made.due, null);
  made.type("plan=Walk+on");
  assert.equal(made.kept.body, "plan=Walk+on");
  await made.pass();
  assert.deepEqual(made.sent[1], { body: "plan=Walk+on", version: 7 });
  assert.deepEqual(made.more.settles, true);
  assert.equal(made.kept, null);
  made.type("plan=");
  await made.pass();
  assert.equal(made.keeper.state, "saved", "nothing differs any more");
});

test("text typed over a note that was signed meanwhile is kept beside it", async () => {
  const signed = { status: 409, body: { code: "note-signed", details: { is_set_aside: true } } };
  const made = desk({ answers: [signed] });
  made.type("plan=Walk");
  await made.pass();
  assert.equal(made.keeper.state, "signed");
  assert.equal(made.kept, null);
});

test("what may have arrived is sent once more as it was, before what was typed since", async () => {
  const made = desk({ answers: ["cut"] });
  made.type("plan=Walk");
  await made.pass();
  made.type("plan=Walk+on");
  assert.deepEqual(made.kept.attempt.body, "plan=Walk", "a killed tab knows what it sent");
  await made.pass();
  assert.deepEqual(made.sent.slice(1), [{ body: "plan=Walk", version: 7 }, { body: "plan=Walk+on", version: 8 }]);
  assert.equal(made.keeper.state, "saved");
  assert.equal(made.kept, null);
});

test("who types without a pause is saved within three seconds of the first key", async () => {
  const made = desk();
  made.type("plan=W");
  const { due } = made;
  made.type("plan=Wa");
  assert.equal(made.due, due);
});

test("a refused address waits longer each time, and as long as the server says", async () => {
  const made = desk({ answers: [{ status: 503 }, { status: 503 }, { status: 429, wait: 7000 }] });
  made.type("plan=Walk");
  const waits = [];
  for (let turn = 0; turn < 3; turn += 1) {
    await made.pass();
    waits.push(made.due.ms);
  }
  assert.deepEqual(waits, [RETRY_MS, 2 * RETRY_MS, 7000]);
});

test("a part the server did not take stays on the device and goes with the next save", async () => {
  const made = desk({ answers: [{ status: 200, body: { version: 8, errors: {}, unsaved: ["dose"] } }] });
  made.type("plan=Walk&dose-sets=3");
  await made.pass();
  assert.equal(made.keeper.state, "saved");
  assert.equal(made.kept.body, "plan=Walk&dose-sets=3");
  assert.equal(made.due, null, "not again and again");
  made.type("plan=Walk+on&dose-sets=3");
  await made.pass();
  assert.equal(made.sent[1].body, "plan=Walk+on&dose-sets=3");
});

test("parts another device saved are shown where nothing was typed, and compared where something was", async () => {
  const merged = { status: 200, body: { version: 9, errors: {}, is_merged: true } };
  const made = desk({ answers: [merged] });
  made.type("plan=Walk");
  await made.pass();
  assert.equal(made.keeper.version, 7, "this page does not show all of version 9 yet");
  made.type("plan=Walk&objective=Mine");
  assert.deepEqual(made.keeper.rebase("plan=Old", 8), [], "read before the save");
  assert.deepEqual(made.keeper.rebase("plan=Walk&assessment=Theirs&objective=Theirs", 9), ["assessment"]);
  assert.equal(made.keeper.version, 7, "objective was typed over what it was then");
  made.text = "plan=Walk&objective=Mine&assessment=Theirs";
  await made.pass();
  assert.deepEqual(made.sent[1], { body: "objective=Mine", version: 7 });
  assert.deepEqual(made.more.base, "");
  assert.deepEqual(made.keeper.rebase("plan=Walk&assessment=New&objective=Mine", 10), ["assessment"]);
  assert.equal(made.keeper.version, 10);
});

test("boxes the server could not read stay on the device while the rest is saved", async () => {
  const made = desk({ answers: [{ status: 200, body: { version: 8, errors: { "rom-hip-flexion-right": "too much" }, unsaved: ["rom"] } }] });
  made.type("rom=720");
  await made.pass();
  assert.equal(made.keeper.state, "invalid");
  assert.equal(made.kept.body, "rom=720");
});

test("a button's form goes once all has arrived, and waits when it has not", async () => {
  const made = desk({ answers: [{ status: 200, body: { version: 8, errors: {} } }, "cut", { status: 401 }] });
  made.type("plan=Walk");
  assert.equal(await made.keeper.leave(), true);
  made.type("plan=Walk+on");
  assert.equal(await made.keeper.leave(), false);
  assert.equal(await made.keeper.leave(), false);
  assert.equal(made.keeper.state, "signed-out");
  assert.equal(made.kept.body, "plan=Walk+on");
});

test("answers are read for what they mean", () => {
  assert.equal(verdict({ status: 200 }), "saved");
  assert.equal(verdict({ status: 200, redirected: true }), "signed-out");
  assert.equal(verdict({ status: 403, code: "form-expired" }), "signed-out");
  assert.equal(verdict({ status: 403, code: "not-allowed" }), "refused");
  assert.equal(verdict({ status: 409 }), "refused");
  assert.equal(verdict({ status: 409, code: "note-signed" }), "signed");
  assert.equal(verdict({ status: 429 }), "offline");
  assert.equal(verdict({ status: 503 }), "offline");
});
