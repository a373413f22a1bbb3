"""Devices over HTTP as FastAPI does it: from memory, with response models; what changes is committed
to SQLite before it is answered. http_fastapi.py LIST.json FILE; prints its port."""
import json
import socket
import sqlite3
import sys
from typing import List, Optional

import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


class Device(BaseModel):
    id: int
    name: str
    device_type: str
    status: str
    x: float
    y: float
    tx_power_dbm: Optional[float]
    sensitivity_min_dbm: Optional[float]
    insertion_loss_db: Optional[float]
    parent_container_id: Optional[int]
    status_override: Optional[str]
    override_reason: Optional[str]
    effective_status: str


with open(sys.argv[1], encoding="utf-8") as file:
    devices = {each["id"]: Device(**each) for each in json.load(file)}
store = sqlite3.connect(sys.argv[2], isolation_level=None, check_same_thread=False)
store.execute("PRAGMA journal_mode=WAL")
store.execute("PRAGMA synchronous=FULL")
store.execute("CREATE TABLE device (id INTEGER PRIMARY KEY, x REAL, y REAL)")
store.execute("CREATE TABLE log (revision INTEGER PRIMARY KEY, body TEXT)")
app = FastAPI()


@app.get("/api/devices", response_model=List[Device])
async def all_devices():
    return list(devices.values())


@app.get("/api/devices/{device_id}", response_model=Device)
async def one_device(device_id: int):
    if device_id not in devices:
        raise HTTPException(status_code=404, detail="Device not found")
    return devices[device_id]


class Place(BaseModel):
    x: float
    y: float


@app.patch("/api/devices/{device_id}")
async def move(device_id: int, place: Place):
    if device_id not in devices:
        raise HTTPException(status_code=404, detail="Device not found")
    store.execute("BEGIN")
    store.execute("INSERT INTO log (body) VALUES (?)", (place.json(),))
    store.execute("INSERT OR REPLACE INTO device VALUES (?, ?, ?)", (device_id, place.x, place.y))
    store.execute("COMMIT")
    devices[device_id].x = place.x
    devices[device_id].y = place.y
    return {"message": f"Device position updated to ({place.x}, {place.y})"}


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listener])
