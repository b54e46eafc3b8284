"""The description says what the code does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pager.domain.api_key import Scope
from tests.web.api_support import Service

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def operations(service: Service) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and description of every operation."""
    for path, item in service.get("/api/v1/openapi.json", key="").json["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def references(found: Any) -> Iterator[str]:
    """Yield every `$ref` in a document."""
    if isinstance(found, dict):
        yield from (value for name, value in found.items() if name == "$ref")
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from references(one)


def test_describes_every_route_of_the_interface(service: Service) -> None:
    one, page = "/api/v1/encounters/{reference}", "/api/v1/encounters/{reference}/pages/{agency}"
    assert {(method, path) for path, method, _ in operations(service)} == {
        ("post", "/api/v1/encounters"),
        ("get", "/api/v1/encounters"),
        ("get", one),
        ("get", f"{one}/timeline"),
        ("post", f"{one}/cancel"),
        ("post", f"{one}/close"),
        ("post", f"{one}/correct"),
        ("post", f"{page}/acknowledge"),
        ("post", f"{page}/on-scene"),
        ("post", f"{page}/release"),
        ("post", f"{page}/undo"),
        ("post", f"{page}/page"),
        ("post", f"{one}/pages"),
        ("post", f"{one}/follow-ups/{{name}}"),
        ("get", "/api/v1/oncall"),
        ("get", "/livez"),
        ("get", "/healthz"),
        ("get", "/metrics"),
    }


def test_describes_the_key_that_an_operation_needs(service: Service) -> None:
    security = {(method, path): operation.get("security") for path, method, operation in operations(service)}
    assert security["post", "/api/v1/encounters"] == [{"key": [Scope.TRIGGER]}]
    assert security["get", "/api/v1/encounters/{reference}"] == [{"key": [Scope.READ]}, {"key": [Scope.TRIGGER]}]
    assert security["get", "/healthz"] == [{}, {"key": [Scope.READ]}]
    assert security["get", "/livez"] is None


def test_describes_every_error_as_a_problem(service: Service) -> None:
    for path, _, operation in operations(service):
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        if operation.get("security") and path != "/healthz":
            assert {"401", "403", "503"} <= set(errors)
            assert [answer["content"] for answer in errors.values()] == [PROBLEM] * len(errors)


def test_describes_bodies_headers_and_queries(service: Service) -> None:
    found = {(method, path): operation for path, method, operation in operations(service)}
    trigger = found["post", "/api/v1/encounters"]
    body = trigger["requestBody"]
    assert body["required"] is True
    assert body["content"]["application/json"]["schema"]["required"] == ["station", "callback"]
    assert [one["name"] for one in trigger["parameters"]] == ["Idempotency-Key"]
    assert "Location" in trigger["responses"]["201"]["headers"]
    cancel = found["post", "/api/v1/encounters/{reference}/cancel"]
    assert cancel["requestBody"]["required"] is False
    assert cancel["requestBody"]["content"]["application/json"]["schema"]["additionalProperties"] is False
    assert [one["name"] for one in found["get", "/api/v1/oncall"]["parameters"]] == ["agency", "station", "at"]


def test_refers_only_to_what_it_defines(service: Service) -> None:
    document = service.get("/openapi.json", key="").json
    defined = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= defined


def test_names_each_operation_once(service: Service) -> None:
    names = [operation["operationId"] for _, _, operation in operations(service)]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] for _, _, operation in operations(service))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html"),
        ("/start.js", "text/javascript"),
        ("/css/swagger-ui.css", "text/css"),
        ("/js/swagger-ui-bundle.js", "text/javascript"),
    ],
)
def test_serves_the_viewer_and_its_files_from_here(service: Service, path: str, kind: str) -> None:
    found = service.get(f"/api/docs{path}", key="")
    assert (found.status_code, found.mimetype) == (200, kind)
    found.close()


def test_the_viewer_asks_nobody_else_for_anything(service: Service) -> None:
    page = service.get("/api/docs", key="")
    assert "//" not in page.text.replace("<!DOCTYPE html>", "")
    page.close()


@pytest.mark.parametrize("path", ["/nothing", "/../api.py", "/%2e%2e/api.py", "/js/nothing.js"])
def test_serves_no_other_file(service: Service, path: str) -> None:
    assert service.get(f"/api/docs{path}", key="").status_code == 404
