/** The signature on the glass, and photos of the signature page and the household book. */

import { html, button, facts, icon, page, part } from "../drawing.js";
import * as store from "../store.js";
import * as work from "../work.js";
import { Pad, scaled } from "./pixels.js";
import { size } from "./words.js";

const NAMES = { signature: "签名", signature_page: "签名页照片", household_book: "户口本照片" };

/** The pictures of one task. */
export const pictures = {
  async load(app, { id }) {
    const task = await work.required(id);
    const limits = await store.plain("limits");
    return { task, kept: [], most: limits.picture_bytes, pad: new Pad(() => app.draw()) };
  },
  draw: (app, data) =>
    page(app, {
      title: "签名和照片",
      under: data.task.person.name,
      body: html`
        ${part(
          "本人签名",
          html`
          <p class="quiet">请本人核对登记内容，在框里签名。不会写字的可以画押，并在登记表里写明。</p>
          <canvas class="pad-signature" ref=${data.pad.on} role="img" aria-label="签名的地方，请用手指写"></canvas>
          <div class="pair">
            ${button({ label: "重写", icon: "erase", act: () => data.pad.clear(), off: data.pad.isEmpty })}
            ${button({ label: "保存签名", icon: "good", act: () => signed(app, data), off: data.pad.isEmpty })}
          </div>`,
        )}
        ${part(
          "照片（可以不拍）",
          html`
          <p class="quiet">只拍要用的那一页。照片加密存在本应用里，不进相册；上传后从手机删除。</p>
          ${photo(app, data, "signature_page")} ${photo(app, data, "household_book")}`,
        )}
        ${data.kept.length > 0 && part("刚才存下的", facts(data.kept.map((one) => [NAMES[one.kind], `${size(one.bytes)}，待上传`])))}`,
      actions: button({ label: "完成", kind: "main", act: app.back }),
    }),
};

function photo(app, data, kind) {
  return html`<label class="button plain file">
    ${icon("camera")}<span>拍${NAMES[kind].replace("照片", "")}</span>
    <input type="file" accept="image/*" capture="environment" aria-label="拍${NAMES[kind].replace("照片", "")}" onChange=${(event) => taken(app, data, kind, event.target)} />
  </label>`;
}

async function taken(app, data, kind, input) {
  const [file] = input.files;
  if (!file) return;
  await app.run("正在缩小照片……", async () => keep(app, data, kind, await scaled(file, data.most)));
  input.value = "";
}

async function signed(app, data) {
  const isDone = await app.run("正在保存签名……", async () => keep(app, data, "signature", await data.pad.picture()));
  if (!isDone) return;
  data.pad.clear();
  const { pages } = app.state;
  if (app.params().isOfForm) pages[pages.length - 2].params.isSigned = true;
}

async function keep(app, data, kind, blob) {
  await work.addPicture(data.task.id, kind, blob);
  data.kept = [...data.kept, { kind, bytes: blob.size }];
  await app.refresh();
  app.say(`${NAMES[kind]}已存下。`);
}
