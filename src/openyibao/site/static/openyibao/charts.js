// Charts from the plain data beside them: [data-chart] names the kind, the script element named by data-from holds columns and rows.
"use strict";
const ACCENT = "#0b5d6b", UP = "#b5651d", REST = "#9fb3bb";
const FONT = { fontFamily: "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif" };
const yuan = (fen) => (fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const shown = (data) => (value) => (data.unit === "fen" ? yuan(value) : Number(value).toLocaleString("zh-CN"));
const english = document.documentElement.lang.startsWith("en");
const short = (data) => (value) => {
  const number = data.unit === "fen" ? value / 100 : value;
  if (english && Math.abs(number) >= 1e6) return `${+(number / 1e6).toFixed(2)}M`;
  if (english && Math.abs(number) >= 1e3) return `${+(number / 1e3).toFixed(1)}k`;
  if (Math.abs(number) >= 1e8) return `${+(number / 1e8).toFixed(2)}亿`;
  if (Math.abs(number) >= 1e4) return `${+(number / 1e4).toFixed(1)}万`;
  return `${+number.toFixed(2)}`;
};

// A bill from its total down to what the person pays: each layer hangs where the one before ended.
function waterfall(data) {
  const narrow = window.innerWidth < 576;
  let level = 0;
  const base = [], up = [], down = [];
  data.rows.forEach(([, value], place) => {
    const whole = (place === 0 && !data.from_zero) || place === data.rows.length - 1;
    const low = whole ? 0 : Math.min(level, level + value);
    base.push(low);
    up.push(whole ? { value, itemStyle: { color: place ? UP : ACCENT } } : value > 0 ? value : 0);
    down.push(whole || value > 0 ? 0 : -value);
    level = whole ? value : level + value;
  });
  const bar = { type: "bar", stack: "layers", stackStrategy: "all", barMaxWidth: 48 };
  const said = (part) => (data.from_zero ? data.rows[part.dataIndex][1] : part.value);   // a change keeps its sign, a payer's part has none
  const label = { show: true, position: "top", fontSize: 11, formatter: (part) => (part.value ? shown(data)(said(part)) : "") };
  return {
    xAxis: { type: "category", data: data.rows.map((row) => row[0]),
             axisLabel: { interval: 0, overflow: "break", lineHeight: 15, fontSize: narrow ? 10 : 12,
                          width: narrow ? Math.floor(260 / data.rows.length) : 76 } },
    yAxis: { type: "value", axisLabel: { formatter: short(data) } },
    tooltip: { trigger: "axis", formatter: (parts) => `${parts[0].name}<br>${shown(data)(data.rows[parts[0].dataIndex][1])}` },
    series: [{ ...bar, data: base, itemStyle: { color: "transparent" }, emphasis: { disabled: true }, silent: true },
             { ...bar, data: up, label, itemStyle: { color: ACCENT } }, { ...bar, data: down, label, itemStyle: { color: REST } }],
  };
}

function bars(data, type) {
  return {
    legend: data.columns.length > 2 ? { top: 0 } : undefined,
    xAxis: { type: "category", data: data.rows.map((row) => row[0]), axisLabel: { hideOverlap: true } },
    yAxis: { type: "value", axisLabel: { formatter: short(data) } },
    tooltip: { trigger: "axis", valueFormatter: shown(data) },
    series: data.columns.slice(1).map((name, place) => ({ name, type, barMaxWidth: 40, showAllSymbol: true, symbolSize: 4, data: data.rows.map((row) => row[place + 1]) })),
  };
}

function gauge(data) {
  const [name, value] = data.rows[0];
  return { series: [{ type: "gauge", min: 0, max: data.most || 15, data: [{ name, value }],
    radius: "88%", center: ["50%", "56%"], splitNumber: 4, axisTick: { show: false }, splitLine: { length: 14, lineStyle: { color: "#fff", width: 2 } },
    axisLabel: { distance: 18, fontSize: 10, formatter: (mark) => `${+mark.toFixed(1)}` }, pointer: { width: 4, length: "62%" },
    detail: { valueAnimation: false, formatter: "{value}", fontSize: 22, offsetCenter: [0, "72%"] },
    axisLine: { lineStyle: { width: 14, color: data.bands || [[1, ACCENT]] } } }] };
}

// A series with its path, its target and its trend: columns are label, value, path, target, trend, low, high; null where there is none.
function trend(data) {
  const names = data.columns.slice(1);
  const of = (place) => data.rows.map((row) => row[place]);
  const line = (place, style, symbol) => ({ name: names[place - 1], type: "line", data: of(place), symbol, symbolSize: 6, connectNulls: place === 1,
    lineStyle: style, itemStyle: { color: style.color } });
  const band = data.rows.map((row) => (row[5] === null || row[6] === null ? null : row[6] - row[5]));
  return {
    legend: { top: 0, data: names.slice(0, 4) },
    xAxis: { type: "category", data: data.rows.map((row) => row[0]), axisLabel: { hideOverlap: true }, boundaryGap: false },
    yAxis: { type: "value", scale: true, axisLabel: { formatter: short(data) }, splitNumber: 5,
      min: (ends) => Math.max(Math.floor(ends.min - (ends.max - ends.min) * 0.1), ends.min < 0 ? -Infinity : 0), max: (ends) => Math.ceil(ends.max + (ends.max - ends.min) * 0.1) },
    tooltip: { trigger: "axis", formatter: (parts) => {
      const row = data.rows[parts[0].dataIndex];
      return [row[0], ...names.map((name, place) => [name, row[place + 1]]).filter((pair) => pair[1] !== null)
        .map((pair) => `${pair[0]}: ${Number(pair[1]).toLocaleString("zh-CN")}`)].join("<br>");
    } },
    series: [
      { name: "low", type: "line", data: of(5), stack: "band", symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } },
      { name: "band", type: "line", data: band, stack: "band", symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: ACCENT, opacity: 0.12 }, silent: true },
      line(2, { color: REST, width: 2, type: "dashed" }, "none"), line(3, { color: "#5c8f6b", width: 2, type: "dotted" }, "none"),
      line(4, { color: UP, width: 2, type: "dashed" }, "none"), line(1, { color: ACCENT, width: 3 }, "circle"),
    ],
  };
}

// Two pointers on one dial: before thin and grey, after in the accent; the bands say what a number of months means.
function gauge_pair(data) {
  const look = [{ width: 4, length: "62%", color: REST }, { width: 6, length: "78%", color: ACCENT }];
  return { series: data.rows.map(([name, value], place) => ({
    type: "gauge", min: 0, max: data.most, startAngle: 200, endAngle: -20, radius: "96%", center: ["50%", "62%"],
    data: [{ name, value: Math.min(value, data.most) }], detail: { show: false }, title: { show: false }, anchor: { show: place === 1, size: 12, itemStyle: { color: ACCENT } },
    pointer: { width: look[place].width, length: look[place].length, itemStyle: { color: look[place].color } },
    splitNumber: 8, axisTick: { show: false }, splitLine: { show: place === 0, length: 10 }, axisLabel: { show: place === 0, distance: 18 },
    axisLine: { show: place === 0, lineStyle: { width: 12, color: data.bands } },
  })) };
}

// Bars across, one row a group, from the first row at the top; series of both signs stand on either side of nothing.
function across(data) {
  const names = data.columns.slice(1), rows = [...data.rows].reverse();
  const colours = names.length === 2 && !data.plain ? [ACCENT, UP] : undefined;
  return {
    legend: names.length > 1 ? { top: 0 } : undefined, color: colours || [ACCENT, UP, "#5c8f6b", "#7b6ca8"],
    yAxis: { type: "category", data: rows.map((row) => row[0]), axisLabel: { interval: 0, width: 150, overflow: "break" }, axisTick: { show: false } },
    xAxis: { type: "value", axisLabel: { formatter: short(data), hideOverlap: true } },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: shown(data) },
    series: names.map((name, place) => ({ name, type: "bar", stack: data.plain ? undefined : "one", barMaxWidth: 20,
      data: rows.map((row) => (names.length === 1 ? { value: row[1], itemStyle: { color: row[1] < 0 ? UP : ACCENT } } : row[place + 1])) })),
  };
}

const KINDS = { across, gauge_pair, trend, waterfall, bars: (data) => bars(data, "bar"), lines: (data) => bars(data, "line"), gauge };

function draw(box) {
  const data = JSON.parse(document.getElementById(box.dataset.from).textContent);
  box.style.height = `${box.dataset.height}px`;
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({ animation: false, textStyle: FONT, color: [ACCENT, UP, "#5c8f6b", "#7b6ca8", REST], aria: { enabled: true },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true }, ...KINDS[box.dataset.chart](data) });
  new ResizeObserver(() => chart.resize()).observe(box);
}
document.querySelectorAll("[data-chart]").forEach(draw);
document.body.addEventListener("htmx:afterSwap", (event) => event.target.querySelectorAll("[data-chart]").forEach(draw));
