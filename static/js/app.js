"use strict";
// Comfort only: every page works without this file. No framework; one listener for each kind of event, on the document,
// so that what htmx brings in behaves too. Words come from the server, in data attributes.

const root = document.documentElement;
root.classList.add("js");

const words = (template, values) => template.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
const sprite = () => document.body.dataset.icons;
const forMe = (event) => !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey;

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function icon(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("class", "ic");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite()}#${name}`);
  picture.append(use);
  return picture;
}

// --- The submit button says for how many people -------------------------------------------------

function count(form) {
  for (const label of form?.querySelectorAll("[data-count]") ?? []) {
    const names = label.dataset.count.split(" ");
    const chosen = [...form.elements].filter((field) => names.includes(field.name) && (field.type === "hidden" || field.checked));
    const n = chosen.length;
    const template = n === 0 ? label.dataset.zero : n === 1 ? label.dataset.one : label.dataset.many;
    label.textContent = words(template, { n });
  }
}

// --- The people combobox ------------------------------------------------------------------------

class People {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input:not([type=hidden])");
    this.form = this.input.form;
    this.options = [];
    this.active = -1;
    const id = `${this.input.id}-options`;
    this.list = element("ul", { class: "options", role: "listbox", id, "aria-label": this.label() });
    this.list.hidden = true;
    this.chips = element("div", { class: "wrap" });
    this.input.before(this.chips);
    this.shell = element("div", { class: "who-field" });
    this.input.replaceWith(this.shell);
    this.shell.append(this.input, this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off" })) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("li");
      if (option) this.pick(this.options[[...this.list.children].indexOf(option)]);
    });
    this.chips.addEventListener("click", (event) => this.drop(event.target.closest("button")));
  }

  label() {
    return this.input.labels?.[0]?.textContent.trim() ?? "";
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), 150);
  }

  async suggest() {
    const typed = this.input.value.trim();
    this.asking?.abort();
    if (!typed) return this.close();
    this.asking = new AbortController();
    let results = [];
    try {
      const address = new URL(this.box.dataset.url, location.href);
      address.searchParams.set("q", typed);
      const team = this.form?.elements.for_team; // the form's, whichever another tab has chosen since
      if (team) address.searchParams.set("for_team", team.value);
      const answer = await fetch(address, { signal: this.asking.signal, headers: { Accept: "application/json" } });
      if (answer.ok) results = (await answer.json()).results;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
    if (this.input.value.trim() === typed) this.show(results, typed);
  }

  show(results, typed) {
    this.options = results.filter((one) => !this.chosen(one.id));
    if (this.box.dataset.newName) this.options.push({ fresh: typed, name: typed });
    this.list.replaceChildren(...this.options.map((one, index) => this.option(one, index)));
    this.list.hidden = this.options.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.point(this.options.length ? 0 : -1);
  }

  option(one, index) {
    const item = element("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false" });
    if (one.fresh) {
      item.classList.add("new");
      item.append(icon("plus"), words(this.box.dataset.newLabel, { q: one.fresh }));
      return item;
    }
    item.append(element("span", { class: one.group ? "av org" : "av", "aria-hidden": "true" }, one.initials ?? ""));
    const text = element("span", { class: "g" }, one.name);
    if (one.meta) text.append(" ", element("span", { class: "meta" }, one.meta));
    item.append(text);
    return item;
  }

  point(index) {
    this.active = index;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    const item = this.list.children[index];
    if (item) this.input.setAttribute("aria-activedescendant", item.id);
    else this.input.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const open = !this.list.hidden;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown" && open) this.point(this.active >= last ? 0 : this.active + 1);
    else if (event.key === "ArrowUp" && open) this.point(this.active <= 0 ? last : this.active - 1);
    else if (event.key === "Enter" && open && this.active >= 0) this.pick(this.options[this.active]);
    else if (event.key === "Enter" && this.input.value.trim()) this.suggest();
    else if (event.key === "Escape" && open) this.close();
    else if (event.key === "Escape" && this.input.value) this.input.value = "";
    else if (event.key === "Backspace" && !this.input.value) return this.drop(this.chips.lastElementChild);
    else return;
    event.preventDefault();
  }

  chosen(id) {
    return [...this.chips.querySelectorAll("input")].some((field) => field.name === this.box.dataset.name && field.value === String(id));
  }

  pick(one) {
    const box = one.fresh ? null : [...(this.form?.elements ?? [])].find((field) => field.type === "checkbox" && field.name === this.box.dataset.name && field.value === String(one.id));
    if (box) box.checked = true;
    else this.add(one);
    this.input.value = "";
    this.close();
    count(this.form);
  }

  add(one) {
    const name = one.fresh ? this.box.dataset.newName : this.box.dataset.name;
    const chip = element("button", { type: "button", class: "fc", "aria-label": words(this.box.dataset.removeLabel, { q: one.name }) }, one.name, icon("x"));
    chip.append(element("input", { type: "hidden", name, value: one.fresh ?? one.id }));
    this.chips.append(chip);
  }

  drop(chip) {
    if (!chip) return;
    const next = chip.nextElementSibling ?? this.input;
    chip.remove();
    next.focus();
    count(this.form);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.point(-1);
  }
}

// --- What depends on a choice is shown with it --------------------------------------------------

function reveal(scope) {
  for (const part of scope.querySelectorAll("[data-reveal]")) {
    const [name, value] = part.dataset.reveal.split("=");
    const fields = [...(part.closest("form")?.elements ?? [])].filter((field) => field.name === name);
    part.hidden = !fields.some((field) => (field.type === "radio" || field.type === "checkbox" ? field.checked && field.value === value : field.value === value));
  }
}

function start(scope) {
  for (const box of scope.querySelectorAll("[data-people]:not([data-ready])")) {
    box.dataset.ready = "";
    new People(box);
  }
  for (const form of scope.querySelectorAll("form")) count(form);
  reveal(scope);
  scope.querySelector(".summary")?.focus();
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form) return;
  const all = event.target.dataset.checkAll;
  if (all) for (const field of form.elements) if (field.name === all) field.checked = event.target.checked;
  count(form);
  reveal(form);
  if ("autosubmit" in form.dataset) form.requestSubmit();
});

// A second tap while the first is on its way sends nothing; what was typed stays in the form.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.method === "get" || "download" in { ...form.dataset, ...event.submitter?.dataset }) return; // a file leaves the page as it is
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
function ready(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(ready));

// --- Dialogs, the menu, copying -----------------------------------------------------------------

function openMenu() {
  const menu = document.getElementById("menu");
  const place = menu.parentElement;
  const sheet = element("dialog", { class: "modal sheet-up", "aria-label": menu.getAttribute("aria-label") });
  const close = element("button", { type: "button", class: "ib", "aria-label": document.body.dataset.close, "data-close": "" }, icon("x"));
  sheet.append(element("div", { class: "row" }, close), menu);
  document.body.append(sheet);
  sheet.addEventListener("close", () => {
    place.prepend(menu);
    sheet.remove();
    document.querySelector(".to-menu")?.focus();
  });
  sheet.showModal();
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-dialog],[data-close],[data-copy],.to-menu");
  if (event.target instanceof HTMLDialogElement) event.target.close(); // its backdrop
  if (!target || !forMe(event)) return;
  if (target.matches(".to-menu")) {
    event.preventDefault();
    openMenu();
  } else if ("close" in target.dataset) target.closest("dialog")?.close();
  else if (target.dataset.dialog) document.getElementById(target.dataset.dialog).showModal();
  else if (target.dataset.copy) {
    const field = document.querySelector(target.dataset.copy);
    navigator.clipboard?.writeText(field.value ?? field.textContent).then(() => tell(target.dataset.copied));
    field.select?.();
  }
});

function tell(text, tone = "success") {
  const region = document.getElementById("status");
  if (!region || !text) return;
  const mark = icon(tone === "success" ? "circle-check" : "triangle-alert");
  region.replaceChildren(element("div", { class: `said ${tone}` }, mark, element("span", {}, text)));
}

// --- Keys: n notes, / searches, ? lists them, g then a letter goes there; off on the person's page -

const keys = { on: () => document.body.dataset.shortcuts !== "off", going: 0 };

function press(key) {
  if (Date.now() - keys.going < 1500) {
    keys.going = 0;
    return document.querySelector(`[data-go="${key}"]`);
  }
  if (key === "g") keys.going = Date.now();
  if (key === "n") return document.querySelector("[data-go=n]");
  if (key === "/") return document.querySelector("main input[type=search], main #q") ?? [...document.querySelectorAll("#find, .to-search")].find((one) => one.offsetParent);
  if (key === "?") return document.getElementById("keys");
  if (key === "j" || key === "k") return row(key === "j" ? 1 : -1);
  if (key === "x") return document.activeElement.closest("tr")?.querySelector("input[type=checkbox]");
  return null;
}

// In a list: the name in the next row (1) or the one before (-1); the first one from elsewhere.
function row(step) {
  const names = [...document.querySelectorAll("tbody .name")];
  const here = names.indexOf(document.activeElement.closest("tr")?.querySelector(".name"));
  const next = here < 0 ? names[0] : names[here + step];
  next?.focus();
  return null;
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && field?.form) return field.form.requestSubmit();
  if (field || !forMe(event) || !keys.on() || document.querySelector("dialog[open]")) return;
  const found = press(event.key);
  if (!found) return;
  event.preventDefault();
  if (found instanceof HTMLDialogElement) found.showModal();
  else if (found instanceof HTMLInputElement && found.type !== "checkbox") found.focus();
  else found.click();
});

// --- htmx: focus is never lost, and no answer is said -------------------------------------------

let before = {};
document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  before = { id: document.activeElement?.id, next: target?.nextElementSibling, home: target?.parentElement };
});
document.addEventListener("htmx:afterSettle", (event) => {
  start(event.detail.elt);
  if (document.activeElement && document.activeElement !== document.body) return;
  const same = before.id && document.getElementById(before.id);
  const asked = event.detail.elt.querySelector?.("[data-focus]");
  const next = before.next?.isConnected && before.next.querySelector("a, button, input");
  const heading = (before.home?.isConnected ? before.home : document).closest?.("section, main")?.querySelector("h1, h2") ?? document.querySelector("h1");
  const found = asked || same || next || heading;
  if (found === heading) heading?.setAttribute("tabindex", "-1");
  found?.focus();
});
document.addEventListener("htmx:afterRequest", (event) => event.target.closest?.("form[data-sent]") && ready(event.target.closest("form")));
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, () => tell(document.body.dataset.lost, "warning"));
}

// --- Paper: what is folded is shown. Style sheets do it where ::details-content is known --------------

let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("main details:not([open], .no-print)")];
  for (const one of unfolded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of unfolded) one.open = false;
});

document.addEventListener("DOMContentLoaded", () => start(document));
