// Elements made of text, never of markup.

const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
const visible = (text) => text.replace(INVISIBLE, (sign) => `⟨U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

function el(name, given, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(given || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== "")
    .map((child) => (typeof child === "string" ? visible(child) : child)));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

function svg(name, given, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(given)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function square(style) {
  return svg("svg", { class: "k", "aria-hidden": "true" }, svg("use", { href: "#q", class: style }));
}

// A class of a colouring as a sign with its name.
function verdict(one) {
  return el("span", { class: "verdict", title: one.label }, square(one.style), el("span", { class: "unseen" }, one.label));
}

const english = (text) => (russian ? el("span", { lang: "en" }, text) : text);
const anchor = (id) => "#" + encodeURI(id);
const safe = (address) => (/^https?:\/\//i.test(address) ? address : null);

function count(number, one, many, oneRu, fewRu, manyRu) {
  if (!russian) return `${number} ${number === 1 ? one : many}`;
  const last = number % 10, teens = Math.floor(number / 10) % 10 === 1;
  return `${number} ${last === 1 && !teens ? oneRu : last > 1 && last < 5 && !teens ? fewRu : manyRu}`;
}

// Say something: on the page for a while, or only to whoever listens to it.
function say(text, aloud = false) {
  $("said").className = aloud ? "unseen" : "toast";
  $("said").textContent = "";
  $("said").append(...[text].flat());
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { $("said").textContent = ""; }, 6000);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(t("Copied.", "Скопировано."));
  } catch {
    const area = el("textarea", { readonly: "", class: "unseen", "aria-label": t("Text to copy", "Текст для копирования") });
    area.value = text;
    ($("panel").open ? $("panel") : document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    say(done ? t("Copied.", "Скопировано.") : text);
  }
}

function save(name, type, parts) {
  const link = el("a", { href: URL.createObjectURL(new Blob(parts, { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A value as a reader wants it: codes in words, ids as names that lead to their rows, addresses as links.
function shown(table, field, value, own) {
  if (!value) return "";
  if (table.isTable && table.key.length === 1 && table.key[0] === field.name && own) return el("a", { class: "id", href: anchor(own) }, value);
  const code = codeOf(field, value);
  if (code) return el("span", { title: code[1] || null }, code[0]);
  if (dateOf(field, value)) return el("span", { title: value }, dateOf(field, value));
  if (home.has(value) && value !== own) return el("a", { href: anchor(value), title: value }, labelOf(value));
  if (safe(value)) return el("a", { href: value }, value);
  return /_en$/.test(field.name) || field.name === "note" ? english(value) : value;
}
