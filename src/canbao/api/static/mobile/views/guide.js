/** The guide for those who go from door to door: chapters, pages, words to say, and questions to test oneself. */

import { html, button, facts, icon, notice, page, part, tiles } from "../drawing.js";

const MOST_FOUND = 30;

/** All chapters, and a search through them. */
export const guide = {
  tab: "guide",
  load: async (app) => ({ text: app.params().text || "" }),
  leave: async (app, { text }) => void (app.params().text = text),
  draw: (app, data) =>
    page(app, {
      title: "调查指南",
      body: html`
        <div class="search" role="search">${icon("search")}<input type="search" aria-label="在指南里查找" placeholder="在指南里查找"
          value=${data.text} onInput=${(event) => sought(app, data, event.target.value)} /></div>
        ${data.text.trim() ? results(app, data.text.trim()) : chapters(app)}`,
    }),
};

function sought(app, data, text) {
  data.text = text;
  app.draw();
}

function chaptersOf(app) {
  return (app.state.law || {}).guide || [];
}

function chapters(app) {
  const all = chaptersOf(app);
  if (!all.length) return notice("note", "指南还没有下载，请联网同步一次。");
  return html`<ul class="rows">${all.map((one) => link(app, one.title, one.about, { id: one.id }))}</ul>`;
}

function link(app, title, about, params) {
  return html`<li key=${`${params.id}/${params.page || ""}`}><button type="button" class="row" onClick=${() => app.go("chapter", params)}>
    <span class="grow"><span class="name">${title}</span><span class="where">${about}</span></span>${icon("next")}
  </button></li>`;
}

function results(app, text) {
  const found = chaptersOf(app).flatMap((chapter) =>
    chapter.pages.map((one) => [chapter, one, wordsOf(one).find((words) => words.includes(text))]),
  );
  const hits = found.filter(([, , words]) => words).slice(0, MOST_FOUND);
  return html`<p class="quiet" role="status">${hits.length ? `找到 ${hits.length} 页` : "没有找到，换一个词试试"}</p>
    <ul class="rows">${hits.map(([chapter, one, words]) => link(app, one.title, `${chapter.title}：${around(words, text)}`, { id: chapter.id, page: one.id }))}</ul>`;
}

/** All that a part of the guide says. */
function wordsOf(part) {
  if (typeof part === "string") return [part];
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    ["id", "kind", "codes", "code", "field"].includes(name) ? [] : wordsOf(value),
  );
}

function around(words, text) {
  const at = words.indexOf(text);
  const from = Math.max(0, at - 12);
  return `${from ? "…" : ""}${words.slice(from, at + text.length + 24)}`;
}

/** One chapter. */
export const chapter = {
  load: async (app, { id, page: place }) => ({
    one: chaptersOf(app).find((each) => each.id === id),
    place,
    chosen: {},
  }),
  shown: (app, { place }) => place && document.getElementById(`guide-${place}`).scrollIntoView(),
  draw: (app, data) =>
    page(app, {
      title: data.one.title,
      under: data.one.about,
      body: html`
        ${data.one.pages.map(
          (each) => html`<section class="part guide" id="guide-${each.id}" key=${each.id}>
          <h2>${each.title}</h2>${each.blocks.map((block) => BLOCKS[block.kind](block))}
          <p class="quiet">依据：${each.citation}</p>
        </section>`,
        )}
        ${part(
          "自测",
          data.one.tests.map((test, at) => selfTest(app, data, test, at)),
        )}`,
    }),
};

const BLOCKS = {
  paragraph: ({ text }) => html`<p>${text}</p>`,
  steps: ({ title, steps }) =>
    html`${titled(title)}<ol>${steps.map((one) => html`<li><b>${one.title}</b>　${one.do}${details(one)}</li>`)}</ol>`,
  question: ({ ask, answer, whom }) =>
    html`<h3>问：${ask}</h3><p>${answer}${whom && html`<br /><span class="quiet">问谁：${whom}</span>`}</p>`,
  words: ({ when, say, never, why }) => html`<h3>${when}</h3>
    ${say.map((one) => notice("good", html`<span class="unseen">可以说：</span>“${one}”`))}
    ${never.map((one) => notice("bad", html`<b>不要说</b>　“${one}”`))}${why && html`<p class="quiet">${why}</p>`}`,
  checklist: ({ title, items, never }) =>
    html`<h3>${never ? "不要：" : ""}${title}</h3><ul>${items.map((one) => html`<li>${one}</li>`)}</ul>`,
  items: ({ title, items }) => html`<h3>${title}</h3>${facts(items.map((one) => [one.label, one.how]))}`,
};

function titled(title) {
  return title && html`<h3>${title}</h3>`;
}

function details({ who, paper, out }) {
  const told = [who && `谁做：${who}`, paper && `用纸：${paper}`, out && `留下：${out}`].filter(Boolean);
  return told.length > 0 && html`<br /><span class="quiet">${told.join("；")}</span>`;
}

function selfTest(app, data, test, at) {
  const chosen = data.chosen[at];
  const choose = (code) => {
    data.chosen[at] = code;
    app.draw();
  };
  return html`<div class="question" key=${at}>
    ${tiles({ name: `test-${at}`, legend: test.ask, options: test.choices.map((one, number) => [String(number + 1), one]), value: chosen || "", act: choose })}
    <div aria-live="polite">${chosen && judged(test, Number(chosen))}</div>
  </div>`;
}

function judged({ right, why }, chosen) {
  return chosen === right ? notice("good", `对。${why}`) : notice("bad", `不对，应选第 ${right} 项。${why}`);
}
