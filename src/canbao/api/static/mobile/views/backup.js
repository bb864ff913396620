/** A sealed copy of what has not gone up: saved as a file, restored on the same surveyor's phone. */

import { html, button, icon, notice, page, part } from "../drawing.js";
import { pad, proved } from "./pad.js";
import * as backups from "../backup.js";
import * as work from "../work.js";

const ASKED = {
  save: { title: "做一份备份", label: "输入您的 PIN", busy: "正在加密，约需几秒……" },
  restore: { title: "恢复备份", label: "输入做这份备份时的 PIN", busy: "正在解密，约需几秒……" },
};

/** Saving and restoring a backup. */
export const backup = {
  load: async (app) => ({
    asked: "",
    address: "",
    name: "",
    file: null,
    pin: "",
    fault: "",
    digits: app.state.limits.pin_digits,
  }),
  draw: (app, data) => (data.asked ? proving(app, data) : choosing(app, data)),
};

function choosing(app, data) {
  return page(app, {
    title: "备份和恢复",
    body: html`
      ${part(
        "备份",
        html`<p>把草稿、照片和还没有上传的登记存成一个加密文件。换了 PIN 以后，这个文件仍用现在的 PIN 打开。</p>
        <p class="quiet">文件不要交给别人；PIN 越长越安全。全部上传以后，把文件删掉。</p>`,
        button({ label: "做一份备份", kind: "main", act: () => ask(app, data, "save") }),
        html`<div aria-live="polite">${data.address && ready(data)}</div>`,
      )}
      ${part("恢复", html`<p>选一个以前存下的备份文件。只有同一位调查员的才能恢复；这里已有的不会丢，同一项操作不会交两次。</p>`, chooser(app, data))}`,
  });
}

function ready({ address, name }) {
  const link = html`<a class="button plain" href=${address} download=${name}>${icon("good")}<span>存到手机里</span></a>`;
  return notice("good", "备份做好了，请存到手机的“下载”里，再抄一份到别处。", link);
}

function chooser(app, data) {
  return html`<label class="button plain file"><span>选择备份文件</span>
    <input type="file" aria-label="选择备份文件" onChange=${(event) => chosen(app, data, event.target.files[0])} />
  </label>`;
}

function chosen(app, data, file) {
  if (!file) return;
  data.file = file;
  ask(app, data, "restore");
}

function ask(app, data, asked) {
  Object.assign(data, { asked, pin: "", fault: "" });
  app.draw();
}

function proving(app, data) {
  const { title, label } = ASKED[data.asked];
  return page(app, {
    title,
    body: html`<p class="lead">${label}</p>
      ${pad(app, data, { label, digits: data.digits, done: (pin) => done(app, data, pin) })}`,
    actions: button({ label: "不做了", act: () => ask(app, data, "") }),
  });
}

async function done(app, data, pin) {
  const { asked } = data;
  const found = await app.run(ASKED[asked].busy, () =>
    proved(app, data, () => (asked === "save" ? backups.save(pin) : backups.restore(data.file, pin))),
  );
  if (!found) return;
  data.asked = "";
  await (asked === "save" ? saved(app, data, found) : restored(app, found));
}

async function saved(app, data, blob) {
  if (data.address) URL.revokeObjectURL(data.address);
  Object.assign(data, { address: URL.createObjectURL(blob), name: `canbao-${await work.today()}.backup` });
  app.draw();
}

async function restored(app, { actions, drafts, pictures }) {
  await app.refresh();
  await app.go("line");
  app.say(`已恢复：登记和走访 ${actions} 项，草稿 ${drafts} 份，照片 ${pictures} 张。`);
}
