"""Sales files in which everything that a shop lets others write is an attack on whoever looks at it."""

import csv

import daily_files

# Each calls pwn(), which nothing but an attack does, or breaks the page if it is taken for more than text.
PAYLOADS = [
    "<img src=x onerror=pwn()>",
    "<svg onload=pwn()>",
    "<svg/onload=pwn()//",
    "<script>pwn()</script>",
    "</script><script>pwn()</script>",
    "</title><script>pwn()</script>",
    "</textarea><script>pwn()</script>",
    "</style><script>pwn()</script>",
    "<!--<script>pwn()</script>-->",
    "<iframe srcdoc='<script>parent.pwn()</script>'>",
    "<iframe src=javascript:parent.pwn()>",
    "<object data=javascript:pwn()>",
    "<embed src=javascript:pwn()>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:pwn()'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=javascript:pwn()><button>go</button></form>",
    "<input autofocus onfocus=pwn()>",
    "<details open ontoggle=pwn()>",
    "<video><source onerror=pwn()></video>",
    "<body onload=pwn()>",
    "<math><mtext></mtext><img src=x onerror=pwn()></math>",
    "<a href=javascript:pwn()>click</a>",
    "javascript:pwn()",
    "data:text/html,<script>pwn()</script>",
    '" onmouseover="pwn()" x="',
    "' onfocus='pwn()' autofocus='",
    '"><img src=x onerror=pwn()>',
    "`${pwn()}`",
    "${pwn()}",
    "{{constructor.constructor('pwn()')()}}",
    "{pwn()}",
    "{@html '<img src=x onerror=pwn()>'}",
    "{a|x}{b|\\}{value}",
    "#{7*7}<%= 7*7 %>",
    "&lt;img src=x onerror=pwn()&gt;",
    "\u202egpj.exe\u202c <b>rtl</b>",
    "＜script＞pwn()＜/script＞",
    "=HYPERLINK(\"javascript:pwn()\";\"x\")",
    "__proto__",
    "constructor/../../%2e%2e/?a=b#c&d",
]
COLUMNS = ["Invoice", "StockCode", "Description", "Quantity", "Price", "Customer ID", "Country", "InvoiceDate"]
# Six or seven characters make an invoice that the rules let through.
SHORT = ["<b>x</b", "{a|x}", "${x}", "<svg>", "'\"><b>", "&lt;a", "../../a"]


def file_name(payload):
    return "sales " + payload.replace("/", "∕") + ".csv"


def lines():
    """(payload or None, line): every payload as customer, country, description and stock code, and in lines that rules reject."""
    for number, payload in enumerate(PAYLOADS):
        customer = {"Customer ID": payload, "Country": payload, "InvoiceDate": f"2026-01-{1 + number % 28:02}"}
        plain = {"Invoice": str(600_000 + number), "StockCode": "85048", "Description": payload, "Quantity": 10, "Price": f"{900 - number}.00"}
        yield payload, {**plain, **customer}
        yield payload, {**plain, **customer, "StockCode": payload, "Quantity": 1, "Price": "1.00"}
        yield payload, {**plain, **customer, "Invoice": payload, "Description": payload, "Price": "2.00"}
        yield payload, {**plain, **customer, "Quantity": -1}
        yield payload, {**plain, **customer, "InvoiceDate": payload}
    for number, invoice in enumerate(SHORT):
        yield None, {"Invoice": invoice.ljust(6, "x"), "StockCode": "85048", "Description": invoice, "Quantity": 1, "Price": "3.00",
                     "Customer ID": PAYLOADS[number], "Country": PAYLOADS[number], "InvoiceDate": "2026-01-30"}  # fmt: skip
    for number in range(80):
        yield None, {"Invoice": str(700_000 + number), "StockCode": "85048", "Description": "AN ORDINARY THING", "Quantity": 1 + number % 7,
                     "Price": f"{1 + number % 11}.50", "Customer ID": str(12_000 + number // 2), "Country": "France",
                     "InvoiceDate": f"2025-1{number % 3}-{1 + number % 28:02}"}  # fmt: skip


def write_sales(folder):
    """One file per payload, named after it, one with ordinary lines, and one per payload that is no CSV and is set aside."""
    folder.mkdir()
    for payload in [None, *PAYLOADS]:
        name = "ordinary.csv" if payload is None else file_name(payload)
        with (folder / name).open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, COLUMNS)
            writer.writeheader()
            writer.writerows(line for its, line in lines() if its == payload)
    for payload in PAYLOADS:
        (folder / ("aside " + file_name(payload))).write_text(f"<!doctype html><html><body>{payload}</body></html>")
    daily_files.age(folder)
    return folder
