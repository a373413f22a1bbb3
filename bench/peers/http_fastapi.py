"""Devices over HTTP as FastAPI does it: from memory, with response models. Its list comes from a
file: http_fastapi.py LIST.json; prints its port."""
import json
import socket
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
app = FastAPI()


@app.get("/api/devices", response_model=List[Device])
async def all_devices():
    return list(devices.values())


@app.get("/api/devices/{device_id}", response_model=Device)
async def one_device(device_id: int):
    if device_id not in devices:
        raise HTTPException(status_code=404, detail="Device not found")
    return devices[device_id]


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listener])
