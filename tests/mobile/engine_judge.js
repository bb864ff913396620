/** What the tests ask of the engine: one function a batch, each from JSON to JSON. */

import { Day, holds, itemsOf, recordOf } from "/engine/conditions.js";
import { anniversary, attained, cutOff, readDay } from "/engine/days.js";
import { wouldBe } from "/engine/derived.js";
import { readAnswers, withReasons } from "/engine/form.js";
import { after, openMoves } from "/engine/moves.js";
import { decide, decideAll } from "/engine/tables.js";
import { normaliseText } from "/engine/text.js";

/** Items whose days come as {day: ISO}. */
function itemsWithDays(tagged) {
  return Object.fromEntries(
    Object.entries(tagged).map(([name, value]) => [name, value && value.day ? new Day(value.day) : value])
  );
}

function plain(items) {
  return Object.fromEntries(
    Object.entries(items).map(([name, value]) => [name, value instanceof Day ? value.iso : value])
  );
}

export const batches = {
  characters: ([text]) => [Array.from(text, (one) => normaliseText(`a${one}b`)).join("\n")],

  texts: (given) => given.map(normaliseText),

  days: (given) => given.map(readDay),

  ages: (given) =>
    given.map(([birth, years, on]) => [anniversary(birth, years), attained(birth, years, on), cutOff(on)]),

  conditions: (given) =>
    given.map(([condition, items, asOf, qualities]) =>
      holds(condition, recordOf(itemsWithDays(items), asOf, qualities))
    ),

  tables: ({ law, records }) =>
    records.map(([table, profile, items, asOf, qualities]) =>
      decide(law.tables[table], profile, recordOf(itemsOf(items, law.fields), asOf, qualities))
    ),

  persons: ({ law, records }) =>
    records.map(([profile, items, asOf, qualities]) => {
      const judged = decideAll(law, profile, recordOf(itemsOf(items, law.fields), asOf, qualities));
      return { items: plain(judged.items), decisions: judged.decisions };
    }),

  forms: (given) =>
    given.flatMap(({ form, sheets }) =>
      sheets.map(([written, facts, asOf, reasons]) => {
        const reading = readAnswers(form, written, facts, asOf);
        const asked = Array.from(reading.asked).sort();
        return { ...reading, asked, unexplained: withReasons(reading.found, reasons) };
      })
    ),

  derived: ({ law, people }) =>
    people.map(([person, answers, today]) => wouldBe(law, person, answers, today)),

  moves: (given) =>
    given.map(([flow, state, move]) => [openMoves(flow, state).map((one) => one.id), moved(flow, state, move)]),
};

function moved(flow, state, move) {
  try {
    return after(flow, state, move);
  } catch (problem) {
    return problem.message;
  }
}
