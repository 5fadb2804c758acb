// What is measured and changed in the document before it is printed. Chromium lays it out as wide
// as the text on paper will be, less a pixel, since it rounds the size of the paper.
globalThis.book = {
  SMALLEST: 0.6, // of the size of text; below, numbers cannot be read
  WIDE: ".bd-article table, .katex-display",
  FIGURES: ".sb-figure, .sb-live, .bd-article img",
  BLOCKS: ".bd-article :is(pre, .cell_input, table, .admonition, .output, .citation), .sb-answer, .sb-letter, "
    + ".cell_output:has([data-module='question'])",
  SHORT: 0.4, // of a page: what is higher may go on on the next page

  // Make what is too wide smaller, and keep together what fits a page.
  fit(height) {
    for (const wide of document.querySelectorAll(this.WIDE)) {
      const room = wide.parentElement.clientWidth;
      for (let turn = 0; turn < 3 && this.width(wide) > room + 0.5; turn++) {
        const now = Number(wide.style.zoom || 1);
        wide.style.zoom = Math.floor(1000 * now * room / this.width(wide)) / 1000;
      }
    }
    for (const block of document.querySelectorAll(this.FIGURES)) block.classList.add("sb-whole");
    for (const block of document.querySelectorAll(this.BLOCKS)) {
      if (block.getBoundingClientRect().height < this.SHORT * height) block.classList.add("sb-whole");
    }
  },

  // Draw hatchings line by line: Chromium prints a bitmap for each shape that a pattern fills.
  hatch() {
    for (const pattern of document.querySelectorAll("svg pattern")) {
      const drawing = pattern.ownerSVGElement;
      for (const shape of drawing.querySelectorAll(`[style*="fill: url(#${pattern.id})"]`)) {
        const clip = this.svg("clipPath", { id: `${pattern.id}-${drawing.querySelectorAll("clipPath").length}` });
        clip.append(this.svg(shape.localName, { d: shape.getAttribute("d") }));
        const inside = this.svg("g", { "clip-path": `url(#${clip.id})` });
        inside.append(...this.tiles(pattern, shape.getBBox()));
        const hatched = this.svg("g");
        for (const name of ["clip-path", "transform"]) {
          if (shape.hasAttribute(name)) hatched.setAttribute(name, shape.getAttribute(name));
        }
        hatched.append(clip, inside);
        shape.before(hatched);
        shape.style.fill = "none";
      }
      pattern.remove();
    }
  },

  // Return copies of a pattern's tile that cover a box, each cut at its edges.
  tiles(pattern, box) {
    const [left, top, width, height] = ["x", "y", "width", "height"].map((name) => pattern[name].baseVal.value);
    const first = (low, start, step) => start + Math.floor((low - start) / step) * step;
    const found = [];
    for (let y = first(box.y, top, height); y < box.y + box.height; y += height) {
      for (let x = first(box.x, left, width); x < box.x + box.width; x += width) {
        const tile = this.svg("svg", { x, y, width, height, viewBox: `0 0 ${width} ${height}` });
        tile.append(...[...pattern.children].map((child) => child.cloneNode(true)));
        found.push(tile);
      }
    }
    return found;
  },

  svg(name, attributes = {}) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  },

  // Have a place in the PDF for each of these: Chromium keeps those that a link leads to.
  keep(anchors) {
    const links = document.createElement("div");
    links.hidden = true;
    for (const anchor of anchors) {
      links.append(Object.assign(document.createElement("a"), { href: `#${encodeURIComponent(anchor)}` }));
    }
    document.body.append(links);
  },

  // With the zoom of an element its own measures are in its own, larger pixels.
  width(element) {
    const shown = element.getBoundingClientRect().width;
    return Math.max(shown, element.scrollWidth * Number(element.style.zoom || 1));
  },

  // Return what reaches beyond the text, or is cut off at its edge, or is too small to be read.
  tooWide() {
    const limit = document.documentElement.clientWidth + 0.5;
    const overhang = 2; // pixels of nothing, which KaTeX puts right of an index
    const found = [];
    for (const element of document.querySelectorAll("main *:not(svg *)")) {
      const { left, right, width } = element.getBoundingClientRect();
      const cut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
        && getComputedStyle(element).overflowX !== "visible";
      const tiny = Number(element.style.zoom || 1) < this.SMALLEST;
      const beyond = right > limit + (element.closest(".katex") ? overhang : 0);
      if (width > 0 && (beyond || left < -0.5 || cut || tiny)) found.push(element);
    }
    const outermost = found.filter((one) => !found.some((two) => two !== one && two.contains(one)));
    return outermost.map((element) => this.describe(element));
  },

  describe(element) {
    const { left, right } = element.getBoundingClientRect();
    const precedes = (heading) => heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    const place = [...document.querySelectorAll(":is(h1, h2, h3, h4)[id]")].findLast(precedes)?.id ?? "";
    const words = element.textContent.trim().slice(0, 60).replace(/\s+/g, " ");
    const zoom = element.style.zoom ? `, at ${element.style.zoom} of its size` : "";
    return `${place}: <${element.localName} class="${element.getAttribute("class") ?? ""}"> from `
      + `${Math.round(left)} to ${Math.round(right)}${zoom}: ${words}`;
  },

  // Write the numbers of pages where they belong; return the places where that changed something.
  fill(numbers) {
    const changed = [];
    for (const place of document.querySelectorAll(".sb-page")) {
      const now = numbers[place.dataset.of] ?? null;
      if (now === null || place.textContent !== String(now)) changed.push({ of: place.dataset.of, now });
      place.textContent = now;
    }
    for (const line of document.querySelectorAll(".sb-numbers")) {
      const seen = new Set();
      const places = [...line.children];
      // Of several places on one page one is named, and rather the one that explains.
      const explains = (place) => place.classList.contains("sb-explained");
      places.sort((one, two) => explains(two) - explains(one));
      for (const place of places) {
        place.hidden = seen.has(place.textContent);
        seen.add(place.textContent);
      }
    }
    return changed;
  },
};
