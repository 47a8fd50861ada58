import assert from "node:assert/strict";
import { test } from "node:test";

import { DraftKeeper, PAUSE_MS, RETRY_MS, differences, isWorthOffering, verdict } from "../../treatments/static/treatments/js/draft-keeper.js";

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
  const send = async (body, version) => {
    made.sent.push({ body, version });
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

test("a conflict is not overwritten: a person looks first, then goes on over the other version", async () => {
  const made = desk({ answers: [{ status: 412, body: { code: "stale-version", details: { version: 12, theirs: { plan: "Swim" } } } }] });
  made.type("plan=Walk");
  await made.pass();
  assert.equal(made.keeper.state, "conflict");
  made.type("plan=Walk+on");
  await made.keeper.flush();
  assert.equal(made.sent.length, 1);
  assert.equal(made.kept.body, "plan=Walk+on");
  await made.keeper.resolve(12);
  assert.deepEqual(made.sent[1], { body: "plan=Walk+on", version: 12 });
  assert.equal(made.keeper.state, "saved");
});

test("boxes the server could not read stay on the device while the rest is saved", async () => {
  const made = desk({ answers: [{ status: 200, body: { version: 8, errors: { "rom-hip-flexion-right": "too much" } } }] });
  made.type("rom=720");
  await made.pass();
  assert.equal(made.keeper.state, "invalid");
  assert.equal(made.kept.body, "rom=720");
});

test("what went off with a button is offered again only when it did not arrive", async () => {
  const made = desk();
  made.type("plan=Walk");
  await made.keeper.leave();
  assert.equal(made.due, null);
  assert.equal(isWorthOffering(made.kept, "plan=", 7), true);
  assert.equal(isWorthOffering(made.kept, "plan=", 8), false);
});

test("answers are read for what they mean", () => {
  assert.equal(verdict({ status: 200 }), "saved");
  assert.equal(verdict({ status: 200, redirected: true }), "signed-out");
  assert.equal(verdict({ status: 403, code: "form-expired" }), "signed-out");
  assert.equal(verdict({ status: 403, code: "not-allowed" }), "refused");
  assert.equal(verdict({ status: 409 }), "refused");
  assert.equal(verdict({ status: 503 }), "offline");
});

test("only text that differs from the page is offered back", () => {
  assert.equal(isWorthOffering(null, "plan=", 7), false);
  assert.equal(isWorthOffering({ body: "plan=", version: 7 }, "plan=", 7), false);
  assert.equal(isWorthOffering({ body: "plan=Walk", version: 7 }, "plan=", 7), true);
  assert.equal(isWorthOffering({ body: "plan=Walk&points-1-side=none", version: 7 }, "plan=Walk", 7), false);
  assert.deepEqual(differences("plan=&version=1&a=1", "plan=Walk&version=2&a=1"), [["plan", "", "Walk"]]);
});
