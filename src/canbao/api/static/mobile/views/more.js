/** How the app looks and behaves on this phone; the PIN; locking; where the backup is. */

import { html, button, facts, icon, page, part, tiles } from "../drawing.js";
import { isChosen, pad, proved } from "./pad.js";
import * as store from "../store.js";

const TYPES = [
  ["normal", "标准"],
  ["large", "大字"],
];
const THEMES = [
  ["auto", "随手机"],
  ["light", "浅色"],
  ["dark", "深色"],
];
const HANDS = [
  ["right", "右手"],
  ["left", "左手"],
];
const DELAYS = [15, 30, 60, 120, 300];

/** Settings. */
export const more = {
  tab: "more",
  load: async (app) => ({ officer: app.state.identity.officer }),
  draw(app, { officer }) {
    const { preferences } = app.state;
    const choice = (name, legend, options) =>
      tiles({
        name,
        legend,
        options,
        small: true,
        value: preferences[name],
        act: (value) => app.prefer({ [name]: value }),
      });
    return page(app, {
      title: "更多",
      body: html`
        ${part(
          "调查员",
          facts([
            ["姓名", officer.name],
            ["调查证", officer.card],
            ["有效期至", officer.valid_to],
            ["负责", officer.place_name],
          ]),
          button({ label: "现在锁屏", icon: "lock", kind: "main", act: app.lock }),
        )}
        ${part("显示", choice("type", "字号", TYPES), choice("theme", "深浅", THEMES), choice("hand", "常用哪只手", HANDS))}
        ${part(
          "锁屏",
          tiles({
            name: "lock",
            legend: "多久不动就锁屏",
            small: true,
            options: delays(app),
            value: String(lockNow(app)),
            act: (value) => app.prefer({ lock: Number(value) }),
          }),
          button({ label: "更改 PIN", act: () => app.go("newPin") }),
        )}
        ${part(
          "备份",
          html`<p>手机可能摔坏、丢失。把没有上传的登记存成一个加密文件，在同一位调查员的手机上可以恢复。</p>`,
          html`<ul class="rows"><li><button type="button" class="row" onClick=${() => app.go("backup")}><span class="grow"><span class="name">备份和恢复</span></span>${icon("next")}</button></li></ul>`,
        )}`,
    });
  },
};

function delays(app) {
  const most = app.state.limits.lock_seconds;
  const allowed = DELAYS.filter((one) => one < most).concat(most);
  return allowed.map((one) => [String(one), one < 60 ? `${one} 秒` : `${one / 60} 分钟`]);
}

function lockNow(app) {
  return Math.min(app.state.preferences.lock || app.state.limits.lock_seconds, app.state.limits.lock_seconds);
}

const STEPS = { old: "输入现在的 PIN", first: "设一个新的 PIN", second: "再输入一次新的 PIN" };

/** Another PIN: the old one, then the new one twice. */
export const newPin = {
  load: async (app) => ({ old: "", first: "", pin: "", fault: "", digits: app.state.limits.pin_digits }),
  draw: (app, data) =>
    page(app, {
      title: "更改 PIN",
      body: html`<p class="lead">${STEPS[stepOf(data)]}</p>
        ${pad(app, data, { label: STEPS[stepOf(data)], digits: data.digits, done: (pin) => entered(app, data, pin) })}`,
    }),
};

function stepOf({ old, first }) {
  if (!old) return "old";
  return first ? "second" : "first";
}

async function entered(app, data, pin) {
  if (!data.old) data.old = pin;
  else if (isChosen(data, pin, data.digits)) return change(app, data, pin);
  return app.draw();
}

async function change(app, data, pin) {
  const isDone = await app.run("正在更改……", () => changed(app, data, pin));
  if (!isDone) return;
  app.say("PIN 已更改。");
  await app.back();
}

/** Whoever entered a wrong PIN begins with it again. */
async function changed(app, data, pin) {
  const isDone = await proved(app, data, () => store.changePin(data.old, pin));
  if (data.fault) Object.assign(data, { old: "", first: "" });
  return isDone;
}
