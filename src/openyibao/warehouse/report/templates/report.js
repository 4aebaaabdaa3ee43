(function () {
  "use strict";
  var root = document.documentElement;
  var specs = JSON.parse(document.getElementById("charts").textContent);
  var titles = JSON.parse(document.getElementById("titles").textContent);
  var COLOUR = { accent: "#14607f", warm: "#b0622a", ink: "#1c2733", soft: "#5b6875", line: "#dfe4ea" };
  var drawn = {};
  root.classList.add("js");

  function language() { return root.getAttribute("data-lang") === "en" ? 1 : 0; }

  function grouped(text) { return text.replace(/\B(?=(\d{3})+(?!\d))/g, ","); }

  function exact(value, unit) {
    var size = Math.abs(value), sign = value < 0 ? "-" : "";
    if (unit === "count") { return sign + grouped(String(size)); }
    return sign + grouped(String(Math.floor(size / 100))) + "." + String(size % 100).padStart(2, "0");
  }

  function short(value, unit) {
    var sign = value < 0 ? "-" : "", size = Math.abs(unit === "count" ? value : value / 100), zh = language() === 0;
    var steps = zh ? [[1e8, " 亿"], [1e4, " 万"]] : [[1e9, " bn"], [1e6, " m"], [1e3, " k"]];
    for (var i = 0; i < steps.length; i++) {
      if (size >= steps[i][0]) { return sign + Number((size / steps[i][0]).toPrecision(3)) + steps[i][1]; }
    }
    return sign + grouped(size.toFixed(2).replace(/\.?0+$/, ""));
  }

  function option(spec, narrow) {
    var lang = language(), labels = spec.labels.map(function (label) { return label[lang]; }), unit = spec.unit;
    var series = [];
    if (spec.kind === "steps") { // each bar begins where the one before it ends; the last is the sum
      var values = spec.series[0].values, at = 0;
      var data = values.map(function (value, place) {
        var from = place === values.length - 1 ? 0 : at;
        at += value;
        return [from, from + value, place, value];
      });
      series.push({
        type: "custom", name: spec.series[0].name[lang], encode: { x: [0, 1], y: 2 }, data: data,
        renderItem: function (params, api) {
          var a = api.coord([api.value(0), api.value(2)]), b = api.coord([api.value(1), api.value(2)]), thick = 16;
          var left = Math.min(a[0], b[0]), width = Math.max(Math.abs(a[0] - b[0]), 1), last = api.value(2) === values.length - 1;
          var right = api.value(3) >= 0;
          return { type: "group", children: [
            { type: "rect", shape: { x: left, y: a[1] - thick / 2, width: width, height: thick, r: 2 },
              style: { fill: last ? COLOUR.ink : api.value(3) >= 0 ? COLOUR.accent : COLOUR.warm } },
            { type: "text", style: { text: (right ? "+" : "") + short(api.value(3), unit), x: right ? left + width + 6 : left - 6, y: a[1],
              textAlign: right ? "left" : "right", textVerticalAlign: "middle", fill: COLOUR.ink, fontSize: 12 } } ] };
        }
      });
    } else {
      spec.series.forEach(function (one) {
        series.push({
          type: "bar", stack: "all", barMaxWidth: 16, name: one.name[lang],
          data: one.values.map(function (value, place) {
            return { value: value, itemStyle: { color: COLOUR[one.tone || one.tones[place]], borderRadius: 2 },
                     label: { show: value !== 0, position: value < 0 ? "left" : "right", color: COLOUR.ink, fontSize: 12,
                              formatter: function () { return short(value, unit); } } };
          }),
          itemStyle: { color: COLOUR[one.tone] || COLOUR.accent }
        });
      });
    }
    return {
      animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      aria: { enabled: true, label: { description: spec.title[lang] } },
      legend: { show: spec.series.length > 1, bottom: 0, icon: "rect", itemWidth: 12, itemHeight: 8, textStyle: { color: COLOUR.soft } },
      grid: { left: 4, right: 56, top: 8, bottom: spec.series.length > 1 ? 34 : 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: { trigger: "item", confine: true, borderColor: COLOUR.line, textStyle: { color: COLOUR.ink, fontSize: 13 },
        formatter: function (params) {
          var value = spec.kind === "steps" ? params.value[3] : params.value;
          var name = labels[spec.kind === "steps" ? params.value[2] : params.dataIndex];
          return echarts.format.encodeHTML(name) + "<br>" + echarts.format.encodeHTML(params.seriesName) + " <b>" + exact(value, unit) + "</b>";
        } },
      xAxis: { type: "value", axisLabel: { color: COLOUR.soft, hideOverlap: true, formatter: function (value) { return short(value, unit); } },
               splitLine: { lineStyle: { color: COLOUR.line } }, splitNumber: narrow ? 2 : 4, boundaryGap: negative(spec) ? ["12%", "4%"] : [0, "4%"] },
      yAxis: { type: "category", inverse: true, data: labels, axisTick: { show: false },
               axisLine: { lineStyle: { color: "#c3ccd5" } }, axisLabel: { color: COLOUR.ink, width: narrow ? 112 : 150, overflow: "break", onZero: false } },
      series: series
    };
  }

  function negative(spec) { return spec.series.some(function (one) { return one.values.some(function (value) { return value < 0; }); }); }

  function draw(place) {
    if (!place.clientWidth) { return; }
    var name = place.getAttribute("data-chart");
    drawn[name] = drawn[name] || echarts.init(place, null, { renderer: "svg" });
    drawn[name].resize();
    drawn[name].setOption(option(specs[name], place.clientWidth < 460), true);
    drawn[name].getZr().flush(); // at once, not with the next frame: a printer does not wait
    place.setAttribute("aria-label", specs[name].title[language()]);
  }

  function drawAll() { document.querySelectorAll("[data-chart]").forEach(draw); }

  function speak(lang) {
    root.setAttribute("data-lang", lang);
    root.setAttribute("lang", lang === "en" ? "en" : "zh-CN");
    document.title = titles[language()];
    document.querySelectorAll("[data-speak]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-speak") === lang));
    });
    drawAll();
  }

  document.querySelectorAll("[data-speak]").forEach(function (button) {
    button.addEventListener("click", function () { speak(button.getAttribute("data-speak")); });
  });

  document.querySelectorAll("[data-tabs]").forEach(function (group) {
    var buttons = group.querySelectorAll("[role=tab]");
    buttons.forEach(function (button, place) {
      button.addEventListener("click", function () {
        buttons.forEach(function (other) {
          var on = other === button, panel = document.getElementById(other.getAttribute("aria-controls"));
          other.setAttribute("aria-selected", String(on));
          other.tabIndex = on ? 0 : -1;
          panel.classList.toggle("on", on);
        });
        drawAll();
      });
      button.addEventListener("keydown", function (event) {
        var step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (step) { var next = buttons[(place + step + buttons.length) % buttons.length]; next.focus(); next.click(); }
      });
    });
  });

  var watching = new ResizeObserver(function (entries) { entries.forEach(function (entry) { draw(entry.target); }); });
  document.querySelectorAll("[data-chart]").forEach(function (place) { watching.observe(place); });
  window.addEventListener("beforeprint", function () {
    root.classList.add("printing"); // every panel is on paper
    drawAll();
  });
  window.addEventListener("afterprint", function () { root.classList.remove("printing"); drawAll(); });

  var asked = (location.hash.match(/^#(zh|en)$/) || [])[1];
  speak(asked || root.getAttribute("data-lang"));
})();
