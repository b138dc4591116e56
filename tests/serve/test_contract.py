"""Every answer of the API is what its description says."""

import pytest

SILVER = "retail_analytics.dlt.retail_transactions_silver"
SUMMARY = "retail_analytics.dlt.segment_summary"

# One or more requests per operation that reads.
READS = {
    "getSession": ["/session"],
    "getOpenApi": ["/openapi.json"],
    "getOverview": ["/overview"],
    "getSegments": [f"/segments?scheme={scheme}" for scheme in ("rule", "score", "cluster")],
    "getSegmentGrid": ["/segments/grid", "/segments/grid?cluster=0&cluster=-1"],
    "getSegmentProfiles": ["/segments/profiles?scheme=cluster", "/segments/profiles?country=Nowhere"],
    "getSegmentPoints": ["/segments/points", "/segments/points?recency_max=30"],
    "getSegmentModel": ["/segments/model"],
    "getSegmentHistory": ["/segments/history", "/segments/history?scheme=cluster"],
    "getSegmentMovement": ["/segments/movement", "/segments/movement?scheme=cluster"],
    "listCustomers": ["/customers", "/customers?sort=country&limit=3", "/customers?search=nobody"],
    "exportCustomers": [f"/customers/export?format={name}" for name in ("csv", "xlsx", "parquet")],
    "getCustomer": ["/customers/12346", "/customers/12748"],
    "listOrders": ["/customers/12346/orders", "/customers/12748/orders?limit=2"],
    "getQuality": ["/quality"],
    "listLandedFiles": ["/quality/files", "/quality/files?state=set_aside", "/quality/files?search=2025-07"],
    "listQuarantine": [f"/quality/quarantine?table={SILVER}", f"/quality/quarantine?table={SUMMARY}"],
    "getPipeline": ["/pipeline"],
    "listUpdates": ["/updates", "/updates?state=FAILED"],
    "getUpdate": ["/updates/{update}"],
    "listEvents": ["/updates/{update}/events", "/updates/{update}/events?level=METRICS&limit=500"],
    "listTables": ["/tables"],
    "getTable": [f"/tables/{SUMMARY}", f"/tables/quarantine.{SILVER}", "/tables/system.event_log"],
    "getTableHistory": [f"/tables/{SUMMARY}/history"],
    "listTableFiles": [f"/tables/{SUMMARY}/files?version=0"],
    "listRows": [f"/tables/{SUMMARY}/rows", "/tables/system.event_log/rows?limit=2", f"/tables/quarantine.{SILVER}/rows?limit=2"],
    "getTableProfile": [f"/tables/{SUMMARY}/profile", "/tables/system.event_log/profile"],
    "exportTable": [f"/tables/{SUMMARY}/export?format={name}" for name in ("csv", "xlsx", "parquet")],
}
ELSEWHERE = {"login", "logout", "startUpdate", "stopUpdate", "streamEvents"}  # test_access, test_live


def test_every_operation_is_tried(contract):
    assert READS.keys() | ELSEWHERE == contract.operations.keys()


@pytest.mark.parametrize("operation", READS)
def test_answers_are_as_described(api, contract, operation):
    update = api.ask("/updates")["updates"][0]["update_id"]
    for path in READS[operation]:
        path = path.replace("{update}", update)
        assert contract.operation_of("GET", "/api/v1" + path.split("?")[0]) == operation
        answer = api.get(path)
        assert answer.status == 200, f"{path}: {answer.text}"
        contract.check(operation, answer)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nonsense", 404, "NOT_FOUND"),
        ("/customers/nobody", 404, "CUSTOMER_NOT_FOUND"),
        ("/updates/nothing", 404, "UPDATE_NOT_FOUND"),
        ("/updates/nothing/events", 404, "UPDATE_NOT_FOUND"),
        ("/tables/a.b.c", 404, "TABLE_OR_VIEW_NOT_FOUND"),
        ("/tables/a.b.c/rows", 404, "TABLE_OR_VIEW_NOT_FOUND"),
        (f"/tables/{SUMMARY}?version=99", 404, "DELTA_VERSION_NOT_FOUND"),
        ("/quality/quarantine?table=a.b.c", 404, "TABLE_OR_VIEW_NOT_FOUND"),
        ("/segments/movement?to=1999-01-01", 404, "NOT_FOUND"),
        ("/customers?cursor=nonsense", 400, "INVALID_ARGUMENT"),
        ("/customers?limit=0", 400, "INVALID_REQUEST"),
        (f"/tables/{SUMMARY}/rows?sort=nonsense", 400, "INVALID_ARGUMENT"),
        (f"/tables/{SUMMARY}/rows?filter=Segment:like:x", 400, "INVALID_ARGUMENT"),
        (f"/tables/{SUMMARY}/rows?filter=Customer_Count:eq:many", 400, "INVALID_ARGUMENT"),
        ("/quality/quarantine", 400, "INVALID_REQUEST"),
    ],
)
def test_what_cannot_be_answered_says_why(api, contract, path, status, code):
    answer = api.get(path)
    assert answer.status == status, answer.text
    contract.check_schema({"$ref": "urn:api#/components/schemas/Problem"}, answer.json)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["code"].upper() in (code, code.replace("_", "")), answer.json
    assert answer.json["status"] == status
