// The explorer: one table or view at a time, text first, filtered by facets whose counts follow the filter.

const STEP = 60;
const FEW = 5;
const MANY_VALUES = 12;
const CLASS = ":";   // before the id of a colouring, where a column or facet is no column of a table
const state = { table: "", q: "", filters: {}, sort: "", all: false, shown: STEP };

const explored = [...tables.values()].filter((table) => table.key.length);
state.table = (Object.keys(page.columns).find((name) => tables.has(name)) || (explored[0] || {}).name);

function address() {
  const given = new URLSearchParams();
  if (state.q) given.set("q", state.q);
  for (const [path, values] of Object.entries(state.filters)) given.set(path, values.join(","));
  if (state.sort) given.set("sort", state.sort);
  const query = given.toString().replace(/%2C/g, ",").replace(/%3A/g, ":");
  return `table/${state.table}${query ? "?" + query : ""}`;
}

function readAddress(hash) {
  const [name, query] = hash.slice("table/".length).split(/\?(.*)/s);
  if (!tables.has(name)) return false;
  Object.assign(state, { table: name, q: "", filters: {}, sort: "", shown: STEP });
  for (const [key, value] of new URLSearchParams(query || "")) {
    if (key === "q" || key === "sort") state[key] = value;
    else if (facetAt(tables.get(name), key)) state.filters[key] = value.split(",").filter(Boolean).length || value.includes(",") ? value.split(",") : [];
  }
  return true;
}

function change(given) {
  Object.assign(state, { shown: STEP }, given);
  const hash = "#" + address();
  if (hash !== location.hash) history.pushState(null, "", hash);
  render();
}

// A facet is a colouring, a filter of the settings, or a column.
function facetAt(table, id) {
  if (id.startsWith(CLASS)) {
    const colour = table === claims && page.colours.find((one) => CLASS + one.id === id);
    return colour ? { id, title: colour.title, colour } : undefined;
  }
  const filter = page.filters.find((one) => one.id === id && one.tables.includes(table.name));
  if (filter) return filter;
  const field = fieldAt(table, id);
  return field ? { id, title: field.title, field } : undefined;
}

function facets(table) {
  const ids = [...(table === claims ? page.colours.map((one) => CLASS + one.id) : []),
    ...page.filters.filter((one) => one.tables.includes(table.name)).map((one) => one.id),
    ...table.fields.filter((field) => field.list || field.type === "boolean").map((field) => field.name)];
  return [...new Set([...ids, ...Object.keys(state.filters)])].map((id) => facetAt(table, id)).filter(Boolean);
}

function valuesAt(table, row, facet) {
  if (facet.colour) { const one = classOf(facet.colour, table.idOf(row)); return one ? [one.code] : []; }
  if (facet.columns) return facet.columns.map((name) => valueAt(table, row, name)).filter(Boolean);
  if (facet.rows) return facet.rows[table.idOf(row)] || [];
  const value = valueAt(table, row, facet.id);
  return value ? [value] : [];
}

function passes(table, row, facet, values) {
  const found = valuesAt(table, row, facet);
  if (!facet.span) return found.some((one) => values.includes(one));
  if (!found.length) return false;
  const [first, last] = found.map((day) => (day || "").slice(0, 7)), [from, to] = values;   // to the month
  return (!from || !last || last >= from) && (!to || !first || first <= to);
}

// All that a row can be found by.
function haystack(table, row) {
  if (!table.hay) table.hay = new Map();
  if (!table.hay.has(row)) {
    const words = table.fields.flatMap((field) => {
      const value = valueAt(table, row, field.name);
      if (!value) return [];
      return [value, dateOf(field, value) || "", (codeOf(field, value) || [""])[0], home.has(value) ? namesOf(value) : ""];
    });
    table.hay.set(row, " " + wordsOf(words.join(" ")).join(" "));
  }
  return table.hay.get(row);
}

function matching(table, without) {
  const words = wordsOf(state.q);
  const filters = Object.entries(state.filters).filter(([id]) => id !== without).map(([id, values]) => [facetAt(table, id), values]).filter(([facet]) => facet);
  return table.rows.filter((row) => filters.every(([facet, values]) => passes(table, row, facet, values))
    && words.every((word) => haystack(table, row).includes(" " + word)));
}

function sorted(table, rows) {
  if (!state.sort) return rows;
  const name = state.sort.replace(/^-/, ""), field = fieldAt(table, name);
  if (!field && !name.startsWith(CLASS)) return rows;
  // A date is put in order by the first day that it can mean, or, where that is open, by the last.
  const days = name.endsWith("_edtf") ? ["_earliest", "_latest"].map((end) => name.replace(/_edtf$/, end)).filter((one) => fieldAt(table, one)) : [];
  const colour = (facetAt(table, name) || {}).colour;
  const key = (row) => (colour ? String(colour.of[claimIndexes().get(table.idOf(row))]).padStart(2, "0")
    : days.map((one) => valueAt(table, row, one)).find(Boolean) || valueAt(table, row, name));
  const sign = state.sort.startsWith("-") ? -1 : 1;
  const numeric = field && /integer|number/.test(field.type);
  return [...rows].map((row) => [key(row), row]).sort(([x], [y]) => {
    if (!x || !y) return (x ? -1 : 0) + (y ? 1 : 0);
    return sign * (numeric ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0);
  }).map(([, row]) => row);
}

// ---------------------------------------------------------------- what is shown

function inLanguage(name) {
  return russian ? !/^(label|name|title)_en$/.test(name) : !/_ru$/.test(name);
}

function columnsOf(table) {
  if (state.all) return table.fields.map((field) => field.name);
  const given = (page.columns[table.name] || []).filter((name) => inLanguage(name) && (name.startsWith(CLASS) ? table === claims : fieldAt(table, name)));
  if (given.length) return given;
  const some = table.fields.filter((field) => table.key.includes(field.name) || (field.name !== "note" && inLanguage(field.name) && table.rows.some((row) => valueAt(table, row, field.name))));
  return some.slice(0, FEW).map((field) => field.name);
}

// Put new things where the old were, with the focus on what has the same mark.
function keepingFocus(work) {
  const mark = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.focus : undefined;
  work();
  if (!mark || document.activeElement !== document.body) return;
  const again = document.querySelector(`[data-focus="${CSS.escape(mark)}"]`);
  if (again) again.focus({ preventScroll: true });
}

let rendered = false;
function render() {
  rendered = true;
  keepingFocus(() => {
    const table = tables.get(state.table);
    $("explorer").hidden = false;
    if ($("search").value !== state.q && document.activeElement !== $("search")) $("search").value = state.q;
    $("all-columns").checked = state.all;
    $("pick").replaceChildren(...explored.map((one) => el("option", { value: one.name, selected: one === table ? "" : null }, `${one.title} (${one.rows.length})`)));
    const about = table.about || ($(`about-${table.name}`) || { querySelector: () => null }).querySelector("p");
    $("about-table").replaceChildren(typeof about === "string" ? english(about) : about ? english(about.textContent) : "");
    renderFacets(table);
    renderRows(table);
  });
}

function renderFacets(table) {
  const open = new Set([...document.querySelectorAll("#facets details[open]")].map((one) => one.dataset.facet));
  $("facets").replaceChildren(...facets(table).map((facet) => {
    const values = state.filters[facet.id] || [];
    const summary = el("summary", { "data-focus": `facet-${facet.id}` }, facet.title + (values.length ? `: ${values.map((value) => wordOf(facet, value)).filter(Boolean).join(facet.span ? " – " : ", ")}` : ""));
    const box = el("details", { class: "facet" + (values.length ? " on" : ""), "data-facet": facet.id, open: open.has(facet.id) ? "" : null }, summary);
    const fill = () => { if (box.open && box.children.length === 1) box.append(el("div", {}, ...(facet.span ? months(facet, values) : choices(table, facet, values)))); };
    fill();
    box.addEventListener("toggle", () => { fill(); if (box.open) for (const other of document.querySelectorAll("#facets details[open]")) if (other !== box) other.open = false; });
    return box;
  }), Object.keys(state.filters).length || state.q ? el("button", { type: "button", "data-focus": "clear", onclick: () => { $("search").value = ""; change({ filters: {}, q: "" }); $("pick").focus(); } }, t("Clear", "Сбросить")) : "");
}

function filterBy(id, values) {
  const filters = { ...state.filters };
  if (values.some(Boolean)) filters[id] = values; else delete filters[id];
  change({ filters });
}

function choices(table, facet, values) {
  const all = new Map(), now = new Map();
  for (const row of table.rows) for (const value of valuesAt(table, row, facet)) all.set(value, 0);
  for (const row of matching(table, facet.id)) for (const value of valuesAt(table, row, facet)) now.set(value, (now.get(value) || 0) + 1);
  const known = facet.colour ? facet.colour.classes.map((one) => one.code)
    : facet.field && facet.field.list && codes.has(facet.field.list) ? [...codes.get(facet.field.list).keys()] : facet.field && facet.field.type === "boolean" ? [...YES.keys()] : null;
  const order = known ? known.filter((value) => all.has(value)) : [...all.keys()].sort((a, b) => (now.get(b) || 0) - (now.get(a) || 0) || wordOf(facet, a).localeCompare(wordOf(facet, b)));
  return order.map((value) => {
    const one = facet.colour && facet.colour.classes.find((each) => each.code === value);
    return el("label", { class: now.get(value) ? null : "zero" }, el("input", { type: "checkbox", value, checked: values.includes(value) ? "" : null, "data-focus": `${facet.id}=${value}`,
      onchange: (event) => filterBy(facet.id, event.target.checked ? [...values, value] : values.filter((each) => each !== value)) }), " ",
    one ? [square(one.style), " "] : "", `${wordOf(facet, value)} (${now.get(value) || 0})`);
  });
}

function months(facet, values) {
  return [t("from", "с"), t("to", "по")].map((end, place) => el("label", {}, `${end} `,
    el("input", { type: "month", placeholder: "2025-10", value: values[place] || "", "data-focus": `${facet.id}-${place}`,
      onchange: (event) => filterBy(facet.id, [0, 1].map((at) => (at === place ? event.target.value : values[at] || ""))) })));
}

function wordOf(facet, value) {
  if (facet.span) return value;
  if (facet.colour) return (facet.colour.classes.find((one) => one.code === value) || { label: value }).label;
  const code = facet.field && codeOf(facet.field, value);
  return code ? code[0] : home.has(value) ? labelOf(value) : value;
}

function renderRows(table) {
  const names = columnsOf(table), rows = sorted(table, matching(table));
  const head = el("tr", {}, ...names.map((name, place) => {
    const field = fieldAt(table, name) || facetAt(table, name);
    const order = state.sort === name ? "ascending" : state.sort === "-" + name ? "descending" : null;
    return el("th", { scope: "col", "aria-sort": order, class: place ? null : "first" }, el("button", { type: "button", "data-focus": `sort-${name}`,
      onclick: () => change({ sort: order === "ascending" ? "-" + name : name }) }, field.title + (order ? (order === "ascending" ? " ↑" : " ↓") : "")));
  }));
  const body = rows.slice(0, state.shown).map((row) => el("tr", {}, ...names.map((name, place) => cellOf(table, row, name, place))));
  $("rows").replaceChildren(el("table", { class: state.all ? null : "few" }, el("thead", {}, head), el("tbody", {}, ...body)));
  $("count").textContent = t(`${rows.length} of ${count(table.rows.length, "row", "rows")}`, `${rows.length} из ${count(table.rows.length, "", "", "строки", "строк", "строк")}`)
    + (rows.length > state.shown ? t(`, the first ${state.shown} shown`, `, показаны первые ${state.shown}`) : "");
  $("more").hidden = rows.length <= state.shown;
  $("columns").replaceChildren(...names.map((name) => fieldAt(table, name)).filter(Boolean).flatMap((field) => {
    const about = field.about || ($(`about-${table.name}.${field.name}`) || { textContent: "" }).textContent;
    return [el("dt", {}, field.title + " ", el("code", {}, field.name)), el("dd", {}, english(about))];
  }));
}

function cellOf(table, row, name, place) {
  const id = table.idOf(row), first = place ? null : "first";
  if (name.startsWith(CLASS)) {
    const facet = facetAt(table, name), one = classOf(facet.colour, id);
    return el("td", { class: first, "data-name": facet.title }, one ? [square(one.style), " " + one.label] : "");
  }
  const field = fieldAt(table, name), own = valueAt(table, row, name);
  const value = own || place || !home.has(id) ? own : labelOf(id);   // the first column always says what a row is
  const cell = shown(table, field, value, id);
  const leads = !place && home.has(id) && !(cell.tagName === "A");
  return el("td", { class: [first, /integer|number/.test(field.type) ? "number" : null].filter(Boolean).join(" ") || null, "data-name": field.title },
    leads && value ? el("a", { href: anchor(id) }, cell) : cell);
}

// The rows as a file; a whole table is byte for byte the published one.
function saveRows() {
  const table = tables.get(state.table), rows = sorted(table, matching(table));
  const names = table.fields.map((field) => field.name);
  save(`${table.name}${rows.length < table.rows.length ? "-filtered" : ""}.csv`, "text/csv", [csv([names, ...rows.map((row) => names.map((name) => valueAt(table, row, name)))])]);
}
