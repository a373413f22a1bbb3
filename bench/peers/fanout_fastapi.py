"""What a board is to its clients, as python-socketio and FastAPI do it: each change is committed to
SQLite, then sent to everybody. fanout_fastapi.py FILE normal|full; prints its port."""
import json
import socket
import sqlite3
import sys

import socketio
import uvicorn
from fastapi import FastAPI

store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("PRAGMA journal_mode=WAL")
store.execute("PRAGMA synchronous=" + sys.argv[2])
store.execute("CREATE TABLE device (id INTEGER PRIMARY KEY, notes TEXT)")
store.execute("CREATE TABLE log (revision INTEGER PRIMARY KEY, body TEXT)")
sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
app = socketio.ASGIApp(sio, FastAPI())


@sio.event
async def change(sid, data):
    store.execute("BEGIN")
    store.execute("INSERT INTO log (body) VALUES (?)", (json.dumps(data),))
    store.execute("INSERT OR REPLACE INTO device VALUES (?, ?)", (data["id"], data["notes"]))
    store.execute("COMMIT")
    await sio.emit("change", data)


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(2048)
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listener])
