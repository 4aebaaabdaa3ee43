// The hospital's window: searching while typing, Enter goes on, and money forms that tell the truth when the connection is cut.
// The server makes sure that a charge is made once; nothing here is needed for that.
"use strict";

// Fields that search: their list of suggestions follows what is typed.
document.querySelectorAll("[data-search]").forEach((field) => {
  const list = document.getElementById(field.dataset.search);
  let waiting = 0;
  const search = async () => {
    const found = await fetch(`${list.dataset.url}?q=${encodeURIComponent(field.value.split(" ")[0])}`).catch(() => null);
    if (found && found.ok) list.innerHTML = await found.text();
  };
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 150); });
  field.addEventListener("focus", () => { if (!list.children.length) search(); }, { once: true });
});

// A form is sent once: pressing again while it is on its way does nothing.
document.querySelectorAll("form[data-once]").forEach((form) => form.addEventListener("submit", (event) => {
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
}));
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// Enter in an empty item field goes on to the trial.
const line = document.querySelector("form[data-line]"), onward = document.querySelector("form[data-onward]");
if (line && onward) line.querySelector("[data-search]").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.target.value.trim()) { event.preventDefault(); onward.requestSubmit(); }
});
if (line && !document.querySelector("[autofocus]")) line.querySelector("[data-search]").focus();

// The day of admission is asked of stays alone.
const care = document.getElementById("id_care");
if (care) {
  const shown = () => document.querySelectorAll(".only-stay").forEach((one) => { one.hidden = !care.value.startsWith("2"); });
  care.addEventListener("change", shown);
  shown();
}

// Settling, and fetching what became of it: without an answer the page says that nobody knows, and offers the result, never a second charge.
document.querySelectorAll("form[data-pay]").forEach((form) => form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "1";
  const button = form.querySelector("button"), card = form.closest(".card");
  button.setAttribute("aria-busy", "true");
  try {
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    location.assign(form.dataset.back);
    if (location.pathname === form.dataset.back) location.reload();
  } catch {
    delete form.dataset.sent;
    button.removeAttribute("aria-busy");
    const cut = card.querySelector(".cut");
    if (cut && cut.hidden) { form.hidden = true; cut.hidden = false; cut.querySelector("button").focus(); }
    else { const still = form.querySelector(".still"); if (still) still.hidden = false; }
  }
}));
window.addEventListener("online", () => {
  const cut = document.querySelector(".cut:not([hidden]) form");
  if (cut) cut.requestSubmit();
});
