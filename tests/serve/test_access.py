"""Who may use the server."""

import os
import re
import socket
import stat

import pytest
from retail_server import serve_options
from server import Server

TOKEN = "canary-5f1c9a7e3b2d4806"


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def guarded(medallion, retail, sales_folder, token_file):
    with Server(medallion, *serve_options(medallion, retail, sales_folder), "--token-file", token_file) as server:
        yield server


def listening(process):
    """Local addresses (hexadecimal) on which the process listens."""
    inodes = set()
    for entry in os.listdir(f"/proc/{process}/fd"):
        try:
            target = os.readlink(f"/proc/{process}/fd/{entry}")
        except FileNotFoundError:  # closed meanwhile
            continue
        if target.startswith("socket:"):
            inodes.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6"):
        for line in open(f"/proc/net/{table}").read().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.append(fields[1].split(":")[0])
    return found


def test_only_this_machine_is_served_by_default(api):
    addresses = listening(api.process.pid)
    assert addresses
    assert set(addresses) <= {"0100007F", "00000000000000000000000001000000"}


def test_other_machines_need_a_token(medallion, retail):
    done = medallion.run("serve", "--storage", retail, "--listen", "0.0.0.0", "--port", "0", timeout=20)
    assert done.code == 2
    assert "access token" in done.err and "--token-file" in done.err


def test_a_missing_token_file_is_made_for_its_owner_alone(medallion, retail, sales_folder, tmp_path):
    path = tmp_path / "made"
    with Server(medallion, *serve_options(medallion, retail, sales_folder), "--listen", "0.0.0.0", "--token-file", path) as server:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        token = path.read_text().strip()
        assert re.fullmatch("[0-9a-f]{64}", token)
        assert server.get("/overview").status == 401
        assert server.get("/overview", headers={"Authorization": f"Bearer {token}"}).status == 200
        assert "00000000" in listening(server.process.pid)


def test_a_token_file_that_others_can_read_is_refused(medallion, retail, token_file):
    token_file.chmod(0o644)
    done = medallion.run("serve", "--storage", retail, "--port", "0", "--token-file", token_file, timeout=20)
    assert done.code == 4 and f"chmod 600 {token_file}" in done.err


def test_without_the_token_nothing_is_told(guarded, contract):
    for operation, (method, template, _) in contract.operations.items():
        if operation in ("getSession", "login", "logout"):
            continue
        path = re.sub(r"\{[^}]*\}", "x", template)
        answer = guarded.request(method, path, "{}", {"Content-Type": "application/json", "X-Medallion-Request": "1"})
        assert answer.status == 401, (operation, answer.status)
        assert answer.headers["www-authenticate"] == "Bearer"
    session = guarded.ask("/session")
    assert not session["authenticated"] and session["storage_name"] is None and session["pipeline_name"] is None


def test_pages_are_served_so_that_one_can_log_in(guarded):
    assert guarded.request("GET", "/").status == 200


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Bearer x", f"Bearer  {TOKEN} x", f"Basic {TOKEN}", "Bearer " + "x" * 10_000])
def test_wrong_tokens_are_refused(guarded, value):
    assert guarded.get("/overview", headers={"Authorization": value}).status == 401


def test_the_token_in_the_address_is_refused(guarded):
    assert guarded.request("GET", f"/api/v1/overview?token={TOKEN}").status in (400, 401)


def test_a_login_lasts_until_the_logout(guarded, contract):
    assert guarded.post("/login", {"token": "wrong"}).status == 401
    answer = guarded.post("/login", {"token": TOKEN})
    contract.check("login", answer)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and TOKEN not in cookie
    headers = {"Cookie": cookie.split(";")[0]}
    assert guarded.get("/overview", headers=headers).status == 200
    assert guarded.get("/session", headers=headers).json["authenticated"]
    out = guarded.post("/logout", {}, headers={"Content-Type": "application/json", "X-Medallion-Request": "1", **headers})
    contract.check("logout", out)
    assert guarded.get("/overview", headers=headers).status == 401


def test_guessing_is_slowed_down(guarded):
    statuses = [guarded.post("/login", {"token": f"guess {i}"}).status for i in range(30)]
    assert 429 in statuses


def test_the_token_is_in_no_answer_and_no_argument(guarded, contract):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for _, (method, template, _) in contract.operations.items():
        if method == "GET" and not template.endswith("stream"):
            answer = guarded.request("GET", re.sub(r"\{[^}]*\}", "x", template), headers=headers)
            assert TOKEN.encode() not in answer.body and TOKEN not in str(answer.headers)
    assert TOKEN not in open(f"/proc/{guarded.process.pid}/cmdline").read()


def test_named_hosts_are_served(medallion, retail, sales_folder):
    with Server(medallion, *serve_options(medallion, retail, sales_folder), "--allow-host", "sales.example") as server:
        assert server.request("GET", "/livez", headers={"Host": f"sales.example:{server.port}"}).status == 200
        assert server.request("GET", "/livez", headers={"Host": "other.example"}).status == 421


def test_a_port_that_is_taken_says_what_to_do(medallion, retail):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = medallion.run("serve", "--storage", retail, "--port", port, timeout=20)
    assert done.code == 4
    assert f"port {port}" in done.err and "--port" in done.err
