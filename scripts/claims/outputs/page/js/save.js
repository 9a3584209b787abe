// A picture as a file: whatever its figure shows, marks and text, with its key, its source line and the version.

const PAD = 20;
const PIXELS = 2;   // of a PNG per pixel of the page

// The figure as it looks now, as SVG that needs nothing else.
function drawn(figure) {
  const frame = figure.getBoundingClientRect();
  const scrolled = [...figure.querySelectorAll(".scroll, .places")];
  scrolled.forEach((box) => { box.classList.add("open"); box.dataset.high = "1"; });
  const whole = figure.getBoundingClientRect();
  let heading = figure;
  while (heading && !/^H[23]$/.test(heading.tagName)) heading = heading.previousElementSibling;
  const title = (heading || document.querySelector("h1")).textContent;
  const wide = Math.max(whole.width, ...scrolled.map((box) => box.scrollWidth)) + 2 * PAD, high = whole.height + 2 * PAD + 34;
  const out = svg("svg", { xmlns: SVG, viewBox: `0 0 ${Math.ceil(wide)} ${Math.ceil(high)}`, width: Math.ceil(wide), height: Math.ceil(high), "font-family": "system-ui, 'Segoe UI', Arial, 'Noto Sans', sans-serif" });
  const name = svg("title", {});
  name.textContent = visible(title);
  out.append(name, svg("rect", { width: "100%", height: "100%", fill: getComputedStyle(document.body).backgroundColor }));
  const head = svg("text", { x: PAD, y: PAD + 16, "font-size": 20, "font-weight": 700, fill: getComputedStyle(document.body).color });
  head.textContent = visible(title);
  out.append(head);
  const shift = { x: PAD - whole.left, y: PAD + 34 - whole.top };
  draw(figure, out, shift);
  scrolled.forEach((box) => { box.classList.remove("open"); delete box.dataset.high; });
  return out;
}

function draw(node, out, shift) {
  if (node.nodeType === Node.TEXT_NODE) { drawText(node, out, shift); return; }
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches("input, symbol, title, button, .recolour, .unseen, [hidden]")) return;
  const style = getComputedStyle(node);
  if (style.display === "none" || style.visibility === "hidden") return;
  if (node instanceof SVGGraphicsElement && node.tagName !== "svg") { drawShape(node, out, shift, style); return; }
  const box = node.getBoundingClientRect();
  const paint = (fill, x, y, width, height) => out.append(svg("rect", { x: x + shift.x, y: y + shift.y, width, height, fill }));
  if (style.backgroundColor !== "rgba(0, 0, 0, 0)" && box.width) paint(style.backgroundColor, box.left, box.top, box.width, box.height);
  if (parseFloat(style.borderBottomWidth) && box.width && node.tagName !== "A") paint(style.borderBottomColor, box.left, box.bottom - 1, box.width, 1);
  for (const child of node.tagName === "DETAILS" && !node.open ? [] : node.childNodes) draw(child, out, shift);
}

function drawText(node, out, shift) {
  if (!node.textContent.trim()) return;
  const style = getComputedStyle(node.parentElement), range = document.createRange();
  if (node.parentElement.closest("svg")) return;
  let start = 0, top = null;
  const text = node.textContent;
  const put = (end) => {
    const line = text.slice(start, end).replace(/\s+/g, " ");
    range.setStart(node, start + text.slice(start, end).search(/\S|$/));   // blanks at its ends have no place of their own
    range.setEnd(node, start + text.slice(start, end).trimEnd().length);
    const box = line.trim() ? range.getBoundingClientRect() : { width: 0 };
    if (box.width) {
      const words = svg("text", { x: box.left + shift.x, y: box.bottom - box.height * 0.24 + shift.y, "font-size": style.fontSize, "font-weight": style.fontWeight, fill: style.color, textLength: box.width, lengthAdjust: "spacingAndGlyphs" });
      words.textContent = visible(line.trim());
      out.append(words);
    }
    start = end;
  };
  for (let at = 0; at < text.length; at += 1) {   // a line ends where the next letter stands lower
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    if (top !== null && box.top > top + 4) put(at);
    top = box.top;
  }
  put(text.length);
}

const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font", "font-size", "font-weight", "font-style", "font-family", "text-anchor", "paint-order"];

function painted(node, style) {
  for (const name of PAINT) if (style.getPropertyValue(name)) node.setAttribute(name, style.getPropertyValue(name));
  for (const name of ["class", "tabindex", "data-events"]) node.removeAttribute(name);
  return node;
}

function drawShape(node, out, shift, style) {
  if (node.tagName === "a" || node.tagName === "g") { for (const child of node.childNodes) draw(child, out, shift); return; }
  if (node.tagName === "use") { drawUse(node, out, shift, style); return; }
  const matrix = node.getScreenCTM(), copy = painted(node.cloneNode(true), style);
  if (!matrix) return;
  const view = node.nearestViewportElement;   // lengths in hundredths are of the drawing that holds it
  const size = view.viewBox.baseVal && view.viewBox.baseVal.width ? view.viewBox.baseVal : { width: view.clientWidth || view.getBoundingClientRect().width, height: view.clientHeight || view.getBoundingClientRect().height };
  for (const [name, whole] of [["x", size.width], ["width", size.width], ["cx", size.width], ["x1", size.width], ["x2", size.width], ["y", size.height], ["height", size.height], ["cy", size.height], ["y1", size.height], ["y2", size.height]]) {
    const value = node.getAttribute(name);
    if (value && value.endsWith("%")) copy.setAttribute(name, (parseFloat(value) / 100 * whole).toFixed(2));
  }
  out.append(svg("g", { transform: `matrix(${matrix.a} ${matrix.b} ${matrix.c} ${matrix.d} ${matrix.e + shift.x} ${matrix.f + shift.y})` }, copy));
}

// A sign of a symbol, resolved: its shapes with what they inherit.
function drawUse(node, out, shift, style) {
  const symbol = $(node.getAttribute("href").slice(1)), box = node.getBoundingClientRect();
  if (!symbol || !box.width) return;
  const view = symbol.viewBox ? symbol.viewBox.baseVal : { width: 10 };
  if (!view || !view.width) {   // the lines of an axis
    const frame = node.ownerSVGElement.getBoundingClientRect();
    for (const line of symbol.querySelectorAll("line")) {
      const x = frame.left + shift.x + parseFloat(line.getAttribute("x1")) / 100 * frame.width;
      out.append(svg("line", { x1: x, x2: x, y1: frame.top + shift.y, y2: frame.bottom + shift.y, stroke: getComputedStyle(line).stroke }));
    }
    return;
  }
  const given = (name) => Number(node.getAttribute(name)) || 0;
  const frame = node.ownerSVGElement.viewBox.baseVal, matrix = node.getScreenCTM();
  const scale = symbol.viewBox ? (given("width") || (frame && frame.width) || view.width) / view.width : 1;
  const place = `matrix(${matrix.a} ${matrix.b} ${matrix.c} ${matrix.d} ${matrix.e + shift.x} ${matrix.f + shift.y})`;
  const group = svg("g", { transform: `${place} translate(${given("x")} ${given("y")}) scale(${scale})` });
  for (const shape of symbol.children) {
    const sign = [...shape.classList].find((name) => name.startsWith("s-"));
    if (sign && Number(style.getPropertyValue("--" + sign.slice(2)) || 0) !== 1) continue;
    const copy = shape.cloneNode(true), own = getComputedStyle(shape);
    const hollow = shape.classList.contains("hollow"), line = shape.classList.contains("line") || sign;
    copy.removeAttribute("class");
    copy.setAttribute("fill", line ? "none" : hollow ? own.fill : style.fill);
    copy.setAttribute("stroke", sign ? resolved(node, "--on") : style.stroke);
    copy.setAttribute("stroke-width", sign ? 1.4 : parseFloat(style.strokeWidth) || 1);
    if (!sign && style.strokeDasharray !== "none") copy.setAttribute("stroke-dasharray", style.strokeDasharray);
    group.append(copy);
  }
  out.append(group);
}

// The colour that a variable has at an element.
const colours = new Map();
function resolved(node, name) {
  const value = getComputedStyle(node).getPropertyValue(name).trim();
  if (colours.has(value)) return colours.get(value);
  const probe = el("span", {});
  document.body.append(probe);
  probe.style.color = value;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  colours.set(value, colour);
  return colour;
}

const asText = (picture) => new XMLSerializer().serializeToString(picture);

function savePicture(figure, kind) {
  colours.clear();
  const picture = drawn(figure), name = `${page.package.name}-${page.package.version}-${figure.id}`;
  if (kind === "svg") { save(`${name}.svg`, "image/svg+xml", [asText(picture)]); return; }
  const image = new Image();
  image.onload = () => {
    const canvas = el("canvas", { width: picture.getAttribute("width") * PIXELS, height: picture.getAttribute("height") * PIXELS });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(`${name}.png`, "image/png", [blob]), "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(asText(picture));
}
