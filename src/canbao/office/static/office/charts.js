// Draws bars into each [data-bars]: the value names the script with their data, whose numbers also stand in a table.
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

document.querySelectorAll("[data-bars]").forEach((place) => {
  const data = JSON.parse(document.getElementById(place.dataset.bars).textContent);
  place.style.height = `${48 + data.categories.length * data.series.length * 26}px`;
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(bars(data));
  window.addEventListener("resize", () => chart.resize());
  window.addEventListener("beforeprint", () => chart.resize());
});
