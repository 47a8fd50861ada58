import assert from "node:assert/strict";
import { test } from "node:test";

import { changedParts, meaning, mixed, partsOf, pick, recovery, rowsOf } from "../../treatments/static/treatments/js/draft-parts.js";

test("a table is compared by what its rows say, whatever their numbers, and empty rows say nothing", () => {
  const one = "points-TOTAL_FORMS=3&points-0-code=psoas&points-0-side=right&points-2-code=&points-2-side=none";
  const other = "points-TOTAL_FORMS=9&points-0-code=&points-0-side=right&points-7-code=psoas&points-7-side=right";
  assert.deepEqual(changedParts(one, other), []);
  assert.deepEqual(changedParts(one, other.replace("psoas", "piriformis")), ["points"]);
  assert.equal(rowsOf(partsOf(one).get("points")).length, 1);
});

test("an empty box and one that was not sent mean the same", () => {
  assert.deepEqual(changedParts("plan=&pain_now=3", "pain_now=3"), []);
  assert.equal(meaning(undefined), meaning([["plan", ""]]));
});

test("only the parts that changed are sent, and all of a table with them", () => {
  const body = "version=7&plan=Walk&rom-a=1&rom-b=&points-0-code=psoas";
  assert.equal(pick(body, ["rom", "plan"]), "plan=Walk&rom-a=1&rom-b=");
  assert.equal(mixed(body, "rom-a=2", ["rom"]), "version=7&plan=Walk&points-0-code=psoas&rom-a=2");
});

const kept = { base: "plan=&assessment=A&pain_now=", body: "plan=Walk&assessment=A&pain_now=4", attempt: null };

test("what the note still says as it was typed over is put back by itself", () => {
  assert.deepEqual(recovery(kept, "plan=&assessment=Other&pain_now="), { restore: ["plan", "pain_now"], disputed: [] });
});

test("what was written elsewhere meanwhile is for somebody to choose, and what arrived is neither", () => {
  assert.deepEqual(recovery(kept, "plan=Swim&assessment=A&pain_now=4"), { restore: [], disputed: ["plan"] });
});

test("what was sent and never answered is our own when the note says it", () => {
  const typedOn = { base: "plan=", attempt: { body: "plan=Wa" }, body: "plan=Walk" };
  assert.deepEqual(recovery(typedOn, "plan=Wa"), { restore: ["plan"], disputed: [] });
});
