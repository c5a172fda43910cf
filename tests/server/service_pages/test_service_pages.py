"""Health, specification, documentation: served by the server alone."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from aimusicverse.platforms.store_problems import codes, docs_url
from aimusicverse.server.problems import CODES
from tests.server.conftest import Api

ROOT = Path(__file__).parents[3]


@pytest.fixture
def api(shared: Api) -> Api:
    """These pages change nothing."""
    return shared


def test_health_and_readiness(api: Api) -> None:
    assert httpx.get(f"{api.server.url}/healthz").json()["status"] == "ok"
    assert httpx.get(f"{api.server.url}/readyz").json()["status"] == "ready"
    api.server.services.closing = True
    assert httpx.get(f"{api.server.url}/readyz").json()["code"] == "not_ready"
    api.server.services.closing = False


def test_the_documentation_loads_nothing_from_elsewhere(api: Api) -> None:
    page = httpx.get(f"{api.server.url}/docs")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(assets) >= 3
    for asset in assets:
        assert asset.startswith("/")
        assert httpx.get(api.server.url + asset).status_code == 200
    assert httpx.get(f"{api.server.url}/docs/assets/..%2f..%2froutes.py").status_code == 404


def test_the_specification_is_served_and_has_no_framework_errors_in_it(api: Api) -> None:
    spec = httpx.get(f"{api.server.url}/openapi.json").json()
    assert spec["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in str(spec)
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            assert operation["operationId"]
            named = [p["name"] for p in operation.get("parameters", [])]
            assert ("Idempotency-Key" in named) == (method == "post"), path


def test_every_reference_in_the_specification_leads_somewhere(api: Api) -> None:
    spec = httpx.get(f"{api.server.url}/openapi.json").json()
    for kind, name in set(re.findall(r"#/components/(\w+)/([\w-]+)", str(spec))):
        assert name in spec["components"][kind], name


#: Not answers of an operation: states of a generation or artwork, pages, no route, what the door refuses.
NOT_IN_THE_SPECIFICATION = {
    "artwork_failed",
    "engine_crashed",
    "soundfont_unreadable",
    "engine_failed",
    "generator_failed",
    "host_not_allowed",
    "lettering_impossible",
    "malformed_http",
    "method_not_allowed",
    "origin_not_allowed",
    "problem_code_unknown",
    "request_timeout",
    "route_not_found",
    "rule_unknown",
    "sign_in_invalid",
    "snapshot_not_found",
}


def test_every_problem_that_an_operation_may_answer_is_in_the_specification(api: Api) -> None:
    named = set(re.findall(r"`(\w+)`", str(httpx.get(f"{api.server.url}/openapi.json").json())))
    assert set(CODES) - named == NOT_IN_THE_SPECIFICATION


def test_the_written_reference_is_not_stale() -> None:
    check = subprocess.run(
        [sys.executable, str(ROOT / "scripts/write_reference.py"), "--check"], capture_output=True, text=True
    )
    assert check.returncode == 0, check.stderr


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_problem_code_is_explained_where_its_type_points(api: Api, code: str) -> None:
    page = httpx.get(f"{api.server.url}/problems/{code}")
    assert page.status_code == 200
    assert code in page.text


def test_every_trouble_with_a_store_is_explained_where_its_docs_url_points(api: Api) -> None:
    for code, known in codes().items():
        page = httpx.get(f"{api.server.url}{docs_url(code)}")
        assert page.status_code == 200
        assert f"<h1>{html.escape(known.title)}</h1>" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    assert httpx.get(f"{api.server.url}/store-problems/no_such").json()["code"] == "problem_code_unknown"


def test_every_answer_has_a_request_id(api: Api) -> None:
    for path in ("/healthz", "/docs", "/api/v1/tracks", "/nowhere"):
        assert re.fullmatch(r"req_[0-9A-Za-z]{22}", httpx.get(api.server.url + path).headers["x-request-id"])
