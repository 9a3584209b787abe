"use strict";
// The data block of the page as tables of rows, and how a row is called, cited and placed.

const page = JSON.parse(document.getElementById("page-data").textContent);
const russian = page.language === "ru";
const t = (english, inRussian) => (russian ? inRussian : english);
const $ = (id) => document.getElementById(id);

function csv(rows) {
  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  return rows.map((row) => row.map(cell).join(",") + "\n").join("");
}

class Table {
  constructor(given) {
    Object.assign(this, given);
    this.fieldNames = new Map(this.fields.map((field) => [field.name, field]));
    this.isTable = !this.view;
  }

  get rows() {
    const value = Array.from({ length: this.count }, () => ({}));
    for (const { name, cells } of this.fields) {
      if (!cells) continue;
      const all = Array.isArray(cells) ? cells : cells.at.split(" ").map((place) => cells.of[place]);
      all.forEach((cell, place) => { value[place][name] = cell; });
    }
    Object.defineProperty(this, "rows", { value });
    return value;
  }

  get byId() {
    const value = new Map(this.rows.map((row) => [this.idOf(row), row]));
    Object.defineProperty(this, "byId", { value });
    return value;
  }

  idOf(row) {
    return this.key.map((name) => row[name]).join("/");
  }
}

const tables = new Map(page.tables.map((given) => [given.name, new Table(given)]));
const ownTables = [...tables.values()].filter((table) => table.isTable);

// What is worked out when it is first asked for: a page that is only read needs nothing of it.
function lazy(work) {
  let value;
  return () => (value === undefined ? (value = work()) : value);
}

// The table that holds a row, by its id.
const homes = lazy(() => new Map(ownTables.flatMap((table) => [...table.byId.keys()].map((id) => [id, table]))));
const home = { has: (id) => homes().has(id), get: (id) => homes().get(id) };
const claims = tables.get(page.claims);
const claimIndexes = lazy(() => new Map(claims ? [...claims.byId.keys()].map((id, index) => [id, index]) : []));

// Code lists as the dictionary of the page has them: list, code: [label, definition].
const codeLists = lazy(() => new Map([...document.querySelectorAll("#dictionary [data-list]")].map((list) => [list.dataset.list,
  new Map([...list.querySelectorAll("dt")].map((term) => [term.querySelector("code").textContent,
    [term.firstChild.textContent.trim(), definitionOf(term)]]))])));
const definitionOf = (term) => (term.nextElementSibling && term.nextElementSibling.tagName === "DD" ? term.nextElementSibling.textContent : "");
const codes = { has: (list) => codeLists().has(list), get: (list) => codeLists().get(list) };
const YES = new Map([["true", [t("yes", "да"), ""]], ["false", [t("no", "нет"), ""]]]);

function codeOf(field, value) {
  if (field.type === "boolean") return YES.get(value);
  return field.list && codes.has(field.list) ? codes.get(field.list).get(value) : undefined;
}

// What the page says of a row: in its own element, or the address in that of a row that points to it.
function said(table, row, mark) {
  const id = table.idOf(row);
  if (mark[0] === "#") return ($(id) && $(id).querySelector("." + mark.slice(1)) || { textContent: "" }).textContent;
  const places = pointersTo(id).filter((one) => one.table.name === mark.slice(1)).map((one) => $(one.table.idOf(one.row)));
  const links = places.map((place) => place && place.querySelector('a[href^="http" i]'));
  return (links.find(Boolean) || { getAttribute: () => "" }).getAttribute("href");
}

// The cell of a column, or of `key.column` in the row that a key points to.
function valueAt(table, row, path) {
  const [name, rest] = path.split(/\.(.*)/s);
  const field = table.fieldNames.get(name);
  if (!field) return "";
  let value = row[name];
  if (field.path && /^[#^]/.test(field.path)) value = value || said(table, row, field.path);
  else if (field.path && field.path.includes("|")) {   // first or last day of a date
    const [date, end] = field.path.split("|");
    value = (page.dates[valueAt(table, row, date)] || [])[end];
  } else if (field.path) value = valueAt(table, row, field.path);
  if (!rest || !value) return value || "";
  const other = tables.get(field.target);
  const found = other && other.byId.get(value);
  return found ? valueAt(other, found, rest) : "";
}

function fieldAt(table, path) {
  const [name, rest] = path.split(/\.(.*)/s);
  const field = table.fieldNames.get(name);
  return rest && field && field.target ? fieldAt(tables.get(field.target), rest) : field;
}

const dateOf = (field, value) => (field.name.endsWith("_edtf") && page.dates[value] ? page.dates[value][0] : undefined);

// A form such as "{title}[, {publisher}]" with the cells of a row; undefined where a column outside the brackets is empty.
function filled(form, table, row, say) {
  let whole = true;
  const cell = (name) => (table.fieldNames.has(name) ? say(table, name, valueAt(table, row, name)) : "");
  const text = form
    .replace(/\[([^\]]*)\]/g, (_, part) => ([...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => valueAt(table, row, name)) ? part : ""))
    .replace(/\{(\w+)\}/g, (_, name) => cell(name));
  const needed = [...form.replace(/\[[^\]]*\]/g, "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  if (needed.length && needed.every((name) => !valueAt(table, row, name))) whole = false;
  if (needed.length === 1 && !valueAt(table, row, needed[0])) whole = false;
  return whole ? text : undefined;
}

function labelOf(id) {
  const table = home.get(id);
  if (!table) return id;
  const say = (of, name, value) => {
    const field = of.fieldNames.get(name), code = codeOf(field, value);
    return code ? code[0] : field.target && value ? labelOf(value) : value;
  };
  for (const form of table.label) {
    const text = filled(form, table, table.byId.get(id), say);
    if (text) return text;
  }
  return id;
}

// A row in words, as its citation has it.
function inWords(table, row, depth = 0) {
  const [leadIn, form] = table.words;
  const say = (of, name, value) => {
    const field = of.fieldNames.get(name), other = tables.get(field.target);
    if (other && value && depth < 4) return inWords(other, other.byId.get(value), depth + 1);
    const code = field.list && value ? englishCode(field, value) : undefined;
    return code || value;
  };
  const lead = leadIn && !depth ? leadIn + " " : "";
  return lead + (form || "")
    .replace(/\[([^\]]*)\]/g, (_, part) => ([...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => valueAt(table, row, name)) ? part : ""))
    .replace(/\{(\w+)\}/g, (_, name) => say(table, name, valueAt(table, row, name)));
}

function englishCode(field, value) {
  const code = codes.has(field.list) ? codes.get(field.list).get(value) : undefined;
  return code ? page.english[`${field.list}/${value}`] || code[0] : undefined;
}

function placeOf(id) {
  const table = home.get(id);
  const index = [...table.byId.keys()].indexOf(id);
  return page.places[table.places[index]] || "";
}

function citationOf(id) {
  const table = home.get(id), place = placeOf(id);
  const gaps = { id, place, words: inWords(table, table.byId.get(id)).replace(/\.$/, "") };
  return page.cited[place ? 1 : 0].replace(/\{(id|words|place)\}/g, (_, gap) => gaps[gap]);
}

// The address of a row; with the version in it, so that a later page can say that it is a later one.
function addressOf(id) {
  const base = page.package.homepage ? new URL(russian ? "ru.html" : "index.html", page.package.homepage.replace(/\/?$/, "/")) : new URL(location.href);
  base.search = `?version=${page.package.version}`;
  base.hash = encodeURI(id);
  return base.href;
}

// What points to a row: { table, field, row }, by the id of the row.
let pointing;
function pointersTo(id) {
  if (!pointing) {
    pointing = new Map();
    for (const table of ownTables) {
      for (const field of table.fields.filter((one) => one.target)) {
        for (const row of table.rows) {
          if (!row[field.name]) continue;
          if (!pointing.has(row[field.name])) pointing.set(row[field.name], []);
          pointing.get(row[field.name]).push({ table, field, row });
        }
      }
    }
  }
  return pointing.get(id) || [];
}

// The class of a claim in a colouring.
function classOf(colour, id) {
  const index = claimIndexes().get(id);
  return index === undefined ? undefined : colour.classes[colour.of[index]];
}
