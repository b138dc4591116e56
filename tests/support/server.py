"""A running `medallion serve` and requests to it, from outside."""

import http.client
import json
import signal
import subprocess
import threading
import time
import urllib.parse
from dataclasses import dataclass

CHANGES = {"Content-Type": "application/json", "X-Medallion-Request": "1"}


@dataclass
class Answer:
    status: int
    headers: dict  # names in lower case
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


def query(parameters):
    """`?a=1&b=2&b=3`; lists are repeated, None is left out."""
    pairs = [(name, value) for name, value in parameters.items() if value is not None]
    return "?" + urllib.parse.urlencode(pairs, doseq=True) if pairs else ""


class Server:
    """Serves until stopped. `medallion` is the program; the options are those of `medallion serve`."""

    def __init__(self, medallion, *options, port=0, env=None, cwd="/"):
        command = [medallion.path, "serve", "--json", "--port", str(port), *map(str, options)]
        self.process = subprocess.Popen(
            command, cwd=cwd, env=medallion.environment(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline()
        assert line, f"exit code {self.process.wait()} of {command}\n{self.process.stderr.read()}"
        self.url = json.loads(line)["url"]
        parts = urllib.parse.urlsplit(self.url)
        self.host, self.port = parts.hostname, parts.port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        """Ends the process and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path, headers=None, **parameters):
        """A path under /api/v1."""
        return self.request("GET", "/api/v1" + path + query(parameters), headers=headers)

    def ask(self, path, **parameters):
        """The JSON of a path that must be answered."""
        answer = self.get(path, **parameters)
        assert answer.status == 200, f"{path}: {answer.status} {answer.text}"
        return answer.json

    def post(self, path, body, headers=CHANGES):
        return self.request("POST", "/api/v1" + path, body=json.dumps(body), headers=headers)

    def stream(self, last_event_id=None, headers=None):
        return Stream(self, last_event_id, headers)

    def start_update(self, **body):
        answer = self.post("/updates", body)
        assert answer.status == 202, answer.text
        return answer.json["update_id"]

    def wait_for_update(self, update_id, seconds=120):
        """The update once it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            detail = self.ask(f"/updates/{update_id}")
            if detail["update"]["ended_at"]:
                return detail
            time.sleep(0.05)
        raise AssertionError(f"update {update_id} has not ended after {seconds} s: {detail['update']}")


@dataclass
class Message:
    id: str
    event: str
    data: object
    at: float  # monotonic seconds


class Stream:
    """The live events, read on a thread of its own as they come."""

    def __init__(self, server, last_event_id, headers):
        headers = dict(headers or {}, Accept="text/event-stream")
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=120)
        self.connection.request("GET", "/api/v1/events/stream", headers=headers)
        self.response = self.connection.getresponse()
        assert self.response.status == 200, self.response.read()
        self.messages = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        self.wait_for(lambda message: message.event == "hello")

    def _read(self):
        fields = {}
        try:
            for raw in self.response:
                line = raw.decode().rstrip("\n")
                if not line:
                    if "event" in fields:
                        message = Message(fields.get("id", ""), fields["event"], json.loads(fields["data"]), time.monotonic())
                        self.messages.append(message)
                    fields = {}
                elif not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    fields[name] = value
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        self.ended.set()

    def wait_for(self, wanted, seconds=60):
        """The first message that is wanted."""
        deadline = time.monotonic() + seconds
        seen = 0
        while time.monotonic() < deadline:
            while seen < len(self.messages):
                if wanted(self.messages[seen]):
                    return self.messages[seen]
                seen += 1
            time.sleep(0.01)
        raise AssertionError(f"no such message in {seconds} s; {len(self.messages)} came: {self.messages[-3:]}")

    def close(self):
        self.connection.sock and self.connection.sock.close()
        self.connection.close()


def ended(message):
    return message.event == "update" and message.data["ended_at"] is not None
