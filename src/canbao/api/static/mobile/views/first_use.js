/** The first use: what this is, binding the phone to its surveyor, choosing a PIN, and what the browser promises. */

import { html, button, facts, line, notice, page, part } from "../drawing.js";
import { isChosen, pad } from "./pad.js";
import * as store from "../store.js";
import * as sync from "../sync.js";

/** What this is, and what is needed to begin. */
export const welcome = {
  load: async (app, { says }) => ({ says, wasEvicted: await store.wasEvicted() }),
  draw: (app, data) =>
    page(app, {
      title: "参保登记调查",
      under: "调查员的手机登记本",
      body: html`
        ${data.says && notice("warn", data.says)}
        ${data.wasEvicted && notice("bad", "手机的浏览器清理了存储空间，原来的资料不在了。已上传的都在服务器上；请用换机码重新绑定，未交的草稿会取回来。")}
        ${part(
          "开始之前",
          html`<ul class="plainlist">
          <li>要有网络，只在这一次。绑定以后，没有信号也能登记。</li>
          <li>手边备好：系统账号和密码、手机验证器上的六位数字。</li>
          <li>换过手机的，先向街道（乡镇）经办人要一个换机码。</li>
          <li>一部手机只能由一位调查员使用。</li>
        </ul>`,
        )}
        ${part("您的责任", html`<p>手机里会有居民的个人信息，都加了密，只有您的 PIN 能打开。不要截屏，不要把 PIN 告诉别人；手机丢了，马上报告街道经办人，由他注销这部手机。</p>`)}`,
      actions: button({ label: "开始绑定", act: () => app.go("bind"), kind: "main", icon: "phone" }),
    }),
};

/** Account, password and second factor; with a permit if another phone was bound before. */
export const bind = {
  load: async () => ({ account: "", password: "", token: "", permit: "" }),
  draw(app, data) {
    const typed = (name) => (text) => Object.assign(data, { [name]: text });
    return page(app, {
      title: "绑定这部手机",
      body: html`<form onSubmit=${(event) => submitted(event, () => bound(app, data))} id="bind" autocomplete="off">
        ${line({ id: "account", label: "账号", value: data.account, type: typed("account"), more: { autocapitalize: "none", spellcheck: false } })}
        ${line({ id: "password", label: "密码", value: data.password, type: typed("password"), more: { type: "password" } })}
        ${line({ id: "token", label: "验证器上的六位数字", hint: "试用系统不用填。", value: data.token, type: typed("token"), more: { inputmode: "numeric", maxlength: 6 } })}
        ${line({ id: "permit", label: "换机码", hint: "换手机的才填；向街道（乡镇）经办人要，只能用一次。", value: data.permit, type: typed("permit"), more: { autocapitalize: "characters", spellcheck: false } })}
        <button type="submit" class="unseen" tabindex="-1" aria-hidden="true">绑定</button>
      </form>`,
      actions: button({ label: "绑定", act: () => bound(app, data), kind: "main" }),
    });
  },
};

function submitted(event, act) {
  event.preventDefault();
  act();
}

async function bound(app, data) {
  if (!data.account.trim() || !data.password) return app.say("请填写账号和密码");
  const { account, password, token, permit } = data;
  const said = { account: account.trim(), password, token: token.trim(), permit: permit.trim(), label: phoneName() };
  const identity = await app.run("正在绑定……", () => sync.bind(said));
  return identity && app.begin("choosePin", { identity });
}

/** What the browser says of the phone's make: for the office, which sees several. */
function phoneName() {
  const found = /Android[^;)]*; ([^;)]+)/.exec(navigator.userAgent);
  return (found ? found[1].replace(/ Build.*/, "") : navigator.platform || "").slice(0, 40);
}

/** A PIN, twice. */
export const choosePin = {
  load: async (app, { identity }) => ({ identity, pin: "", first: "", fault: "" }),
  draw(app, data) {
    const { identity, first } = data;
    const digits = identity.limits.pin_digits;
    const label = first ? "再输入一次" : `设一个 PIN，${digits} 至 12 位数字`;
    return page(app, {
      title: "设置 PIN",
      under: `${identity.officer.name}，已绑定。请不要关闭，还差这一步。`,
      body: html`<p class="lead">${label}</p>
        <p class="quiet">每次打开都要用。不要用生日、手机号和连续的数字。忘记了不能找回，只能清空手机后重新绑定。</p>
        ${pad(app, data, { label, digits, done: (pin) => chosen(app, data, pin) })}`,
    });
  },
};

async function chosen(app, data, pin) {
  if (!isChosen(data, pin, data.identity.limits.pin_digits)) return app.draw();
  data.first = "";
  const isDone = await app.run("正在加密存储……", () => store.create(pin, data.identity));
  return isDone && app.begin("agree", { identity: data.identity });
}

/** What the browser promises about keeping, and the first download. */
export const agree = {
  load: async (app, { identity }) => ({ identity, isPersisted: await store.plain("persisted") }),
  draw: (app, { identity, isPersisted }) =>
    page(app, {
      title: "可以用了",
      under: identity.officer.place_name,
      body: html`
        ${facts([
          ["姓名", identity.officer.name],
          ["调查证", identity.officer.card],
          ["有效期至", identity.officer.valid_to],
        ])}
        ${identity.replaced && notice("note", "原来的手机已经停用，它里面没有上传的会交给审核人处理。")}
        ${isPersisted ? notice("good", "浏览器答应长期保存本机资料。") : notStored()}
        ${part(
          "接下来",
          html`<p>下载您的名单、登记表和调查指南。大约几百 KB，之后没有网络也能用。</p>
          <p>请用浏览器菜单里的“添加到主屏幕”，以后从桌面打开。</p>`,
        )}`,
      actions: button({ label: "下载名单", act: () => firstDownload(app), kind: "main", icon: "line" }),
    }),
};

/**
 * What is said if the browser has not promised to keep what it stores.
 */
export function notStored() {
  return notice(
    "warn",
    html`<strong>浏览器没有答应长期保存。</strong>手机空间不足时，它可能清掉还没有上传的登记。请把本应用添加到主屏幕、手机留足空间，并且每天至少同步一次。`,
  );
}

async function firstDownload(app) {
  const isDone = await app.run("正在下载……", () => sync.sync({}));
  if (isDone) await app.opened();
}
