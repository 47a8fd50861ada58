import assert from "node:assert/strict";
import test from "node:test";
import { isSameClock, minutesAndSeconds, offsetMinutes, ownTime } from "../../scheduling/static/scheduling/js/own-zone.js";

const noon = new Date("2026-03-17T12:00:00Z");

test("the offset of a zone is that of the instant, half hours and clock changes included", () => {
  assert.equal(offsetMinutes(noon, "Europe/Berlin"), 60);
  assert.equal(offsetMinutes(new Date("2026-03-29T01:00:00Z"), "Europe/Berlin"), 120);
  assert.equal(offsetMinutes(noon, "Asia/Kathmandu"), 345);
  assert.equal(offsetMinutes(new Date("2026-04-04T16:00:00Z"), "Australia/Lord_Howe"), 630);
  assert.equal(offsetMinutes(noon, "America/Phoenix"), -420);
});

test("two zones are alike when their clocks are at every time shown", () => {
  const later = new Date("2026-03-27T12:00:00Z");
  assert.ok(isSameClock([noon, later], "Europe/Berlin", "Europe/Paris"));
  assert.ok(!isSameClock([noon, new Date("2026-07-01T12:00:00Z")], "America/Denver", "America/Phoenix"));
});

test("an own time names its weekday only where it is another day", () => {
  assert.equal(ownTime(noon, "Europe/Berlin", "Europe/London", "en"), "12:00");
  assert.equal(ownTime(noon, "Europe/Berlin", "Pacific/Auckland", "en"), "Wed 01:00");
});

test("what is left of a hold is told in minutes and seconds, and never below nothing", () => {
  assert.equal(minutesAndSeconds(599.2), "10:00");
  assert.equal(minutesAndSeconds(65), "1:05");
  assert.equal(minutesAndSeconds(-3), "0:00");
});
