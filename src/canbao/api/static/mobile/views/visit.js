/** An attempt that came to nothing, or an appointment: how, what came of it, when next, and where it was. */

import { html, button, line, lines, page, tiles } from "../drawing.js";
import * as work from "../work.js";
import { dayAfter, dayWord } from "./words.js";

const FIXED_POINT = "8";
const PATIENCE = 15000;

/** A visit to one person. */
export const visit = {
  async load(app, { id }) {
    const task = await work.required(id);
    const data = {
      task,
      today: await work.today(),
      way: "1",
      outcome: "",
      next: "",
      note: "",
      place: null,
      placing: "",
    };
    if (app.state.preferences.position) locate(app, data);
    return data;
  },
  draw(app, data) {
    const { law } = app.state;
    const set = (name) => (value) => changed(app, data, name, value);
    return page(app, {
      title: "记一次走访",
      under: data.task.person.name,
      body: html`<section class="part">
        ${tiles({ name: "way", legend: "调查方式", options: choices(law, "survey_way"), value: data.way, act: set("way") })}
        ${tiles({ name: "outcome", legend: "结果", options: outcomes(law), value: data.outcome, act: set("outcome") })}
        <p class="quiet">见到本人并问完的，请直接填登记表，不用记在这里。</p>
        ${tiles({ name: "next", legend: "再约哪天", small: true, options: days(data.today), value: data.next, act: set("next") })}
        ${line({ id: "other-day", label: "或选一天", value: data.next, change: set("next"), more: { type: "date", min: data.today } })}
        ${lines({ id: "note", label: "备注", value: data.note, longest: 200, type: set("note") })}
        <p class="quiet">写清楚情况就好，例如“邻居说在外打工，春节回来”。不要写身份证号码。</p>
        ${placeOf(app, data)}
      </section>`,
      actions: button({ label: "保存走访", kind: "main", off: !data.outcome, act: () => kept(app, data) }),
    });
  },
};

function choices(law, list) {
  return law.codes[list].map((one) => [one.code, one.label]);
}

function outcomes(law) {
  const allowed = [...law.survey.failed_outcomes, FIXED_POINT];
  return choices(law, "survey_outcome").filter(([code]) => allowed.includes(code));
}

function days(today) {
  const next = [0, 1, 2, 3, 7].map((days) => dayAfter(today, days));
  return [["", "不约"], ...next.map((day) => [day, dayWord(day, today)])];
}

function changed(app, data, name, value) {
  data[name] = value;
  app.draw();
}

/** What is known of the position, and that it is sent along. */
function placeOf(app, data) {
  const isOn = app.state.preferences.position;
  const label = isOn ? "这次不记位置" : "记下位置";
  return html`<div class="field"><p class="label">位置</p>
    <p class="quiet" role="status">${isOn ? data.placing : "不记位置。"}</p>
    ${button({ label, kind: "link", act: () => flip(app, data) })}
  </div>`;
}

async function flip(app, data) {
  const isOn = !app.state.preferences.position;
  data.place = null;
  await app.prefer({ position: isOn });
  if (isOn) locate(app, data);
}

function locate(app, data) {
  const told = (placing, place = null) => {
    Object.assign(data, { placing, place });
    if (app.state.data === data) app.draw();
  };
  data.placing = "正在取位置……";
  if (!navigator.geolocation) return told("这部手机取不到位置，不影响登记。");
  return navigator.geolocation.getCurrentPosition(
    ({ coords }) =>
      told(`已取得位置（误差约 ${Math.round(coords.accuracy)} 米），随这次走访上传，只用来说明到过现场。`, coords),
    (problem) => told(problem.code === 1 ? "没有允许取位置，不影响登记。" : "没有取到位置，不影响登记。"),
    { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60000 },
  );
}

async function kept(app, data) {
  const { way, outcome, next, note, place } = data;
  const position =
    app.state.preferences.position && place
      ? { latitude: place.latitude, longitude: place.longitude }
      : { latitude: null, longitude: null };
  const attempt = { way, outcome, next_on: next || null, note: note.trim(), ...position, is_position_faked: false };
  const isDone = await app.run("正在保存……", () => work.visit(data.task.id, attempt));
  if (!isDone) return;
  await app.refresh();
  app.say("走访已记下。");
  await app.back();
  app.syncNow(false);
}
