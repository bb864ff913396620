// The page that verifies a proof: shows what the statement says, then asks whether its number is revoked, and no more.
import { NotAsMade, readFigures, verified } from "./statement.js";

const main = document.getElementById("proof");
const keys = JSON.parse(main.dataset.keys);
const words = JSON.parse(main.dataset.words);
const [verdict, revoked, statement, scanned] = ["verdict", "revoked", "statement", "scanned"].map((id) =>
  document.getElementById(id),
);
const STATES = {
  valid: ["good", "没有作废。"],
  revoked: ["refused", "这份证明已经作废，不能作为凭据。"],
  expired: ["refused", "这份证明已过有效期。"],
  unknown: ["refused", "登记库没有这个编号的证明。"],
};
const UNASKED = ["", "没有连上登记库，是否已作废未核对；请联网后再核验一次。"];
let asked = 0;

async function check(text) {
  const turn = ++asked;
  statement.hidden = revoked.hidden = true;
  if (!globalThis.crypto?.subtle) return tell(verdict, "refused", "请用 https 打开这一页，再核验。");
  try {
    const found = await verified(readFigures(text), keys);
    if (turn === asked) await show(found, turn);
  } catch (problem) {
    if (turn !== asked) return;
    tell(verdict, "refused", problem instanceof NotAsMade ? `不合格：${problem.message}。` : "核验没有完成；请换一个浏览器再试。");
  }
}

async function show(found, turn) {
  draw(found);
  if (new Date() > found.expiresAt) return tell(verdict, "refused", "签名是真的，但证明已过有效期。");
  tell(verdict, "good", "合格：由登记库出具，内容没有改动。请与纸面和本人证件核对。");
  const [look, says] = await stateOf(found.number);
  if (turn === asked) tell(revoked, look, says);
}

async function stateOf(number) {
  try {
    const answer = await fetch(main.dataset.state + encodeURIComponent(number), { credentials: "omit" });
    return STATES[(await answer.json()).state] ?? UNASKED;
  } catch {
    return UNASKED;
  }
}

function draw(found) {
  const list = element("dl");
  const lines = [
    ["编号", found.number],
    ["姓名", found.name],
    ["号码末四位", found.lastFour],
    ["记载截至", day(found.issuedAt)],
    ["有效期至", day(found.expiresAt)],
  ];
  for (const [label, value] of lines) list.append(element("dt", label), element("dd", value));
  statement.replaceChildren(element("h2", "证明的内容"), list, covers(found));
  if (found.leftOut) statement.append(element("p", `另有 ${found.leftOut} 条参保记录未写入二维码，见纸面。`, "nothing"));
  statement.append(element("p", "只说明当日的记载；此后有变动的，证明不因此作废。", "nothing"));
  statement.hidden = false;
}

function covers(found) {
  if (!found.covers.length) return element("p", "没有参保记录。", "nothing");
  const table = element("table");
  table.append(row("th", ["险种", "缴费", "待遇", "参保地", "时间"]), ...found.covers.map((one) => row("td", cells(one))));
  const wide = element("div", "", "wide");
  wide.append(table);
  return wide;
}

function cells(one) {
  const since = String(one.since || "");
  return [
    words.types[one.type] ?? String(one.type),
    words.states.contrib_status[one.paid] ?? "—",
    words.states.benefit_status[one.drawn] ?? "—",
    (words.places[one.place] ?? String(one.place || "—")) + (one.away ? "（异地）" : ""),
    since ? `${since.slice(0, 4)}年${Number(since.slice(4))}月` : "—",
  ];
}

function row(kind, values) {
  const made = element("tr");
  made.append(...values.map((value) => element(kind, value)));
  return made;
}

function element(kind, text = "", look = "") {
  const made = document.createElement(kind);
  made.textContent = text;
  if (look) made.className = look;
  return made;
}

function tell(where, look, text) {
  where.className = `said ${look}`.trim();
  where.textContent = text;
  where.hidden = false;
}

const day = (moment) => moment.toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "long" });

const fromAddress = () => location.hash.length > 1 && check(location.hash);
document.getElementById("check").addEventListener("click", () => check(scanned.value));
addEventListener("hashchange", fromAddress);
fromAddress();
