// The start: what each address shows, and what listens.

const decodeHash = () => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return location.hash.slice(1); } };

// An id that no row has: retired, or of another version.
function unknown(id) {
  const retired = tables.get(page.retired);
  const row = retired && retired.rows.find((one) => one[retired.fields[0].name] === id);
  if (!row) { say(t(`No such row in this version (${page.package.version}): ${id}`, `В этой версии (${page.package.version}) нет строки ${id}`)); return; }
  const heir = retired.fields.map((field) => row[field.name]).find((value) => value !== id && home.has(value));
  say([t(`${id} is retired. `, `${id} больше не используется. `), heir ? el("a", { href: anchor(heir) }, t("It became ", "Вместо неё ") + heir) : ""]);
}

function follow() {
  const hash = decodeHash();
  if (hash.startsWith("find?")) {
    const query = new URLSearchParams(hash.slice(5)).get("q") || "";
    if (document.activeElement !== $("find")) $("find").value = query;
    results(query);
    return;
  }
  closeResults();
  if (home.has(hash) && home.get(hash).name !== page.retired) {
    const element = $(hash);
    if (element && (element.closest("#read") || home.get(hash) === claims)) { if (panel.open) panel.close(); reveal(hash); } else openRow(hash);
    return;
  }
  if (panel.open) panel.close();
  background = location.hash;
  if (hash.startsWith("table/") && readAddress(hash)) {
    render();
    $("explore").scrollIntoView();
    $("explore").focus({ preventScroll: true });
    return;
  }
  if (!hash) return;
  const target = $(hash);
  if (!target) { unknown(hash); return; }
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  if (target.matches(".recolour input")) { target.checked = true; $("map").scrollIntoView(); return; }
  target.scrollIntoView();
}

// The map can be walked with arrow keys, and tells what a square is.
function enliven(map) {
  const squares = [...map.querySelectorAll("a")];
  if (!squares.length) return;
  map.removeAttribute("aria-hidden");
  map.setAttribute("role", "group");
  map.setAttribute("aria-label", t("Claims; arrow keys go from one to the next", "Утверждения; стрелки ведут от одного к другому"));
  squares[0].setAttribute("tabindex", "0");
  const idOf = (link) => link.getAttribute("href").slice(1);
  const tell = (id) => { const one = page.colours[0] && classOf(page.colours[0], id); return `${id}: ${labelOf(id)}${one ? ` (${one.label})` : ""}`; };
  squares.forEach((link) => link.setAttribute("aria-label", idOf(link)));
  const tip = el("div", { class: "tip", hidden: "" });
  document.body.append(tip);
  const show = (link) => {
    tip.textContent = visible(tell(idOf(link)));
    tip.hidden = false;
    const box = link.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left + scrollX - 20), document.documentElement.clientWidth - tip.offsetWidth - 8);
    tip.style.left = `${left}px`;
    tip.style.top = `${box.bottom + scrollY + 8}px`;
  };
  map.addEventListener("pointerover", (event) => { const link = event.target.closest("a"); if (link) show(link); else tip.hidden = true; });
  map.addEventListener("pointerleave", () => { tip.hidden = true; });
  map.addEventListener("focusin", (event) => { const link = event.target.closest("a"); if (link) { link.setAttribute("aria-label", tell(idOf(link))); show(link); } });
  map.addEventListener("focusout", () => { tip.hidden = true; });
  map.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const now = squares.indexOf(document.activeElement), next = squares[now + step];
    if (!step || now < 0 || !next) return;
    event.preventDefault();
    squares[now].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
}

// What was asked of another version of the page.
function compareVersions() {
  const asked = new URLSearchParams(location.search).get("version");
  if (asked && asked !== page.package.version) say(t(`This link was made for version ${asked}; here is version ${page.package.version}.`, `Ссылка сделана для версии ${asked}; здесь версия ${page.package.version}.`));
}

// All tables in one file: a zip without compression (APPNOTE 4.3), dated 1980.
function saveAll() {
  const encode = (text) => new TextEncoder().encode(text);
  const crcs = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
  const crc = (bytes) => { let sum = ~0; for (const byte of bytes) sum = crcs[(sum ^ byte) & 255] ^ (sum >>> 8); return ~sum >>> 0; };
  const number = (value, size) => Array.from({ length: size }, (_, n) => (value >>> (8 * n)) & 255);
  const local = [], central = [];
  let at = 0;
  for (const table of ownTables) {
    const names = table.fields.map((field) => field.name), path = encode(`${table.name}.csv`);
    const bytes = encode(csv([names, ...table.rows.map((row) => names.map((name) => valueAt(table, row, name)))]));
    const head = [...number(20, 2), ...number(0x800, 2), ...number(0, 2), ...number(0, 2), ...number(33, 2), ...number(crc(bytes), 4), ...number(bytes.length, 4), ...number(bytes.length, 4), ...number(path.length, 2), ...number(0, 2)];
    const start = new Uint8Array([0x50, 0x4b, 3, 4, ...head, ...path]);
    local.push(start, bytes);
    central.push(new Uint8Array([0x50, 0x4b, 1, 2, 20, 0, ...head, ...number(0, 2), ...number(0, 2), ...number(0, 2), ...number(0, 4), ...number(at, 4), ...path]));
    at += start.length + bytes.length;
  }
  const size = central.reduce((sum, part) => sum + part.length, 0);
  const end = new Uint8Array([0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...number(central.length, 2), ...number(central.length, 2), ...number(size, 4), ...number(at, 4), 0, 0]);
  save(`${page.package.name}-${page.package.version}-csv.zip`, "application/zip", [...local, ...central, end]);
}

document.documentElement.classList.remove("nojs");
$("finder").hidden = false;
document.querySelectorAll("[data-save][hidden]").forEach((button) => { button.hidden = false; });
if ($("save-all")) $("save-all").hidden = false;
if ($("squares")) enliven($("squares"));

let typing = 0;
const later = (work) => { clearTimeout(typing); typing = setTimeout(work, 120); };
$("find").addEventListener("input", (event) => later(() => setQuery(event.target.value)));
$("find").addEventListener("focus", () => setTimeout(searchIndex), { once: true });
$("finder").addEventListener("submit", (event) => {
  event.preventDefault();
  setQuery($("find").value);
  const first = $("results").querySelector("a");
  if (first && !$("results").hidden) first.focus();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !$("results").hidden && !panel.open) { $("find").value = ""; setQuery(""); $("find").focus(); }
  if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); $("find").focus(); }
});
$("search").addEventListener("input", (event) => later(() => {
  Object.assign(state, { shown: STEP, q: event.target.value });
  history.replaceState(null, "", "#" + address());
  render();
}));
$("all-columns").addEventListener("change", (event) => { state.all = event.target.checked; render(); });
$("pick").addEventListener("change", (event) => change({ table: event.target.value, filters: {}, sort: "", q: "" }));
$("more").addEventListener("click", () => { state.shown += 4 * STEP; renderRows(tables.get(state.table)); });
$("save-rows").addEventListener("click", saveRows);
if ($("save-all")) $("save-all").addEventListener("click", saveAll);
document.addEventListener("click", (event) => {
  const save = event.target.closest("[data-save]");
  if (save) { savePicture(save.closest(".tools").previousElementSibling, save.dataset.save); return; }
  for (const open of document.querySelectorAll("#facets details[open]")) if (!open.contains(event.target)) open.open = false;
  const link = event.target.closest("a.language");
  if (link && location.hash) { event.preventDefault(); location.href = link.getAttribute("href") + location.search + location.hash; }
  const same = event.target.closest('a[href^="#"]');
  if (same && same.getAttribute("href") === location.hash) { event.preventDefault(); follow(); }
});
addEventListener("hashchange", follow);
addEventListener("popstate", () => { if (!location.hash) { closeResults(); if (panel.open) panel.close(); } });
document.addEventListener("mouseover", (event) => { const claim = event.target.closest("#read .claim"); if (claim) offer(claim.id); });
if (state.table) {   // the explorer is far down: it comes when somebody comes near
  $("explorer").hidden = false;
  new IntersectionObserver((entries, watch) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    if (!rendered) render();
  }, { rootMargin: "1200px" }).observe($("explore"));
}
follow();
compareVersions();
