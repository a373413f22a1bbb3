"""Debian's python3-socketio against the real host. Usage: socketio_client.py PATCHBOARD-SERVER"""

import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import tempfile
import traceback
import urllib.request

import socketio
from socketio.exceptions import ConnectionError, TimeoutError

PATIENCE = 30


class Host:
    def __init__(self, program, file, port=0):
        # The kernel ends it when this script is gone, however that went.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", program, "serve", str(file), "--port",
             str(port), "--json", "--quiet"], stdout=subprocess.PIPE)
        said = json.loads(self.process.stdout.readline())
        self.http, self.port = said["http"], said["port"]

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.http + path, method=method, data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json"} if body else {})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        assert self.process.wait(PATIENCE) == (0 if how == signal.SIGTERM else -how)


def refusal(error, work):
    try:
        work()
    except error:
        return
    raise AssertionError("it was not refused")


def listen(host, transports, **arguments):
    client = socketio.Client(reconnection_delay=0.1, reconnection_delay_max=0.2)
    heard = queue.Queue()
    client.on("connect", lambda: heard.put(("connect", None)))
    client.on("disconnect", lambda: heard.put(("disconnect", None)))
    for event in ("device:created", "interface:created", "device_created", "device:deleted"):
        client.on(event, lambda body, event=event: heard.put((event, body)))
    client.connect(host.http, transports=transports, **arguments)
    assert heard.get(timeout=PATIENCE)[0] == "connect"
    return client, heard


def main():
    passed = 0
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.board"
        host = Host(sys.argv[1], file)
        clients = []
        for transports in (["websocket"], ["polling"], None):
            client, heard = listen(host, transports)
            clients.append((client, heard))
            name = "p-%d" % len(clients)
            made = host.call("POST", "/api/devices/provision",
                             {"name": name, "device_type": "CORE_ROUTER"})
            host.call("DELETE", "/api/devices/%d" % made["device"]["id"])
            events = [heard.get(timeout=PATIENCE)[0] for _ in range(5)]
            assert sorted(events) == sorted(
                ["device:created", "interface:created", "interface:created", "device_created",
                 "device:deleted"]), events
            for _, other in clients[:-1]:
                for _ in range(5):
                    other.get(timeout=PATIENCE)
            passed += 1
            print("ok", transports or "upgrade")
        for client, _ in clients:
            client.emit("hello", {"bytes": b"\0\1", "more": [b"\2", "text"]})
            refusal(TimeoutError, lambda client=client: client.call("an answer?", timeout=0.05))
        passed += 1
        print("ok what they send does not disturb")
        refusal(ConnectionError, lambda: socketio.Client().connect(
            host.http, namespaces=["/", "/nowhere"]))
        passed += 1
        print("ok an unknown namespace is refused")
        for how in (signal.SIGTERM, signal.SIGKILL):
            host.stop(how)
            host = Host(sys.argv[1], file, host.port)
            for _, heard in clients:
                assert heard.get(timeout=PATIENCE)[0] == "disconnect"
                assert heard.get(timeout=PATIENCE)[0] == "connect"
            name = "after %s" % how.name
            host.call("POST", "/api/devices", {"name": name, "device_type": "POP"})
            for _, heard in clients:
                event, body = heard.get(timeout=PATIENCE)
                assert (event, body["name"]) == ("device:created", name)
            passed += 1
            print("ok all come back when the host does, after", how.name)
        for client, _ in clients:
            client.disconnect()

        guarded = pathlib.Path(folder) / "guarded.board"
        token = subprocess.run(
            [sys.argv[1], "token", "add", str(guarded), "--role", "viewer", "--name", "reader"],
            check=True, capture_output=True, text=True).stdout.split()[-1]
        closed = Host(sys.argv[1], guarded)
        refusal(ConnectionError, lambda: listen(closed, None))
        for transports in (["websocket"], ["polling"], None):
            for arguments in ({"auth": {"token": token}},
                              {"headers": {"Authorization": "Bearer " + token}}):
                listen(closed, transports, **arguments)[0].disconnect()
        closed.stop()
        passed += 1
        print("ok where a token is needed, as auth or as a header")
        host.stop()
    print("%d passed, 0 failed" % passed)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
try:
    main()
except BaseException:
    # The threads of clients would go on without end.
    traceback.print_exc()
    os._exit(1)
