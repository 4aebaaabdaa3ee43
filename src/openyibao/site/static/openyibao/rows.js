// Rows of a form that come in any number: a button adds one, the sums below follow. Without script the form has one empty row a page load.
"use strict";
function rowsOf(table) { return table.querySelectorAll("tbody tr"); }

function sum(table) {
  const shown = document.getElementById(table.dataset.sum);
  if (!shown) return;
  let fen = 0;
  table.querySelectorAll('input[name$="-amount"]').forEach((field) => { fen += Math.round((parseFloat(field.value) || 0) * 100); });
  shown.textContent = (fen / 100).toLocaleString("en", { minimumFractionDigits: 2 });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-adds]");
  if (!button) return;
  const table = document.getElementById(button.dataset.adds);
  const total = document.getElementById(`id_${table.dataset.prefix}-TOTAL_FORMS`);
  const last = rowsOf(table)[rowsOf(table).length - 1];
  const number = Number(total.value);
  const added = last.cloneNode(true);
  added.querySelectorAll("[name], [id], [for]").forEach((field) => {
    for (const name of ["name", "id", "for"]) {
      const value = field.getAttribute(name);
      if (value) field.setAttribute(name, value.replace(/-\d+-/, `-${number}-`));
    }
    if (field.matches("input")) field.value = "";
    if (field.matches("select")) field.selectedIndex = 0;
  });
  added.querySelectorAll(".field-problem").forEach((problem) => problem.remove());
  last.after(added);
  total.value = number + 1;
  added.querySelector("input, select").focus();
  sum(table);
});
document.addEventListener("input", (event) => {
  const table = event.target.closest("table[data-sum]");
  if (table) sum(table);
});
document.querySelectorAll("table[data-sum]").forEach(sum);
