/** The locked app: a pad, how many tries are left, and what the server says of this phone. Nobody's name is here. */

import { html, button, notice, page, part } from "../drawing.js";
import { pad, proved } from "./pad.js";
import * as store from "../store.js";
import * as work from "../work.js";

/** Enter the PIN. */
export const lock = {
  async load(app) {
    const limits = await store.plain("limits");
    app.askStanding();
    return { pin: "", fault: "", digits: limits ? limits.pin_digits : 6, waiting: await store.unsent() };
  },
  draw: (app, data) =>
    page(app, {
      title: "请输入 PIN",
      body: html`
        ${app.state.standing && notice("warn", app.state.standing)}
        ${data.waiting > 0 && notice("note", `${data.waiting} 项待上传，打开后联网上传。`)}
        ${pad(app, data, { label: "PIN", digits: data.digits, done: (pin) => unlocked(app, data, pin) })}
        <p class="center">${button({ label: "忘记 PIN", act: () => app.go("forgotten"), kind: "link" })}</p>`,
    }),
};

async function unlocked(app, data, pin) {
  const isOpen = await app.run("正在打开……", () => proved(app, data, () => store.unlock(pin)));
  if (isOpen) await app.opened();
}

/** What can be done if the PIN is forgotten. */
export const forgotten = {
  load: async () => ({ waiting: await store.unsent(), isSure: false }),
  draw: (app, data) =>
    page(app, {
      title: "忘记 PIN",
      body: html`
        ${part(
          "PIN 不能找回",
          html`<p>资料是用 PIN 加密的，没有人能替您打开，服务器上也没有它。</p>
          <p>只能清空这部手机，再用账号和换机码重新绑定。换机码向街道（乡镇）经办人要。</p>`,
        )}
        ${data.waiting ? notice("bad", `这部手机里还有 ${data.waiting} 项没有上传，清空就没有了。先想一想 PIN，或用以前存的备份。`) : notice("note", "没有等着上传的操作；已上传的草稿，绑定后会取回来。")}
        ${data.isSure && notice("warn", "真的清空吗？清空以后不能恢复。")}`,
      actions: button({
        label: data.isSure ? "确定清空" : "清空这部手机",
        kind: "danger",
        act: () => (data.isSure ? cleared(app) : asked(app, data)),
      }),
    }),
};

function asked(app, data) {
  data.isSure = true;
  app.draw();
}

async function cleared(app) {
  const isDone = await app.run("正在清空……", () => store.empty());
  if (isDone) await app.emptied("这部手机已经清空。请重新绑定。");
}

/** The phone was without the server for longer than it may be: it has to be asked before anybody is shown. */
export const alone = {
  load: () => work.daysAlone(),
  draw: (app, { days, most }) =>
    page(app, {
      title: "请先联网",
      body: html`${notice("warn", `这部手机已经 ${days} 天没有联系服务器，最多 ${most} 天。联网同步一次就能打开；已记下的都还在。`)}`,
      actions: button({
        label: app.state.syncing === "asked" ? "正在联系……" : "联网同步",
        kind: "main",
        off: app.state.syncing === "asked",
        act: () => app.syncNow(true),
      }),
    }),
};
