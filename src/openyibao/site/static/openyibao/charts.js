// Charts from the plain data beside them: [data-chart] names the kind, the script element named by data-from holds columns and rows.
"use strict";
const ACCENT = "#0b5d6b", UP = "#b5651d", REST = "#9fb3bb";
const FONT = { fontFamily: "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif" };
const yuan = (fen) => (fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const shown = (data) => (value) => (data.unit === "fen" ? yuan(value) : Number(value).toLocaleString("zh-CN"));
const short = (data) => (value) => {
  const number = data.unit === "fen" ? value / 100 : value;
  if (Math.abs(number) >= 1e8) return `${+(number / 1e8).toFixed(2)}亿`;
  if (Math.abs(number) >= 1e4) return `${+(number / 1e4).toFixed(1)}万`;
  return `${+number.toFixed(2)}`;
};

// A bill from its total down to what the person pays: each layer hangs where the one before ended.
function waterfall(data) {
  let level = 0;
  const base = [], up = [], down = [];
  data.rows.forEach(([, value], place) => {
    const whole = place === 0 || place === data.rows.length - 1;
    const low = whole ? 0 : Math.min(level, level + value);
    base.push(low);
    up.push(whole ? { value, itemStyle: { color: place ? UP : ACCENT } } : value > 0 ? value : 0);
    down.push(whole || value > 0 ? 0 : -value);
    level = whole ? value : level + value;
  });
  const bar = { type: "bar", stack: "layers", barMaxWidth: 48 };
  return {
    xAxis: { type: "category", data: data.rows.map((row) => row[0]), axisLabel: { interval: 0, width: 76, overflow: "break" } },
    yAxis: { type: "value", axisLabel: { formatter: short(data) } },
    tooltip: { trigger: "axis", formatter: (parts) => `${parts[0].name}<br>${shown(data)(data.rows[parts[0].dataIndex][1])}` },
    series: [{ ...bar, data: base, itemStyle: { color: "transparent" }, emphasis: { disabled: true }, silent: true },
             { ...bar, data: up, itemStyle: { color: ACCENT } }, { ...bar, data: down, itemStyle: { color: REST } }],
  };
}

function bars(data, type) {
  return {
    legend: data.columns.length > 2 ? { top: 0 } : undefined,
    xAxis: { type: "category", data: data.rows.map((row) => row[0]), axisLabel: { hideOverlap: true } },
    yAxis: { type: "value", axisLabel: { formatter: short(data) } },
    tooltip: { trigger: "axis", valueFormatter: shown(data) },
    series: data.columns.slice(1).map((name, place) => ({ name, type, barMaxWidth: 40, data: data.rows.map((row) => row[place + 1]) })),
  };
}

function gauge(data) {
  const [name, value] = data.rows[0];
  return { series: [{ type: "gauge", min: 0, max: data.most || 15, data: [{ name, value }], detail: { valueAnimation: false, formatter: "{value}" },
    axisLine: { lineStyle: { width: 14, color: data.bands || [[1, ACCENT]] } } }] };
}

const KINDS = { waterfall, bars: (data) => bars(data, "bar"), lines: (data) => bars(data, "line"), gauge };

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
