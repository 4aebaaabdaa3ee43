// The operations room: the live part waits while the reader has paused it or looks elsewhere; charts that are replaced are let go.
"use strict";
const live = document.getElementById("live");
const pause = document.getElementById("pause");
let paused = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  pause.textContent = paused ? pause.dataset.on : pause.dataset.off;
  live.classList.toggle("is-paused", paused);
});
live.addEventListener("htmx:beforeRequest", (event) => {
  const reading = live.contains(document.activeElement) || live.querySelector("details[open]");
  if (event.target === live && (paused || document.hidden || reading)) event.preventDefault();
});
live.addEventListener("htmx:beforeSwap", () => {
  live.querySelectorAll("[data-chart]").forEach((box) => { const chart = echarts.getInstanceByDom(box); if (chart) chart.dispose(); });
});
