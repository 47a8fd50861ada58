/** Reads a calendar on standard input as ical.js does, and writes what it understood as JSON. */
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf8')));
const events = calendar.getAllSubcomponents('vevent').map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    sequence: event.sequence,
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    summary: event.summary,
    location: event.location,
    status: component.getFirstPropertyValue('status'),
  };
});
process.stdout.write(JSON.stringify({ name: calendar.getFirstPropertyValue('name'), events }));
