// The board as this page knows it: what the host told of it at once, and every event since. Nothing
// here paints; who does hears which entities have changed.

const kNothing = Object.freeze([]);

function addTo(index, key, id) {
  const list = index.get(key);
  if (list) list.push(id);
  else index.set(key, [id]);
}

function takeFrom(index, key, id) {
  const list = index.get(key);
  if (!list) return;
  const at = list.indexOf(id);
  if (at >= 0) list.splice(at, 1);
  if (list.length === 0) index.delete(key);
}

export class Board {
  title = "";
  types = new Map(); // the board's own, by key
  devices = new Map();
  interfaces = new Map();
  links = new Map();
  names = 0; // goes up when a device comes, goes, or is called otherwise
  #interfacesOf = new Map(); // by device
  #linksOf = new Map(); // by interface
  #childrenOf = new Map(); // by container

  /** `changed(kind, id)`: of "device", "interface", "link"; `changed("all")`: look at everything. */
  constructor(changed) {
    this.changed = changed;
  }

  /** Takes everything anew. */
  load(snapshot) {
    this.title = snapshot.board.title;
    this.types = new Map(snapshot.device_types.map((type) => [type.key, type]));
    for (const map of [
      this.devices,
      this.interfaces,
      this.links,
      this.#interfacesOf,
      this.#linksOf,
      this.#childrenOf,
    ])
      map.clear();
    for (const device of snapshot.devices) this.#put("device", device);
    for (const each of snapshot.interfaces) this.#put("interface", each);
    for (const link of snapshot.links) this.#put("link", link);
    this.names += 1;
    this.changed("all");
  }

  /** An event of the host. Repeating one changes nothing. */
  apply(name, body) {
    const [kind, what] = name.split(":");
    if (what === "computed") {
      this.#compute(kind, body);
      return;
    }
    if (kind === "board" || kind === "device_type") {
      this.#setUp(kind, what, body);
      return;
    }
    if (!["device", "interface", "link"].includes(kind)) return;
    if (what === "created" || what === "updated") {
      this.#touchEnds(kind, body);
      const old = this.#table(kind).get(body.id);
      if (kind === "device" && old?.name !== body.name) this.names += 1;
      this.#drop(kind, body.id);
      // Events of a thing do not say what is computed of it.
      const { optical_budget, health } = old ?? {};
      this.#put(kind, kind === "device" ? { optical_budget, health, ...body } : body);
    } else if (what === "moved") {
      const device = this.devices.get(body.id);
      if (!device) return;
      device.x = body.x;
      device.y = body.y;
    } else if (what === "deleted") {
      const gone = this.#table(kind).get(body.id);
      if (!gone) return;
      this.#touchEnds(kind, gone);
      if (kind === "device") this.names += 1;
      this.#drop(kind, body.id);
    } else {
      return;
    }
    this.changed(kind, body.id);
  }

  status(entity) {
    return entity.effective_status ?? entity.status_override ?? entity.status;
  }
  /**
   * What is computed of a device and somebody should look at, of the board that computes it:
   * WARNING, CRITICAL, NO_SIGNAL, OVERLOAD of light, INSIDE_DEGRADED, INSIDE_DOWN of containers.
   */
  trouble(device) {
    const budget = device.optical_budget;
    if (budget?.overloaded) return "OVERLOAD";
    if (budget && budget.signal !== "OK") return budget.signal;
    return device.health && device.health !== "UP" ? `INSIDE_${device.health}` : null;
  }
  interfacesOf(device) {
    return this.#interfacesOf.get(device) ?? kNothing;
  }
  linksOf(each) {
    return this.#linksOf.get(each) ?? kNothing;
  }
  childrenOf(container) {
    return this.#childrenOf.get(container) ?? kNothing;
  }
  /** The devices at the ends of a link; undefined where one is not here. */
  endsOf(link) {
    return [
      this.interfaces.get(link.a_interface_id)?.device_id,
      this.interfaces.get(link.b_interface_id)?.device_id,
    ];
  }
  /** [link, the device at its other end] of every link of a device. */
  *neighbours(device) {
    for (const each of this.interfacesOf(device)) {
      for (const id of this.linksOf(each)) {
        const link = this.links.get(id);
        const [a, b] = this.endsOf(link);
        const other = a === device ? b : a;
        if (other !== undefined) yield [link, other];
      }
    }
  }

  #setUp(kind, what, body) {
    if (kind === "board") {
      this.title = body.title;
      if (!body.computed_status) {
        for (const device of this.devices.values()) {
          delete device.optical_budget;
          delete device.health;
        }
      }
    } else {
      for (const [key, type] of this.types) {
        if (type.id === body.id) this.types.delete(key);
      }
      if (what !== "deleted") this.types.set(body.key, body);
    }
    this.changed("all");
  }
  /** All that is computed of a device now; of a board it is read again. */
  #compute(kind, body) {
    const device = kind === "device" ? this.devices.get(body.id) : undefined;
    if (!device) return;
    device.optical_budget = body.optical_budget;
    device.health = body.health;
    this.changed("device", body.id);
  }
  #table(kind) {
    if (kind === "device") return this.devices;
    return kind === "interface" ? this.interfaces : this.links;
  }
  #put(kind, entity) {
    this.#table(kind).set(entity.id, entity);
    if (kind === "device" && entity.parent_container_id !== null)
      addTo(this.#childrenOf, entity.parent_container_id, entity.id);
    if (kind === "interface") addTo(this.#interfacesOf, entity.device_id, entity.id);
    if (kind === "link") {
      addTo(this.#linksOf, entity.a_interface_id, entity.id);
      if (entity.b_interface_id !== entity.a_interface_id)
        addTo(this.#linksOf, entity.b_interface_id, entity.id);
    }
  }
  #drop(kind, id) {
    const entity = this.#table(kind).get(id);
    if (!entity) return;
    this.#table(kind).delete(id);
    if (kind === "device" && entity.parent_container_id !== null)
      takeFrom(this.#childrenOf, entity.parent_container_id, id);
    if (kind === "interface") takeFrom(this.#interfacesOf, entity.device_id, id);
    if (kind === "link") {
      takeFrom(this.#linksOf, entity.a_interface_id, id);
      takeFrom(this.#linksOf, entity.b_interface_id, id);
    }
  }
  /** What is shown of others because of this entity has changed too. */
  #touchEnds(kind, entity) {
    if (kind === "interface") {
      this.changed("device", entity.device_id);
      for (const link of this.linksOf(entity.id)) this.changed("link", link);
    } else if (kind === "link") {
      for (const end of this.endsOf(entity)) {
        if (end !== undefined) this.changed("device", end);
      }
    }
  }
}
