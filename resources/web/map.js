// The map: a picture of the board, drawn by Cytoscape.js. Up to kWhole devices it is the whole
// board; of a larger one it shows what lies around one device.
import cytoscape from "./lib/cytoscape.js";

import { currentLanguage, say } from "./texts.js";
import { typeInfo } from "./types.js";

const kWhole = 2000;
const kAround = 250; // devices shown of a larger board
const kShort = 190; // a link without room for a name at each end, board units
const kReadable = 0.3; // zoom below which nobody reads a name
const kMargin = 70; // pixels between the edge of the map and what is shown on purpose
const kPlain = 600; // above, quality is traded for speed while the map moves

const kPalettes = {
  light: {
    background: "#fbfcfd",
    text: "#1d2733",
    faint: "#5e6b7a",
    accent: "#2667c4",
    find: "#f0a400",
    boxFill: "#4a6b96",
    boxEdge: "#b4c1d0",
    UP: "#6f9d8a",
    DEGRADED: "#c98a1e",
    DOWN: "#d2545e",
  },
  dark: {
    background: "#15181c",
    text: "#e3e7ed",
    faint: "#9aa5b4",
    accent: "#5c9cf5",
    find: "#f5c04a",
    boxFill: "#8faed6",
    boxEdge: "#46505d",
    UP: "#4f8a72",
    DEGRADED: "#cf9a3c",
    DOWN: "#d96068",
  },
};

function styleOf(theme) {
  const p = kPalettes[theme];
  const plate = {
    "text-background-color": p.background,
    "text-background-opacity": 0.85,
    "text-background-padding": 1,
  };
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        width: 48,
        height: 48,
        "background-opacity": 0,
        "background-image": "data(pictures)",
        "background-image-containment": ["over", "over", "over", "over"],
        "background-clip": ["none", "none", "none", "none"],
        "background-fit": ["none", "none", "none", "none"],
        // The icon, and at its corners: status, what is computed, forced.
        "background-width": ["48px", "19px", "19px", "17px"],
        "background-height": ["48px", "19px", "19px", "17px"],
        "background-position-x": ["0px", "35px", "-6px", "36px"],
        "background-position-y": ["0px", "35px", "35px", "-6px"],
        "bounds-expansion": 10,
        label: "data(label)",
        color: p.text,
        "font-family": "system-ui, sans-serif",
        "font-size": 12,
        "min-zoomed-font-size": 6,
        "text-valign": "bottom",
        "text-margin-y": 5,
        "text-max-width": 160,
        "text-wrap": "ellipsis",
        "overlay-opacity": 0,
        ...plate,
      },
    },
    {
      selector: "node.box",
      style: {
        width: 200,
        height: 120,
        padding: 28,
        "compound-sizing-wrt-labels": "exclude",
        "background-color": p.boxFill,
        "background-opacity": 0.09,
        "background-image": "none",
        "border-color": p.boxEdge,
        "border-width": 1,
        "corner-radius": 8,
        "text-valign": "top",
        "text-margin-y": 20,
        "text-max-width": 400,
        "text-background-opacity": 0,
        "font-weight": 600,
      },
    },
    {
      selector: "node.box.INSIDE_DEGRADED",
      style: { "border-color": p.DEGRADED, "border-width": 2, "border-style": "dashed" },
    },
    { selector: "node.box.INSIDE_DOWN", style: { "border-color": p.DOWN, "border-width": 2 } },
    { selector: "node.box:childless", style: { padding: 0 } },
    { selector: "node:child", style: { "text-background-opacity": 0 } },
    {
      selector: "edge",
      style: {
        width: 2,
        "curve-style": "bezier",
        "control-point-step-size": 26,
        "line-color": p.UP,
        // Behind the icons, which are not all square.
        "source-endpoint": "inside-to-node",
        "target-endpoint": "inside-to-node",
        "overlay-opacity": 0,
        "font-family": "system-ui, sans-serif",
        "font-size": 10,
        color: p.faint,
        "text-wrap": "wrap",
        ...plate,
      },
    },
    {
      selector: "edge.DEGRADED",
      style: { "line-color": p.DEGRADED, "line-style": "dashed", "line-dash-pattern": [9, 5] },
    },
    {
      selector: "edge.DOWN",
      style: {
        "line-color": p.DOWN,
        "line-style": "dashed",
        "line-dash-pattern": [4, 4],
        "mid-target-arrow-shape": "square",
        "mid-target-arrow-color": p.DOWN,
      },
    },
    {
      selector: "edge.forced",
      style: { "mid-target-arrow-shape": "diamond", "mid-target-arrow-color": p.accent },
    },
    {
      selector: "edge.near",
      style: {
        width: 3,
        "source-label": "data(a)",
        "target-label": "data(b)",
        "source-text-offset": 56,
        "target-text-offset": 56,
        label: "data(label)",
        "z-index": 5,
      },
    },
    {
      selector: "edge.near.short",
      style: { "source-label": "", "target-label": "", label: "data(all)" },
    },
    { selector: ".faded", style: { opacity: 0.25 } },
    {
      selector: "node.found",
      style: { "outline-width": 3, "outline-color": p.find, "outline-offset": 4 },
    },
    {
      selector: "node.hovered",
      style: { "outline-width": 2, "outline-color": p.accent, "outline-opacity": 0.5, "outline-offset": 4 },
    },
    {
      selector: "node.chosen",
      style: { "outline-width": 3, "outline-color": p.accent, "outline-opacity": 1, "outline-offset": 4 },
    },
    { selector: "edge.chosen", style: { width: 4, "line-color": p.accent } },
  ];
}

export class BoardMap {
  around = 0; // the device in the middle, where only a part is shown
  shown = 0; // devices on the map
  #board;
  #container;
  #theme = "light";
  #cy = null;
  #plain = false;
  #size = ""; // of the map, when it was last looked at
  #fitted = false; // everything is in view, and stays there when the map gets another size
  #chosen = null; // { kind, id }
  #found = null; // ids of devices that a search found; null: there is none
  #part = null; // ids of devices on the map; null: all

  /** `on`: { choose(kind, id), release(), hover(kind, id, x, y), leave(), moved() } */
  constructor(board, container, on) {
    this.#board = board;
    this.#container = container;
    this.on = on;
  }

  get isPart() {
    return this.#part !== null;
  }

  setTheme(theme) {
    if (theme === this.#theme) return;
    this.#theme = theme;
    if (!this.#cy) return;
    this.#cy.style(styleOf(theme));
    this.refreshTexts();
  }

  /** Labels and pictures anew: another language, another theme. */
  refreshTexts() {
    this.#cy?.batch(() => {
      this.#cy.nodes().forEach((node) => this.#dress(node));
    });
  }

  /** Everything anew; what is shown stays where it is. */
  load() {
    const first = !this.#cy;
    const whole = this.#board.devices.size <= kWhole;
    const plain = Math.min(this.#board.devices.size, whole ? kWhole : kAround) > kPlain;
    if (first || plain !== this.#plain) this.#make(plain);
    if (whole) {
      this.#part = null;
      this.around = 0;
    } else if (!this.#board.devices.has(this.around)) {
      this.around = this.#mostLinked();
    }
    this.#fill();
    if (first) this.fit();
  }

  /** What changed: ids of devices and links. */
  update(devices, links) {
    if (this.#board.devices.size <= kWhole !== !this.isPart) {
      this.load();
      this.fit();
      return;
    }
    if (this.isPart) {
      // Whether a link brings somebody in or loses them is known when the neighbourhood is.
      for (const id of devices) {
        if (this.#part.has(id)) return this.load();
      }
      for (const id of links) {
        if (this.#cy.getElementById(`l${id}`).nonempty()) return this.load();
      }
      return;
    }
    this.#cy.batch(() => {
      for (const id of this.#withContainers(devices)) this.#device(id);
      for (const id of links) this.#link(id);
      // Boxes go last: what lay in them has left by now.
      for (const id of devices) {
        if (!this.#board.devices.has(id)) this.#drop(id);
      }
    });
    this.shown = this.#board.devices.size;
    this.#mark();
  }

  /** Shows what lies around a device, of a board that is too large for the map. */
  centreOn(id) {
    if (!this.isPart || id === this.around || !this.#board.devices.has(id)) return;
    this.around = id;
    this.load();
    this.fit();
  }

  choose(kind, id) {
    this.#chosen = kind ? { kind, id } : null;
    if (kind === "device" && this.isPart && !this.#part.has(id)) this.centreOn(id);
    this.#mark();
  }

  /** Brings a device into view, if it is not. */
  reveal(id) {
    const node = this.#cy?.getElementById(`d${id}`);
    if (!node?.nonempty()) return;
    const { clientWidth: width, clientHeight: height } = this.#container;
    const at = node.renderedPosition();
    if (this.#cy.zoom() < kReadable) {
      this.#go({ center: { eles: node }, zoom: 0.8 });
      return;
    }
    const shift = (place, room) =>
      Math.max(kMargin - place, Math.min(room - kMargin - place, 0));
    const by = { x: shift(at.x, width), y: shift(at.y, height) };
    if (by.x === 0 && by.y === 0) return;
    if (Math.abs(by.x) > width || Math.abs(by.y) > height) this.#go({ center: { eles: node } });
    else this.#go({ panBy: by });
  }

  /** Marks what a search found and lets the rest fade; null: there is no search. */
  find(ids) {
    this.#found = ids;
    this.#mark();
  }

  fit() {
    if (!this.#cy) return;
    this.#cy.stop();
    this.#cy.resize();
    const { clientWidth: width, clientHeight: height } = this.#container;
    this.#size = `${width} ${height}`;
    const box = this.#cy.elements().boundingBox();
    if (box.w === 0 || !isFinite(box.w)) return;
    // Above is room for what is said of a part.
    const top = this.isPart ? 60 : 0;
    const zoom = Math.min((width - 80) / box.w, (height - 80 - top) / box.h, 1.3);
    this.#cy.viewport({
      zoom: Math.max(zoom, this.#cy.minZoom()),
      pan: {
        x: width / 2 - (zoom * (box.x1 + box.x2)) / 2,
        y: (height + top) / 2 - (zoom * (box.y1 + box.y2)) / 2,
      },
    });
    this.#fitted = true;
  }

  zoomBy(factor) {
    this.#cy?.zoom({
      level: this.#cy.zoom() * factor,
      renderedPosition: {
        x: this.#container.clientWidth / 2,
        y: this.#container.clientHeight / 2,
      },
    });
  }

  panBy(x, y) {
    this.#cy?.panBy({ x, y });
  }

  /** The nearest device in a direction (-1, 0, 1 each) from another, or from the middle. */
  neighbourOf(id, x, y) {
    const nodes = this.#cy?.nodes(":childless");
    if (!nodes?.nonempty()) return undefined;
    const from = this.#cy.getElementById(`d${id}`);
    const view = this.#cy.extent();
    const start = from.nonempty()
      ? from.position()
      : { x: (view.x1 + view.x2) / 2, y: (view.y1 + view.y2) / 2 };
    let best;
    let least = Infinity;
    nodes.forEach((node) => {
      if (node.same(from)) return;
      const at = node.position();
      const dx = at.x - start.x;
      const dy = at.y - start.y;
      const along = dx * x + dy * y;
      const aside = Math.abs(dx * y) + Math.abs(dy * x);
      if (from.nonempty() && (along <= 0 || aside > along * 2)) return;
      const cost = from.nonempty() ? along + aside * 2 : Math.hypot(dx, dy);
      if (cost < least) {
        least = cost;
        best = node.data("of");
      }
    });
    return best;
  }

  resized() {
    const size = `${this.#container.clientWidth} ${this.#container.clientHeight}`;
    if (size === this.#size) return;
    this.#size = size;
    if (this.#fitted) this.fit();
    else this.#cy?.resize();
  }

  #make(plain) {
    const view = this.#cy && { zoom: this.#cy.zoom(), pan: { ...this.#cy.pan() } };
    this.#cy?.destroy();
    this.#plain = plain;
    this.#cy = cytoscape({
      container: this.#container,
      style: styleOf(this.#theme),
      layout: { name: "preset" },
      autoungrabify: true,
      autounselectify: true,
      boxSelectionEnabled: false,
      minZoom: 0.02,
      maxZoom: 4,
      textureOnViewport: plain,
      hideEdgesOnViewport: false,
      pixelRatio: plain ? 1 : "auto",
      ...(view ?? {}),
    });
    const cy = this.#cy;
    cy.on("tap", (event) => {
      if (event.target === cy) this.on.release();
      else this.on.choose(event.target.isNode() ? "device" : "link", event.target.data("of"));
    });
    cy.on("dbltap", "node", (event) => this.centreOn(event.target.data("of")));
    cy.on("mouseover", "node, edge", ({ target, renderedPosition }) => {
      target.addClass("hovered");
      this.#name(target.isNode() ? target.connectedEdges() : target);
      this.on.hover(
        target.isNode() ? "device" : "link",
        target.data("of"),
        renderedPosition.x,
        renderedPosition.y,
      );
    });
    cy.on("mouseout", "node, edge", ({ target }) => {
      target.removeClass("hovered");
      this.#near();
      this.on.leave();
    });
    cy.on("viewport", () => {
      this.#fitted = false;
      this.on.leave();
    });
  }

  /** Puts on the map what belongs there, and takes off the rest. */
  #fill() {
    const cy = this.#cy;
    const board = this.#board;
    if (this.#board.devices.size > kWhole) this.#part = this.#neighbourhood();
    const devices = this.#part ?? board.devices.keys();
    const links = new Set();
    if (this.isPart) {
      for (const id of this.#part) {
        for (const [link, other] of board.neighbours(id)) {
          if (this.#part.has(other)) links.add(link.id);
        }
      }
    }
    cy.batch(() => {
      for (const id of devices) this.#device(id);
      for (const id of this.isPart ? links : board.links.keys()) this.#link(id);
      cy.edges().forEach((edge) => {
        const id = edge.data("of");
        if (this.isPart ? !links.has(id) : !board.links.has(id)) edge.remove();
      });
      cy.nodes().forEach((node) => {
        const id = node.data("of");
        if (this.isPart ? !this.#part.has(id) : !board.devices.has(id)) this.#drop(id);
      });
    });
    this.shown = this.isPart ? this.#part.size : board.devices.size;
    this.#mark();
  }

  /** Puts a device on the map, or brings it up to date. */
  #device(id) {
    const device = this.#board.devices.get(id);
    if (!device) return;
    const parent = this.#parentOf(device);
    let node = this.#cy.getElementById(`d${id}`);
    if (node.empty()) {
      if (parent && this.#cy.getElementById(parent).empty())
        this.#device(device.parent_container_id);
      node = this.#cy.add({
        data: { id: `d${id}`, of: id, parent },
        position: { x: device.x, y: device.y },
      });
    } else {
      if ((node.data("parent") ?? undefined) !== parent) {
        if (parent && this.#cy.getElementById(parent).empty())
          this.#device(device.parent_container_id);
        node.move({ parent: parent ?? null });
        node = this.#cy.getElementById(`d${id}`);
      }
      const at = node.position();
      if (node.isChildless() && (at.x !== device.x || at.y !== device.y))
        node.position({ x: device.x, y: device.y });
    }
    this.#dress(node);
  }

  #parentOf(device) {
    const container = device.parent_container_id;
    return !this.isPart && container !== null && this.#board.devices.has(container)
      ? `d${container}`
      : undefined;
  }

  #dress(node) {
    const device = this.#board.devices.get(node.data("of"));
    if (!device) return; // it is about to go
    const type = typeInfo(device.device_type, this.#board.types, currentLanguage());
    const box = type.container && !this.isPart;
    const status = this.#board.status(device);
    const trouble = this.#board.trouble(device);
    const badge = (name) => (name ? `/page/badges/${name.toLowerCase()}-${this.#theme}.svg` : "none");
    const pictures = [
      type.icon,
      badge(status),
      badge(trouble),
      badge(device.status_override !== null && "override"),
    ];
    node.toggleClass("box", box);
    for (const each of ["INSIDE_DEGRADED", "INSIDE_DOWN"]) node.toggleClass(each, each === trouble);
    node.data({ pictures, label: this.#labelOf(device, box) });
  }

  #labelOf(device, box) {
    if (box) {
      const count = { DEGRADED: 0, DOWN: 0 };
      const look = (id) => {
        for (const child of this.#board.childrenOf(id)) {
          count[this.#board.status(this.#board.devices.get(child))] += 1;
          look(child);
        }
      };
      look(device.id);
      const signs = [
        count.DEGRADED ? `▲ ${count.DEGRADED}` : "",
        count.DOWN ? `■ ${count.DOWN}` : "",
      ];
      return [device.name, ...signs].filter(Boolean).join("   ");
    }
    if (this.isPart) {
      const hidden = new Set();
      for (const [, other] of this.#board.neighbours(device.id)) {
        if (!this.#part.has(other)) hidden.add(other);
      }
      if (hidden.size > 0) return say("hiddenLinks", { name: device.name, count: hidden.size });
    }
    return device.name;
  }

  #link(id) {
    const link = this.#board.links.get(id);
    let edge = this.#cy.getElementById(`l${id}`);
    const [a, b] = link ? this.#board.endsOf(link) : [];
    if (
      !link ||
      this.#cy.getElementById(`d${a}`).empty() ||
      this.#cy.getElementById(`d${b}`).empty()
    ) {
      edge.remove();
      return;
    }
    if (edge.empty())
      edge = this.#cy.add({ data: { id: `l${id}`, of: id, source: `d${a}`, target: `d${b}` } });
    edge.data({
      a: this.#board.interfaces.get(link.a_interface_id).name,
      b: this.#board.interfaces.get(link.b_interface_id).name,
      label: link.label ?? "",
    });
    const status = this.#board.status(link);
    for (const each of ["DEGRADED", "DOWN"]) edge.toggleClass(each, each === status);
    edge.toggleClass("forced", (link.status_override ?? null) !== null);
  }

  #drop(id) {
    const node = this.#cy.getElementById(`d${id}`);
    if (node.isParent()) node.children().move({ parent: null });
    this.#cy.getElementById(`d${id}`).remove();
  }

  /** The boxes around what changed say how it is inside. */
  #withContainers(devices) {
    const all = new Set(devices);
    for (const id of all) {
      const container = this.#board.devices.get(id)?.parent_container_id;
      if (container) all.add(container);
    }
    // What left a box is not in it any more, so every box looks.
    this.#cy.nodes(".box").forEach((node) => all.add(node.data("of")));
    return all;
  }

  #mostLinked() {
    let best = 0;
    let most = -1;
    for (const id of this.#board.devices.keys()) {
      const count = this.#board.interfacesOf(id).length;
      if (count > most) {
        most = count;
        best = id;
      }
    }
    return best;
  }

  /** The devices nearest to the one in the middle, link by link; of a container what it holds. */
  #neighbourhood() {
    const part = new Set([this.around]);
    for (const id of this.#board.childrenOf(this.around)) {
      if (part.size < kAround) part.add(id);
    }
    for (const id of part) {
      for (const [, other] of this.#board.neighbours(id)) {
        if (part.size >= kAround) return part;
        part.add(other);
      }
    }
    return part;
  }

  #mark() {
    const cy = this.#cy;
    if (!cy) return;
    cy.batch(() => {
      cy.elements(".chosen").removeClass("chosen");
      if (this.#chosen) {
        const { kind, id } = this.#chosen;
        cy.getElementById(kind === "device" ? `d${id}` : `l${id}`).addClass("chosen");
      }
      if (this.#found) {
        cy.nodes().forEach((node) => {
          const found = this.#found.has(node.data("of"));
          node.toggleClass("found", found);
          node.toggleClass("faded", !found && !node.isParent());
        });
      } else {
        cy.nodes(".found").removeClass("found");
        cy.nodes(".faded").removeClass("faded");
      }
    });
    this.#near();
  }

  /** Names of interfaces stand at the links of what is chosen. */
  #near() {
    this.#cy.batch(() => {
      this.#cy.edges(".near").removeClass("near");
      const chosen = this.#cy.elements(".chosen");
      this.#name(chosen.edges());
      this.#name(chosen.nodes().connectedEdges());
    });
  }

  #name(edges) {
    edges.addClass("near");
    edges.forEach((edge) => {
      const from = edge.source().position();
      const to = edge.target().position();
      const { a, b, label } = edge.data();
      const lines = from.y <= to.y ? [a, label, b] : [b, label, a];
      edge.data("all", lines.filter(Boolean).join("\n"));
      edge.toggleClass("short", Math.hypot(to.x - from.x, to.y - from.y) < kShort);
    });
  }

  #go(target) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#cy.stop();
    this.#cy.animate(target, { duration: still ? 0 : 200 });
  }
}
