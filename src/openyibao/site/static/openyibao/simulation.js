// The form of a new simulation: a slider and its field say the same; what is not asked for is hidden; changes are counted.
"use strict";
const form = document.getElementById("reform");
if (form) {
  const count = () => {
    form.querySelectorAll("details[data-group]").forEach((group) => {
      const changed = [...group.querySelectorAll("input.new-value")].filter((field) => field.value.trim() !== "" && !field.disabled).length;
      group.querySelector(".changed").textContent = changed ? group.dataset.changed.replace("0", changed) : "";
    });
  };
  const second = () => {
    const mode = form.querySelector("input[name=second]:checked").value;
    form.querySelectorAll("[data-when]").forEach((part) => { part.hidden = !part.dataset.when.split(" ").includes(mode); });
    form.querySelectorAll("input.second-value").forEach((field) => { field.disabled = mode !== "own"; });
    form.classList.toggle("has-second", mode === "own");
    count();
  };
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.type === "range") {
      const other = document.getElementById(field.dataset.for);
      other.value = field.value;
    } else if (field.classList.contains("new-value")) {
      const slider = form.querySelector(`input[type=range][data-for="${CSS.escape(field.id)}"]`);
      if (slider && field.value.trim() !== "") slider.value = field.value;
    }
    count();
  });
  form.querySelectorAll("input[name=second]").forEach((one) => one.addEventListener("change", second));
  const bills = document.getElementById("bills-form");
  if (bills) bills.querySelectorAll("input[type=radio]").forEach((one) => one.addEventListener("change", () => bills.submit()));
  form.querySelectorAll("input[type=range]").forEach((slider) => { slider.hidden = false; });
  second();
}
const pick = document.getElementById("pick-runs");
if (pick) {
  const most = Number(pick.dataset.most);
  pick.addEventListener("change", () => {
    const chosen = pick.querySelectorAll("input:checked").length;
    pick.querySelectorAll("input[type=checkbox]:not(:checked)").forEach((box) => { box.disabled = chosen >= most; });
  });
}
