// The explorer and the row panel. Reads the data block of the page; text goes in as text, never as markup.
(() => {
"use strict";

const page = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const STEP = 60;
const FEW_COLUMNS = 9;
const YES = { true: ["yes", "да"], false: ["no", "нет"] };
const PHONE = matchMedia("(max-width: 640px)");
const FEW_ENTRIES = 12;

// ---------------------------------------------------------------- data

for (const table of page.tables) {
  table.at = new Map(table.fields.map((field, index) => [field.name, index]));
  table.byId = new Map(table.rows.map((row) => [idOf(table, row), row]));
  table.filters = page.filters.filter((one) => one.tables.includes(table.name));
}
const tables = new Map(page.tables.map((table) => [table.name, table]));
const home = new Map();   // id of a row: its table
const pointing = new Map();   // id of a row: what points to it
for (const table of page.tables.filter((one) => !one.view)) {
  for (const id of table.byId.keys()) home.set(id, table);
  table.fields.forEach((field, index) => {
    if (!field.target) return;
    for (const row of table.rows) {
      if (!row[index]) continue;
      if (!pointing.has(row[index])) pointing.set(row[index], []);
      pointing.get(row[index]).push({ table, field, row });
    }
  });
}

function idOf(table, row) {
  return table.key.map((name) => row[table.at.get(name)]).join("/");
}

const russian = () => document.documentElement.dataset.labels === "ru";
const pick = (en, ru) => (russian() && ru ? ru : en);
const titleOf = (thing) => pick(thing.title, thing.title_ru);

function labelOf(id) {
  const [, en, ru] = page.rows[id] || [];
  return pick(en, ru) || id;
}

function codeOf(field, value) {
  if (field.type === "boolean") return YES[value] || null;
  return (field.list && page.codes[field.list] && page.codes[field.list][value]) || null;
}

// The cell at `column`, or at `key.column` of the row that a key points to.
function valueAt(table, row, path) {
  const [name, rest] = path.split(/\.(.*)/s);
  const value = row[table.at.get(name)] || "";
  if (!rest) return value;
  const other = home.get(value);
  return other ? valueAt(other, other.byId.get(value), rest) : "";
}

function fieldAt(table, path) {
  const [name, rest] = path.split(/\.(.*)/s);
  const field = table.fields[table.at.get(name)];
  return rest && field && field.target ? fieldAt(tables.get(field.target), rest) : field;
}

// A filter that is no column: by what belongs to a row, or by a span of days.
function filterAt(table, id) {
  return table.filters.find((one) => one.id === id);
}

function passes(table, row, path, values) {
  const filter = filterAt(table, path);
  if (!filter) return values.includes(valueAt(table, row, path));
  const found = filter.rows[idOf(table, row)];
  if (!found || !filter.span) return Boolean(found) && found.some((one) => values.includes(one));
  const [first, last] = found.map((day) => (day || "").slice(0, 7)), [from, to] = values;   // to the month
  return (!from || !last || last >= from) && (!to || first <= to);
}

// Letters and digits without case, accents and hyphens.
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[-‐‑–—'’ʼ`]/g, "");
}

// All that a row can be found by: its cells, its codes in words, and the names of rows it points to.
function haystack(table, row) {
  if (!table.hay) table.hay = new Map();
  if (!table.hay.has(row)) {
    const words = [];
    row.forEach((value, index) => {
      if (!value) return;
      words.push(value, dateOf(table.fields[index], value) || "", ...(codeOf(table.fields[index], value) || []).slice(0, 2));
      if (home.has(value)) words.push(...namesOf(value));
    });
    table.hay.set(row, fold(words.join("\n")));
  }
  return table.hay.get(row);
}

function namesOf(id) {
  const table = home.get(id), row = table.byId.get(id);
  const [, en, ru] = page.rows[id] || [];
  const others = table.fields.filter((one) => /^name_/.test(one.name)).map((one) => row[table.at.get(one.name)]);
  return [en, ru, ...others].filter(Boolean);
}

function matching(table, state) {
  const words = fold(state.q).split(/\s+/).filter(Boolean);
  const filters = table.name === state.table ? Object.entries(state.filters) : [];
  return table.rows.filter((row) =>
    filters.every(([path, values]) => passes(table, row, path, values))
    && (!words.length || words.every((word) => haystack(table, row).includes(word))));
}

function sorted(table, rows, sort) {
  if (!sort) return rows;
  const name = sort.replace(/^-/, ""), index = table.at.get(name);
  if (index === undefined) return rows;
  // A date is put in order by the first day that it can mean, or, where that is open, by the last.
  const days = name.endsWith("_edtf") ? ["_earliest", "_latest"].map((end) => table.at.get(name.replace(/_edtf$/, end))) : [];
  const key = (row) => days.map((at) => row[at]).find(Boolean) || row[index];
  const sign = sort.startsWith("-") ? -1 : 1;
  const numeric = /integer|number/.test(table.fields[index].type);
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (!x || !y) return (x ? -1 : 0) + (y ? 1 : 0);
    return sign * (numeric ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0);
  });
}

function csv(lines) {
  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  return lines.map((line) => line.map(cell).join(",") + "\n").join("");
}

// ---------------------------------------------------------------- small helpers of the page

function el(name, given, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(given || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

const anchor = (id) => "#" + encodeURI(id);

function save(name, type, text) {
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function safe(url) {
  return /^https?:\/\//i.test(url) ? url : null;
}

function dateOf(field, value) {
  return field.name.endsWith("_edtf") ? page.dates[value] : null;
}

// A value as a reader wants it: codes in words, ids as names that lead to their rows, addresses as links.
function shown(table, field, value, own) {
  if (!value) return "";
  if (table.key.length === 1 && table.key[0] === field.name && own) {
    return el("a", { class: "id", href: anchor(own) }, value);
  }
  const code = codeOf(field, value);
  if (code) return el("span", { title: code[2] || null }, pick(code[0], code[1]));
  if (dateOf(field, value)) return el("span", { title: value }, dateOf(field, value));
  if (home.has(value) && value !== own) return el("a", { href: anchor(value), title: value, class: labelOf(value).length > 14 ? "wide" : null }, labelOf(value));
  if (safe(value)) return el("a", { href: value, rel: "noreferrer" }, value);
  return value.length > 60 ? el("span", { class: "long" }, value) : value;
}

// ---------------------------------------------------------------- explorer

const state = { table: Object.keys(page.columns).find((name) => tables.has(name)) || page.tables[0].name, q: "", filters: {}, sort: "", all: false, shown: STEP };

function address() {
  const given = new URLSearchParams();
  if (state.q) given.set("q", state.q);
  for (const [path, values] of Object.entries(state.filters)) given.set(path, values.join(","));
  if (state.sort) given.set("sort", state.sort);
  const query = given.toString().replace(/%2C/g, ",");
  return `table/${state.table}${query ? "?" + query : ""}`;
}

function readAddress(hash) {
  const [name, query] = hash.slice("table/".length).split(/\?(.*)/s);
  if (!tables.has(name)) return false;
  Object.assign(state, { table: name, q: "", filters: {}, sort: "", shown: STEP });
  for (const [key, value] of new URLSearchParams(query || "")) {
    if (key === "q" || key === "sort") state[key] = value;
    else if (filterAt(tables.get(name), key) || fieldAt(tables.get(name), key)) state.filters[key] = value.split(",");
  }
  return true;
}

function change(given) {
  Object.assign(state, { shown: STEP }, given);
  history.replaceState(null, "", "#" + address());
  background = location.hash;
  render();
}

// A column in the other language is left out where there is one in this.
function inLanguage(field) {
  return russian() ? !/^(label|name|title)_en$/.test(field.name) : !/_ru$/.test(field.name);
}

function visible(table) {
  const fields = chosen(table);
  const isKey = (field) => table.key.includes(field.name);
  return PHONE.matches ? [...fields.filter((one) => !isKey(one)), ...fields.filter(isKey)] : fields;
}

function chosen(table) {
  if (state.all) return table.fields;
  if (page.columns[table.name]) return page.columns[table.name].map((name) => table.fields[table.at.get(name)]).filter((one) => one && inLanguage(one));
  const some = table.fields.filter((field, index) =>
    table.key.includes(field.name)
    || (!field.derived && field.name !== "note" && table.rows.some((row) => row[index])
        && inLanguage(field)));
  return some.slice(0, FEW_COLUMNS);
}

function render() {
  const table = tables.get(state.table);
  $("explorer").hidden = false;
  if ($("search").value !== state.q) $("search").value = state.q;
  $("all-columns").checked = state.all;
  const order = [...page.tables].sort((a, b) => b.view - a.view);
  $("tabs").replaceChildren(...order.flatMap((one, place) => {
    const number = state.q || one === table ? matching(one, state).length : one.rows.length;
    const head = place === 0 || one.view !== order[place - 1].view ? [el("span", {}, one.view ? "Views: tables joined for reading" : "Tables")] : [];
    return [...head, el("button", { type: "button", "aria-pressed": String(one === table), class: number ? null : "none",
      onclick: () => change({ table: one.name, filters: {}, sort: "" }) }, titleOf(one) + " ", el("small", {}, String(number)))];
  }));
  $("pick").replaceChildren(...["Views", "Tables"].map((label, at) => el("optgroup", { label }, ...order.filter((one) => one.view === !at)
    .map((one) => el("option", { value: one.name, selected: one === table ? "" : null }, titleOf(one))))));
  $("about-table").replaceChildren((table.view ? "A view. " : "") + table.description);
  renderFilters(table);
  renderRows(table);
}

function renderFilters(table) {
  const fields = table.fields.filter((field) => field.list || field.type === "boolean");
  $("filter-box").hidden = !fields.length && !table.filters.length;
  $("filters").replaceChildren(...table.filters.flatMap((one) => (one.span ? months(one) : [choices(table, one)])),
    ...fields.map((field) => choices(table, field)));
  $("chips").replaceChildren(...Object.entries(state.filters).map(([path, values]) => {
    const field = filterAt(table, path) || fieldAt(table, path);
    return el("button", { type: "button", onclick: () => filterBy(path, []) }, `${titleOf(field)}: ${wordsFor(field, values)} `, el("span", { "aria-hidden": "true" }, "×"), el("span", { class: "skip" }, "remove this filter"));
  }));
}

function filterBy(id, values) {
  const filters = { ...state.filters };
  if (values.some(Boolean)) filters[id] = values; else delete filters[id];
  change({ filters });
}

// A list of the values that a column holds, or that belong to the rows, each with the number of its rows.
function choices(table, one) {
  const id = one.id || one.name, index = table.at.get(one.name);
  const counts = new Map();
  for (const row of table.rows) {
    for (const value of (one.rows ? one.rows[idOf(table, row)] || [] : [row[index]])) {
      if (value) counts.set(value, (counts.get(value) || 0) + 1);
    }
  }
  const selected = (state.filters[id] || []).join(",");
  const order = one.rows ? [...counts.keys()].sort((a, b) => labelOf(a).localeCompare(labelOf(b)))
    : Object.keys(one.list ? page.codes[one.list] || {} : YES).filter((code) => counts.has(code));
  const options = order.map((value) => [value, `${wordsFor(one, [value])} (${counts.get(value)})`]);
  if (selected && !order.includes(selected)) options.push([selected, wordsFor(one, selected.split(","))]);
  return el("label", { title: one.description || null }, titleOf(one), el("select", { "data-filter": id,
    onchange: (event) => filterBy(id, event.target.value.split(",")) },
    el("option", { value: "" }, "any"), ...options.map(([value, text]) =>
      el("option", { value, selected: value === selected ? "" : null }, text))));
}

function months(one) {
  const values = state.filters[one.id] || ["", ""];
  return [pick("from", "с"), pick("to", "по")].map((end, place) => el("label", {}, `${titleOf(one)}, ${end}`,
    el("input", { type: "month", placeholder: "2025-10", value: values[place] || "", "data-filter": `${one.id}-${place}`,
      onchange: (event) => filterBy(one.id, [0, 1].map((at) => (at === place ? event.target.value : values[at] || ""))) })));
}

function wordsFor(field, values) {
  if (field.span) return values.map((value) => value || "…").join(" – ");
  return values.map((value) => { const code = codeOf(field, value); return code ? pick(code[0], code[1]) : labelOf(value); }).join(", ");
}

function renderRows(table) {
  const fields = visible(table);
  const rows = sorted(table, matching(table, state), state.sort);
  const head = el("tr", {}, ...fields.map((field) => {
    const order = state.sort === field.name ? "ascending" : state.sort === "-" + field.name ? "descending" : null;
    return el("th", { scope: "col", "aria-sort": order }, el("button", { type: "button", title: field.description,
      onclick: () => { change({ sort: order === "ascending" ? "-" + field.name : field.name }); focusHead(field); } },
      titleOf(field) + (order ? (order === "ascending" ? " ↑" : " ↓") : "")));
  }));
  const body = rows.slice(0, state.shown).map((row) => el("tr", {}, ...fields.map((field, place) => {
    const cell = shown(table, field, row[table.at.get(field.name)], idOf(table, row));
    const leads = PHONE.matches && !place && home.has(idOf(table, row)) && (!cell.tagName || cell.tagName === "SPAN");   // its id is far to the right
    return el("td", { class: /integer|number/.test(field.type) ? "number" : field.name.endsWith("_edtf") ? "date" : null },
      leads ? el("a", { href: anchor(idOf(table, row)) }, cell) : cell);
  })));
  $("rows").replaceChildren(el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
  $("count").textContent = `${rows.length} of ${table.rows.length} rows`
    + (rows.length > state.shown ? `, the first ${state.shown} shown` : "")
    + (fields.length < table.fields.length ? `; ${fields.length} of ${table.fields.length} columns` : "");
  $("more").hidden = rows.length <= state.shown;
  $("columns").replaceChildren(...fields.flatMap((field) => [
    el("dt", {}, titleOf(field) + " ", el("code", {}, field.name)), el("dd", {}, field.description)]));
}

function focusHead(field) {
  const index = visible(tables.get(state.table)).indexOf(field);
  const head = $("rows").querySelectorAll("th button")[index];
  if (head) head.focus();
}

// ---------------------------------------------------------------- row panel

const panel = $("panel");
let background = "";

function openRow(id) {
  const table = home.get(id), row = table.byId.get(id);
  const [, , , words] = page.rows[id] || [];
  const link = location.href.split("#")[0] + anchor(id);
  const [said, at] = page.cited.rows[id], place = page.cited.places[at];
  const gaps = { id, words: said, place };
  const citation = page.cited.texts[place ? 1 : 0].replace(/\{(id|words|place)\}/g, (_, gap) => gaps[gap]);
  const note = row[table.at.get("note")];
  const local = location.protocol === "file:" ? el("p", { class: "quiet" }, "This link works on this computer only.") : "";
  panel.replaceChildren(
    el("div", { class: "bar" },
      el("p", { class: "kicker" }, titleOf(table) + " · ", el("span", { class: "id" }, id)),
      el("button", { type: "button", onclick: () => panel.close() }, "Close")),
    el("h2", { id: "panel-title", tabindex: "-1" }, labelOf(id)),
    words ? el("p", { class: "words" }, words) : "",
    note ? el("p", { class: "caveat" }, `Note: ${note}`) : "",
    place && !(words && words.includes(place.split(",")[0])) ? el("p", { class: "quiet" }, `In the article: ${place}.`) : "",
    russian() ? el("p", { class: "quiet" }, "Sentences are given in English only.") : "",
    ...groups(id, null),
    el("h3", {}, "The row"),
    facts(table, row, id),
    el("h3", {}, "Cite and link"),
    field("How to cite this row", "Copy citation", citation, 5),
    field("Permanent link", "Copy link", link, 1),
    local,
    el("h3", {}, "Is it wrong?"),
    field("Report to copy", "Copy report", `Row: ${id}\nVersion: ${page.package.name} ${page.package.version}\nIt should say: \nBecause: \nSource: `, 5));
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  $("panel-title").focus();
}

function field(name, action, text, rows) {
  const area = el("textarea", { readonly: "", rows, "aria-label": name });
  area.value = text;
  const button = el("button", { type: "button", onclick: async () => {
    area.select();
    try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; } catch { button.textContent = "Selected: copy it with the keyboard"; }
  } }, action);
  return el("div", {}, area, button);
}

function facts(table, row, id) {
  return el("dl", { class: "facts" }, ...table.fields.flatMap((one, index) => {
    if (!row[index] || one.name === "note") return [];   // the note is above
    const code = codeOf(one, row[index]);
    return [el("dt", { title: one.description }, titleOf(one)),
      el("dd", {}, shown(table, one, row[index], id), code && code[2] ? el("span", { class: "quiet" }, " " + code[2]) : "")];
  }));
}

// What points to a row, by table and column, the tables that matter most first. Below an entry is listed once what of these
// points to it in turn.
function groups(id, above) {
  const found = new Map();
  const rank = (one) => (page.first.indexOf(one.table.name) + 1) || page.first.length + 1;
  const all = [...(pointing.get(id) || [])].sort((a, b) => rank(a) - rank(b));
  for (const one of all) {
    if (above && (one.row.includes(above) || !page.first.includes(one.table.name))) continue;
    const key = page.together[one.table.name] ? one.table.name : `${one.table.name}.${one.field.name}`;
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(one);
  }
  return [...found.values()].map((entries) => {
    const { table, field: column } = entries[0];
    const several = table.fields.filter((one) => one.target === column.target).length > 1;
    const heading = page.together[table.name] ? pick(...page.together[table.name])
      : titleOf(table) + (several ? ` (${titleOf(column).toLowerCase()})` : "");
    const title = `${heading}: ${entries.length}`;
    const list = el("ul", { class: "entries" }, ...entries.map((one) => entry(one, id, above)));
    if (above) return list;
    if (entries.length <= FEW_ENTRIES) return el("div", {}, el("h3", {}, title), list);
    return el("details", {}, el("summary", {}, title), list);
  });
}

function entry({ table, row }, id, above) {
  const own = idOf(table, row);
  const [, , , words] = page.rows[own] || [];
  const url = table.fields.map((one, index) => one.target && tables.get(one.target).at.has("url")
    ? valueAt(table, row, `${one.name}.url`) : "").find(safe);
  const told = words && words.includes(page.rows[own][1]);   // words that name the row need no label before them
  return el("li", {}, ...(told ? [words, " ", el("a", { class: "id", href: anchor(own) }, own)]
    : [el("a", { href: anchor(own) }, labelOf(own)), words ? ` (${words.replace(/\.$/, "")})` : ""]),
    url ? el("a", { class: "id", href: url, rel: "noreferrer" }, "source ↗") : "",
    ...(above ? [] : groups(own, id)));
}

panel.addEventListener("close", () => {
  if (home.has(decodeURI(location.hash.slice(1)))) history.replaceState(null, "", background || location.pathname + location.search);
});
panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });

// ---------------------------------------------------------------- pictures

function savePicture(section, kind) {
  const title = section.querySelector("h3").textContent;
  const name = `${page.package.name}-${section.id}`;
  if (kind === "csv") {
    const lines = [...section.querySelectorAll("table tr")].map((row) => [...row.cells].map((cell) => {
      const one = cell.querySelector(russian() ? ".ru" : ".en");
      return (one || cell).textContent;
    }));
    save(`${name}.csv`, "text/csv", csv(lines));
    return;
  }
  const copy = section.querySelector("svg.wide").cloneNode(true);
  copy.querySelectorAll(russian() ? ".en" : ".ru").forEach((node) => { if (russian() ? node.nextElementSibling : true) node.remove(); });
  copy.querySelectorAll("a").forEach((node) => node.replaceWith(...node.childNodes));
  const [, , wide, high] = copy.getAttribute("viewBox").split(" ").map(Number);
  const line = (y, text, given) => {   // what is above and below the drawing on the page goes along
    const node = document.createElementNS("http://www.w3.org/2000/svg", "text");
    for (const [key, value] of Object.entries({ x: 0, y, ...given })) node.setAttribute(key, value);
    node.textContent = text;
    copy.append(node);
  };
  line(-24, title, { "font-size": 20, "font-weight": 700 });
  line(high + 24, section.querySelector(".credit").textContent, { class: "quiet" });
  copy.setAttribute("viewBox", `-20 -60 ${wide + 40} ${high + 100}`);
  const style = page.chart.split("@media")[0] + page.chart.replace(/^[^]*?\n}\n/, "");   // in the colours of the day
  const text = new XMLSerializer().serializeToString(copy).replace(/<svg[^>]*>/, (start) => `${start}<style>${style}</style>`);
  save(`${name}.svg`, "image/svg+xml", text);
}

// ---------------------------------------------------------------- start

function follow() {
  const hash = decodeURI(location.hash.slice(1));
  if (home.has(hash)) { openRow(hash); return; }
  if (panel.open) panel.close();
  background = location.hash;
  if (hash.startsWith("table/") && readAddress(hash)) {
    render();
    $("explore").scrollIntoView();
    $("explore").focus({ preventScroll: true });
    return;
  }
  const target = hash && document.getElementById(hash);
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  if (hash === "method") $("method").querySelector("details").open = true;
  if (target) target.scrollIntoView();
}

let typing = 0;
$("search").addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => change({ q: event.target.value }), 120);
});
$("all-columns").addEventListener("change", (event) => change({ all: event.target.checked }));
$("pick").addEventListener("change", (event) => change({ table: event.target.value, filters: {}, sort: "" }));
PHONE.addEventListener("change", render);
$("more").addEventListener("click", () => { state.shown += 4 * STEP; renderRows(tables.get(state.table)); });
$("save-rows").addEventListener("click", () => {
  const table = tables.get(state.table);
  const rows = sorted(table, matching(table, state), state.sort);
  save(`${table.name}${rows.length < table.rows.length ? "-filtered" : ""}.csv`, "text/csv", csv([table.fields.map((one) => one.name), ...rows]));
});
$("labels").addEventListener("click", (event) => {
  document.documentElement.dataset.labels = russian() ? "en" : "ru";
  event.target.setAttribute("aria-pressed", String(russian()));
  render();
});
for (const button of document.querySelectorAll("[data-save]")) {
  button.addEventListener("click", () => savePicture(button.closest("section"), button.dataset.save));
}
window.addEventListener("hashchange", follow);
render();
follow();
})();
