// The panel of a row: its words, what points to it, its cells, how to cite it. And what a claim offers in its place.

const FEW_ENTRIES = 12;
const panel = $("panel");
let background = "";

function openRow(id) {
  const table = home.get(id), row = table.byId.get(id), place = placeOf(id);
  const words = inWords(table, row), note = table.fieldNames.has("note") ? valueAt(table, row, "note") : "";
  panel.replaceChildren(
    el("div", { class: "head" }, el("p", { class: "kicker" }, table.title + " · ", el("span", { class: "id" }, id)),
      el("button", { type: "button", onclick: () => panel.close() }, t("Close", "Закрыть"))),
    el("h2", { id: "panel-title", tabindex: "-1" }, isEnglish(table) ? english(labelOf(id)) : labelOf(id)),
    words && words !== labelOf(id) ? el("p", {}, english(words)) : "",
    note ? el("p", { class: "caveat" }, t("Note: ", "Примечание: "), english(note)) : "",
    place ? el("p", { class: "quiet" }, t("In the article: ", "В статье: "), english(place)) : "",
    $(id) && !$(id).closest("#panel") ? el("p", {}, el("a", { href: anchor(id), onclick: (event) => { event.preventDefault(); panel.close(); reveal(id); } }, t("Show it in its place on the page", "Показать на своём месте на странице"))) : "",
    acts(id),
    ...groups(id, null),
    el("h3", {}, t("The row", "Строка")), facts(table, row, id));
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  $("panel-title").focus();
}

const isEnglish = (table) => russian && !table.label.some((form) => /_ru\}|\{(paragraph|name|actor_id|title)\}/.test(form));

function acts(id) {
  return el("div", { class: "acts" },
    el("button", { type: "button", onclick: () => copy(addressOf(id)) }, t("Copy link", "Скопировать ссылку")),
    el("button", { type: "button", onclick: () => copy(citationOf(id)) }, t("Copy citation", "Скопировать библиографическую ссылку")),
    el("button", { type: "button", onclick: () => copy(`Row: ${id}\nVersion: ${page.package.name} ${page.package.version}\nIt should say: \nBecause: \nSource: `) }, t("Copy a form to report a mistake", "Скопировать бланк сообщения об ошибке")));
}

function facts(table, row, id) {
  return el("dl", { class: "facts" }, ...table.fields.flatMap((field) => {
    const value = valueAt(table, row, field.name);
    if (!value || field.name === "note") return [];   // the note is above
    return [el("dt", {}, field.title), el("dd", {}, shown(table, field, value, id))];
  }));
}

// What points to a row, by table and column, the tables that matter most first. Below an entry is listed once what of these
// points to it in turn.
function groups(id, above) {
  const found = new Map();
  const rank = (one) => (page.first.indexOf(one.table.name) + 1) || page.first.length + 1;
  for (const one of [...pointersTo(id)].sort((a, b) => rank(a) - rank(b))) {
    if (above && (Object.values(one.row).includes(above) || !page.first.includes(one.table.name))) continue;
    const key = `${one.table.name}.${one.field.name}`;
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(one);
  }
  return [...found.values()].map((entries) => {
    const { table, field } = entries[0];
    const several = table.fields.filter((one) => one.target === field.target).length > 1;
    const title = `${table.title}${several ? ` (${field.title.toLowerCase()})` : ""}: ${entries.length}`;
    const list = el("ul", { class: "entries" }, ...entries.map((one) => entry(one, id, above)));
    if (above) return list;
    return entries.length <= FEW_ENTRIES ? el("div", {}, el("h3", {}, title), list) : el("details", {}, el("summary", {}, title), list);
  });
}

function entry({ table, row }, id, above) {
  const own = table.idOf(row), colour = page.colours[0], one = colour && classOf(colour, own);
  const address = table.fields.map((field) => (field.target && tables.has(field.target) && tables.get(field.target).fieldNames.has("url") ? valueAt(table, row, `${field.name}.url`) : "")).find(safe);
  return el("li", {}, one ? [verdict(one), " "] : "", el("a", { href: anchor(own) }, isEnglish(table) ? english(labelOf(own)) : labelOf(own)), " ",
    el("small", { class: "id" }, own), address ? [" ", el("a", { href: address }, t("source ↗", "источник ↗"))] : "", ...(above ? [] : groups(own, id)));
}

let opener = null;   // the link that was followed; the browser forgets it when the address changes
document.addEventListener("click", (event) => { const link = event.target.closest('a[href^="#"]'); if (link && !panel.contains(link)) opener = link; }, true);

panel.addEventListener("close", () => {
  if (opener && document.contains(opener)) opener.focus({ preventScroll: true });
  if (home.has(decodeHash())) history.replaceState(null, "", background || location.pathname + location.search);
});
panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });

// ---------------------------------------------------------------- a claim in its place

// Open what hides an element, and go there.
function reveal(id) {
  const target = $(id);
  if (!target) return false;
  for (let node = target.parentElement; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  if (target.tagName === "DETAILS") target.open = true;
  if (location.hash !== anchor(id)) history.pushState(null, "", anchor(id));
  background = location.hash;
  offer(id);
  target.scrollIntoView({ block: target.matches(".claim, .sentence, li") ? "center" : "start" });
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  return true;
}

// The buttons of a claim, once somebody is there.
function offer(id) {
  const target = $(id);
  if (!target || !target.matches(".claim") || target.querySelector(".claim-acts")) return;
  const button = (label, work) => el("button", { type: "button", onclick: work }, label);
  target.querySelector("p").append(el("span", { class: "claim-acts" },
    button(t("Copy link", "Ссылка"), () => copy(addressOf(id))),
    button(t("Copy citation", "Библиографическая ссылка"), () => copy(citationOf(id))),
    button(t("All about it", "Всё о нём"), () => openRow(id)),
    button(t("Print", "Печать"), () => printClaim(id))));
}

function printClaim(id) {
  const target = $(id), folds = [...target.querySelectorAll("details:not([open])")];
  folds.forEach((fold) => { fold.open = true; });
  target.classList.add("only");
  document.documentElement.classList.add("one");
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("one");
    target.classList.remove("only");
    folds.forEach((fold) => { fold.open = false; });
  }, { once: true });
  print();
}
