"""The server as an HTTP/1.1 server: what it answers to good, bad and hostile requests."""

import gzip
import json
import socket
import threading
import time

import pytest


def talk(server, data, *, half_close=False, seconds=15):
    """Sends bytes and returns everything that comes until the server closes."""
    with socket.create_connection((server.host, server.port), timeout=seconds) as connection:
        connection.sendall(data)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except TimeoutError:
            received += b"<still open>"
        return received


def request(server, first="GET /livez HTTP/1.1", *lines, body=b"", close=True):
    head = [first, f"Host: {server.host}:{server.port}", *lines, *(["Connection: close"] if close else [])]
    return "\r\n".join([*head, "", ""]).encode() + body


def status(received):
    return int(received.split(b" ", 2)[1]) if received.startswith(b"HTTP/1.1 ") else None


def test_connections_are_kept_and_requests_may_be_pipelined(api):
    received = talk(api, request(api, close=False) * 3 + request(api))
    assert received.count(b"HTTP/1.1 200 OK") == 4
    assert received.count(b"ok\n") == 4


def test_http_1_0_is_answered_and_closed(api):
    received = talk(api, request(api, "GET /livez HTTP/1.0", close=False))
    assert b" 200 " in received.split(b"\r\n")[0] and received.endswith(b"ok\n")


def test_head_has_no_body(api):
    whole = api.request("GET", "/api/v1/tables")
    head = api.request("HEAD", "/api/v1/tables")
    assert head.status == 200 and head.body == b""
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_an_unchanged_answer_is_not_sent_again(api):
    first = api.get("/segments")
    tag = first.headers["etag"]
    again = api.get("/segments", headers={"If-None-Match": tag})
    assert again.status == 304 and again.body == b""
    assert api.get("/segments", headers={"If-None-Match": '"other"'}).status == 200
    assert api.get("/segments", scheme="cluster").headers["etag"] != tag


def test_long_answers_are_compressed_for_those_who_take_it(api):
    plain = api.get("/segments/points")
    packed = api.get("/segments/points", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2 and gzip.decompress(packed.body) == plain.body
    assert "content-encoding" not in api.get("/segments/points", headers={"Accept-Encoding": "gzip;q=0"}).headers


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GET /livez\r\n\r\n", {400, 505}),
        (b"GET /livez HTTP/2.0\r\nHost: localhost\r\n\r\n", {400, 505}),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
        (b"nonsense\r\n\r\n", {400}),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 414, 431}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", {431}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 10_000 + b"\r\n", {431}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nNo colon\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n", {400}),
        (b"POST /api/v1/updates HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", {400}),
        (b"POST /api/v1/updates HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", {400}),
        (b"POST /api/v1/updates HTTP/1.1\r\nHost: localhost\r\nContent-Length: +2\r\n\r\n{}", {400}),
        (b"POST /api/v1/updates HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x2\r\n\r\n{}", {400}),
        (b"POST /api/v1/updates HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n{}", {400, 413}),
        (b"POST /api/v1/updates HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", {400}),
        (b"POST /api/v1/updates HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n", {400}),
        (b"POST /api/v1/updates HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", {400, 413}),
        (b"POST /api/v1/updates HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n", {413}),
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused_and_closed(api, data, expected):
    received = talk(api, data, seconds=5)
    assert status(received) in expected, received[:200]
    assert b"<still open>" not in received
    assert api.request("GET", "/livez").status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_other_methods_are_refused(api, method):
    headers = {"X-Medallion-Request": "1", "Content-Type": "application/json"}
    for path in ("/", "/api/v1/overview"):
        answer = api.request(method, path, headers=headers)
        assert answer.status == 405, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%5c..%5cetc%5cpasswd", "//etc/passwd", "/assets/../../etc/passwd",
        "/assets/%2e%2e%2fpasswd.txt", "/%c0%ae%c0%ae/etc/passwd.txt", "/%252e%252e/etc/passwd.txt", "/a%00.txt", "/%zz.txt",
        "/api/v1/tables/..%2f..%2fetc%2fpasswd", "/api/v1/tables/%2e%2e", "/api/v1/customers/..%2f..", "/api/v1/updates/..%2f..%2fformat",
        "/api/v1/updates/..%2f..%2fformat/events", "/api/v1/quality/quarantine?table=../../etc",
    ],
)  # fmt: skip
def test_no_path_leaves_the_program(api, path):
    answer = api.request("GET", path)
    assert b"root:" not in answer.body and b"leastReader" not in answer.body
    page = answer.status == 200 and answer.headers["content-type"].startswith("text/html")
    assert page or answer.status in (400, 404), (answer.status, answer.text[:200])


def test_every_answer_has_the_guarding_headers(api):
    for path in ("/", "/segments", "/livez", "/nothing.txt", "/api/v1/overview", "/api/v1/nothing", "/api/v1/customers/export?format=csv"):
        headers = api.request("GET", path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.", "127.0.0.1:0", "", "0.0.0.0"])
def test_other_host_names_are_refused(api, host):
    for path in ("/", "/api/v1/overview", "/api/v1/events/stream"):
        answer = api.request("GET", path, headers={"Host": host})
        assert answer.status == 421, (host, path)


FORGERIES = {
    "another origin": {"Origin": "http://evil.example"},
    "a null origin": {"Origin": "null"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "the same site": {"Sec-Fetch-Site": "same-site"},
    "no header of ours": {"X-Medallion-Request": None},
    "a form": {"Content-Type": "application/x-www-form-urlencoded"},
    "a multipart form": {"Content-Type": "multipart/form-data; boundary=x"},
    "plain text": {"Content-Type": "text/plain"},
    "no type": {"Content-Type": None},
    "a compressed body": {"Content-Encoding": "gzip"},
    "text that looks like JSON": {"Content-Type": "text/plain; application/json"},
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_changes_change_nothing(api, name):
    headers = {"Content-Type": "application/json", "X-Medallion-Request": "1"} | FORGERIES[name]
    before = api.ask("/updates")
    answer = api.request("POST", "/api/v1/updates", "{}", {key: value for key, value in headers.items() if value})
    assert answer.status in (403, 415)
    assert api.ask("/updates") == before


def test_slow_requests_are_closed_and_hinder_nobody(api):
    slow = []
    for _ in range(200):
        connection = socket.create_connection((api.host, api.port), timeout=30)
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        slow.append(connection)
    begun = time.monotonic()
    assert api.request("GET", "/livez").status == 200
    assert time.monotonic() - begun < 1
    for connection in slow:
        assert connection.recv(100) == b"" or True
        connection.close()
    assert time.monotonic() - begun < 20


def test_clients_that_break_off_at_any_byte_do_no_harm(api):
    whole = request(api, "POST /api/v1/updates HTTP/1.1", "Content-Type: text/plain", "Content-Length: 20", body=b"x" * 20)
    for length in range(len(whole)):
        with socket.create_connection((api.host, api.port)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(whole[:length])
    assert api.request("GET", "/livez").status == 200


def test_a_client_that_leaves_an_export_frees_its_place(api):
    table = "retail_analytics.dlt.retail_transactions_bronze"
    for _ in range(20):
        with socket.create_connection((api.host, api.port)) as connection:
            connection.sendall(request(api, f"GET /api/v1/tables/{table}/export?format=csv HTTP/1.1"))
            assert b"200 OK" in connection.recv(1000)
    begun = time.monotonic()
    assert api.ask("/tables")["tables"]
    assert time.monotonic() - begun < 5


def test_a_long_export_is_whole(api, reference):
    table = "retail_analytics.dlt.retail_transactions_bronze"
    answer = api.get(f"/tables/{table}/export", format="csv")
    assert answer.headers["transfer-encoding"] == "chunked"
    assert answer.body.count(b"\n") == len(reference.bronze) + 1 + sum(text.count("\n") for text in reference.bronze["Description"].dropna())


def test_many_requests_at_once_are_all_answered(api):
    failures = []

    def ask():
        for path in ("/overview", "/segments", "/customers?limit=5", "/quality", "/tables") * 4:
            answer = api.get(path)
            if answer.status != 200:
                failures.append((path, answer.status))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_api_describes_itself(api, contract):
    assert api.ask("/openapi.json") == json.loads(json.dumps(contract.document))
