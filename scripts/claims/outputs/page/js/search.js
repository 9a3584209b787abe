// One search over everything: names in every alphabet, beginnings of words, Russian cases, small mistakes.

const SHOWN = 40;
const SHORTEST_STEM = 3;
const SHORTEST_START = 4;
// Endings of Russian cases, and of adjectives; then the suffix of many surnames and plurals.
const CASES = /(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|иях|ией|иям|ях|ах|ов|ев|ей|ой|ий|ый|ая|яя|ое|ее|ые|ие|ую|юю|ом|ем|ам|ям|ии|ию|ия|ью|их|ых|им|ым|а|я|о|е|ы|и|у|ю|ь|й)$/;
const SURNAME = /(?:ов|ев)$/;

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/['’ʼ`]/g, "").normalize("NFC");
}

function stem(word) {
  if (!/^[а-я]+$/.test(word)) return word.replace(/^([a-z]{3,}?)(?:ies|es|s)$/, "$1");
  const strip = (text, ending) => { const short = text.replace(ending, ""); return short.length >= SHORTEST_STEM ? short : text; };
  return strip(strip(word, CASES), SURNAME);
}

const wordsOf = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const terms = (text) => wordsOf(text).map(stem);

// All names of a row: its labels and other columns that name it, and the names that further tables give it.
const namesById = new Map();
function namesOf(id) {
  if (!namesById.has(id)) {
    const table = home.get(id), row = table.byId.get(id);
    const own = table.fields.filter((field) => /^(name|label|title|abbreviation)(_|$)/.test(field.name)).map((field) => valueAt(table, row, field.name));
    const more = pointersTo(id).filter((one) => page.search.names.includes(one.table.name)).map((one) => one.row.name);
    namesById.set(id, [...own, ...more].filter(Boolean).join(" · "));
  }
  return namesById.get(id);
}

// The names of those who take part in a thing, by the tables of links and their columns that the settings name.
function partiesOf(id) {
  return pointersTo(id).flatMap(({ table, field, row }) => {
    const columns = (page.search.links || {})[table.name] || [];
    return columns.includes(field.name) ? [] : columns.map((name) => row[name]).filter(Boolean).map(namesOf);
  });
}

// The names of what a row points to, as far as it names something of the article.
function neighbours(table, row) {
  return table.fields.filter((field) => field.target && page.search.tables.includes(field.target) && row[field.name]).map((field) => row[field.name]);
}

// What a row says itself, the names of what it points to, and of what belongs to that.
function documentOf(table, id, row) {
  const own = table.fields.filter((field) => field.type === "string" && !field.target && !field.list && !/_edtf$|^(url|sha256)$/.test(field.name))
    .map((field) => valueAt(table, row, field.name)).filter(Boolean);
  const next = (one) => neighbours(home.get(one), home.get(one).byId.get(one));
  const near = neighbours(table, row);
  const beyond = near.flatMap(next);
  const around = beyond.flatMap((one) => next(one).filter((other) => home.get(other) === home.get(one)));   // what a place lies in
  const far = [...near.flatMap(partiesOf), ...[...beyond, ...around].map(namesOf), ...partiesOf(id)];
  return { id, own: own.join(" · "), names: namesOf(id), near: near.map(namesOf).join(" · "), far: [...new Set(far)].join(" · ") };
}

let index;
function searchIndex() {
  if (index) return index;
  index = new MiniSearchModule.default({ fields: ["own", "names", "near", "far"], tokenize: wordsOf, processTerm: stem, searchOptions: { boost: { names: 4, own: 3, near: 1.5, far: 0.5 } } });
  const ids = (page.search.tables || []).flatMap((name) => (tables.has(name) ? [...tables.get(name).byId].map(([id, row]) => documentOf(tables.get(name), id, row)) : []));
  index.addAll(ids);
  return index;
}

// Exact hits (every word, or its beginning), then similar ones: small mistakes, and words that begin alike.
function search(query) {
  const found = searchIndex(), words = terms(query);
  if (!words.length) return { exact: [], similar: [] };
  const exact = found.search(query, { prefix: (term) => term.length > 1, combineWith: "AND" });
  const known = new Set(exact.map((one) => one.id));
  const starts = words.map((word) => word.slice(0, Math.max(SHORTEST_START, Math.ceil(word.length / 2)))).join(" ");
  let similar = found.search(query, { prefix: true, fuzzy: (term) => (term.length > 3 ? 0.25 : false), maxFuzzy: 2, combineWith: "AND" });
  if (!exact.length && !similar.some((one) => home.get(one.id) === claims)) {
    similar = [...similar, ...found.search(query, { prefix: true, fuzzy: (term) => (term.length > 3 ? 0.34 : false), maxFuzzy: 3 }),
      ...found.search(starts, { prefix: (term) => term.length >= SHORTEST_START, processTerm: (term) => term })];
  }
  const seen = new Set(known);
  return { exact, similar: similar.filter((one) => !seen.has(one.id) && seen.add(one.id)) };
}

function proposals(query) {
  return searchIndex().autoSuggest(query, { fuzzy: 0.4, maxFuzzy: 4, prefix: true, combineWith: "OR" }).slice(0, 5).map((one) => one.suggestion);
}

// ---------------------------------------------------------------- results

let before = null;   // what had the focus

function results(query) {
  const box = $("results");
  if (!query.trim()) { closeResults(); return; }
  const { exact, similar } = search(query);
  const close = el("button", { type: "button", onclick: () => { $("find").value = ""; setQuery(""); $("find").focus(); } }, t("Close", "Закрыть"));
  const title = exact.length ? count(exact.length, "hit", "hits", "находка", "находки", "находок")
    : similar.length ? t("Nothing exactly so; similar:", "Точно такого нет; похожее:") : t("Nothing found", "Ничего не найдено");
  box.replaceChildren(el("div", { class: "head" }, el("h2", { id: "results-title" }, title, " ", el("small", {}, `“${query.trim()}”`)), close),
    ...listed(exact), similar.length && exact.length ? el("h2", {}, t("Similar", "Похожее")) : "", ...listed(similar),
    exact.length || similar.length ? "" : el("p", {}, t("Perhaps: ", "Может быть: "), ...proposals(query).map((word) => [el("button", { type: "button", onclick: () => { $("find").value = word; setQuery(word); } }, word), " "]).flat()));
  if (box.hidden) { before = document.activeElement; box.hidden = false; box.scrollTop = 0; }
  say(title, true);
}

// Claims first, then the other rows by table.
function listed(hits) {
  const groups = new Map();
  for (const hit of hits) {
    const table = home.get(hit.id);
    if (!groups.has(table)) groups.set(table, []);
    groups.get(table).push(hit);
  }
  const order = [...groups].sort(([a], [b]) => (b === claims) - (a === claims));
  return order.flatMap(([table, found]) => {
    const list = el("ol", {}, ...found.slice(0, SHOWN).map((hit) => hitOf(table, hit)));
    const more = found.length - SHOWN;
    return [el("h3", {}, `${table.title} (${found.length})`), list,
      more > 0 ? el("p", {}, el("button", { type: "button", onclick: (event) => { list.append(...found.slice(SHOWN).map((hit) => hitOf(table, hit))); event.target.parentNode.remove(); } }, count(more, "more", "more", "ещё", "ещё", "ещё"))) : ""];
  });
}

function hitOf(table, hit) {
  const colour = page.colours[0], one = colour && classOf(colour, hit.id);
  const place = table === claims ? placeOf(hit.id) : "";
  const words = (hit.queryTerms || []).concat(hit.terms || []);
  return el("li", {}, one ? [verdict(one), " "] : "", el("a", { href: anchor(hit.id), onclick: closeResults }, ...marked(labelOf(hit.id), words)), " ",
    el("small", {}, place && !russian ? place + " · " : "", el("span", { class: "id" }, hit.id)));
}

// The words of a hit, marked in its label.
function marked(text, words) {
  return text.split(/([\p{L}\p{N}]+)/u).map((part) => (part && words.some((word) => fold(part).startsWith(word) && word.length > 1) ? el("mark", {}, part) : part)).filter((part) => part !== "");
}

function closeResults() {
  if ($("results").hidden) return;
  $("results").hidden = true;
  if (before && before !== $("find") && document.contains(before)) before.focus();
}

// The query stands in the address, so that Back undoes a search.
function setQuery(query) {
  const address = query.trim() ? "#find?" + new URLSearchParams({ q: query.trim() }) : location.pathname + location.search;
  if (location.hash.startsWith("#find?")) history.replaceState(null, "", address);
  else if (query.trim()) history.pushState(null, "", address);
  results(query);
}
