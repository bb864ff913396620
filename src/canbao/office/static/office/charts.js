// Draws bars into each [data-bars]: the value names the script with their data, whose numbers also stand in a table.
// [data-days] draws bars and lines by day, [data-map] colours the map that data-source serves, in the same way.
// `beyond` of a series marks the bars that are beyond their limit, `unit` is written behind each number.
"use strict";

const COLOURS = ["#a9b4c0", "#066fd1"];
const BEYOND = "#d63939";
const FONT = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif';

function bars(data) {
  return {
    animation: false,
    color: data.series.length > 1 ? COLOURS : COLOURS.slice(1),
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 48, top: data.series.length > 1 ? 32 : 8, bottom: 8, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, left: 0, itemGap: 16 } : undefined,
    xAxis: { type: "value", minInterval: 1, splitNumber: 3, axisLabel: { formatter: (value) => value.toLocaleString("zh-CN") } },
    yAxis: { type: "category", inverse: true, data: data.categories, axisTick: { show: false } },
    series: data.series.map((one) => ({
      type: "bar",
      name: one.name,
      data: one.values.map((value, place) => (one.beyond && one.beyond[place] ? { value, itemStyle: { color: BEYOND } } : value)),
      barMaxWidth: 18,
      label: { show: true, position: "right", formatter: (bar) => bar.value.toLocaleString("zh-CN") + (data.unit || "") },
    })),
  };
}

function days(data) {
  return {
    animation: false,
    color: [COLOURS[0], COLOURS[1], "#b45309"],
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemGap: 16 },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: data.categories, axisTick: { show: false } },
    yAxis: { type: "value", minInterval: 1, splitNumber: 4, axisLabel: { formatter: (value) => value.toLocaleString("zh-CN") } },
    series: data.series.map((one) => ({ type: one.type, name: one.name, data: one.values, barMaxWidth: 14, symbol: "none", lineStyle: { type: "dashed" } })),
  };
}

function map(values, outlines) {
  window.echarts.registerMap("counties", outlines);
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    visualMap: { min: 0, max: 100, left: 8, bottom: 8, text: ["100%", "0"], inRange: { color: ["#eef4fb", COLOURS[1]] } },
    series: [{
      type: "map", map: "counties", nameProperty: "code", data: values, selectedMode: false,
      label: { show: true, color: "#111827", textBorderColor: "#fff", textBorderWidth: 3, formatter: (county) => (county.data ? `${county.data.label}\n${county.data.value}%` : "") },
      emphasis: { disabled: true },
    }],
  };
}

function draw(place, height, option) {
  place.style.height = `${height}px`;
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(option);
  window.addEventListener("resize", () => chart.resize());
  window.addEventListener("beforeprint", () => chart.resize());
}

function said(name) {
  return JSON.parse(document.getElementById(name).textContent);
}

document.querySelectorAll("[data-bars]").forEach((place) => {
  const data = said(place.dataset.bars);
  draw(place, 48 + data.categories.length * data.series.length * 26, bars(data));
});

document.querySelectorAll("[data-days]").forEach((place) => draw(place, 260, days(said(place.dataset.days))));

document.querySelectorAll("[data-map]").forEach(async (place) => {
  const answer = await fetch(place.dataset.source);
  if (answer.ok) draw(place, 420, map(said(place.dataset.map), await answer.json()));
});
