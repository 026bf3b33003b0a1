// Suggests companies in the search box, as an ARIA combobox. Without it the form searches as always.
const input = document.getElementById("site-search");
const form = input.form;
const element = (name, attributes, text = "") => {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([attribute, value]) => made.setAttribute(attribute, value));
  made.textContent = text;
  return made;
};
const list = element("ul", { id: "suggestions", class: "suggestions", role: "listbox", "aria-label": "Companies", hidden: "" });
const count = element("p", { role: "status", class: "unseen" });
let chosen = -1;
let timer;
let pending;

const choose = (number) => {
  chosen = number;
  [...list.children].forEach((option, place) => option.setAttribute("aria-selected", place === number));
  if (number < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", list.children[number].id);
};

const show = (companies) => {
  list.replaceChildren(...companies.map((company, place) => {
    const option = element("li", { role: "option", id: `suggestion-${place}`, dir: "auto" }, company.name);
    option.dataset.url = company.url.replace("/v1/", "/");
    return option;
  }));
  choose(-1);
  list.hidden = companies.length === 0;
  input.setAttribute("aria-expanded", !list.hidden);
  count.textContent = companies.length ? `Suggestions: ${companies.length}, use the arrow keys` : "";
};

const suggest = async (text) => {
  pending?.abort();
  pending = new AbortController();
  try {
    const url = `${form.action.replace(/search$/, "v1/suggest")}?q=${encodeURIComponent(text)}`;
    const response = await fetch(url, { signal: pending.signal, credentials: "omit" });
    if (response.ok && input.value.trim() === text) show((await response.json()).items);
  } catch {
    // aborted by the next letter, or the server is away
  }
};

input.addEventListener("input", () => {
  clearTimeout(timer);
  const text = input.value.trim();
  if (text) timer = setTimeout(suggest, 150, text);
  else show([]);
});

input.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const size = list.children.length;
  if (list.hidden) return;
  if (step) choose(((chosen + step + 1 + size + 1) % (size + 1)) - 1);
  else if (event.key === "Escape") show([]);
  else if (event.key === "Enter" && chosen >= 0) location.href = list.children[chosen].dataset.url;
  else return;
  event.preventDefault();
});

list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
list.addEventListener("click", (event) => { if (event.target.dataset.url) location.href = event.target.dataset.url; });
input.addEventListener("blur", () => show([]));
Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false" })
  .forEach(([attribute, value]) => input.setAttribute(attribute, value));
form.append(list, count);
