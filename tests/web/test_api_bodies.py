"""Whatever a client sends as a body is read, or refused in a sentence with the fallback text; never a 500."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.api_support import FALLBACK, TRIGGER, Service

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda children: st.lists(children) | st.dictionaries(st.text(st.characters()), children),
    max_leaves=8,
)
MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@pytest.mark.parametrize(
    "data",
    ["", "{", "[]", "null", '"compton"', "17", b"\xff\xfe\xff", "{'station': 'compton'}", "[" * 5000, "9" * 5000],
)
def test_refuses_what_is_no_json_object(service: Service, data: bytes | str) -> None:
    refused = service.post_raw(data)
    assert refused.status_code == 400
    assert refused.content_type == "application/problem+json"
    assert refused.json["detail"].endswith(FALLBACK)


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_refuses_a_body_without_a_json_content_type(service: Service, content_type: str | None) -> None:
    refused = service.post_raw(json.dumps(TRIGGER), content_type)
    assert refused.status_code == 415
    assert refused.json["detail"].endswith(FALLBACK)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/vnd.cad+json"])
def test_takes_any_json_content_type(service: Service, content_type: str) -> None:
    assert service.post_raw(json.dumps(TRIGGER), content_type).status_code == 201


def test_refuses_a_body_of_a_megabyte(service: Service) -> None:
    refused = service.post("/encounters", TRIGGER | {"note": "x" * 1_000_000})
    assert refused.status_code == 413
    assert refused.json["detail"].endswith(FALLBACK)


@pytest.mark.parametrize(
    "more",
    [
        '"note": NaN',
        '"note": "\\ud800"',
        '"note": "a\\u0000b"',
        '"leave_out": ["\\u0000", "\\ud800"]',
        '"drill": 1e999',
        '"station": "compton"',
        f'"note": {"[" * 900}{"]" * 900}',
        '"\\ud800": 1',
        f'"x": {"9" * 4000}',
    ],
)
def test_pages_whatever_else_stands_in_the_body(service: Service, more: str) -> None:
    opened = service.post_raw(f'{{"station": "compton", "callback": "310-555-0100", {more}}}')
    assert opened.status_code == 201, opened.text
    assert service.get(f"{opened.headers['Location']}/timeline").status_code == 200


def test_never_breaks_over_nesting(service: Service) -> None:
    for depth in range(900, 1010, 3):
        data = f'{{"station": "compton", "callback": "310-555-0100", "x": {"[" * depth}{"]" * depth}}}'
        headers = {"Idempotency-Key": str(depth), "Content-Type": "application/json"}
        assert service.call("POST", "/api/v1/encounters", "trigger", headers, data=data).status_code in (201, 400)


@MANY
@given(st.dictionaries(st.sampled_from(["leave_out", "note", "drill", "name"]) | st.text(), JSON))
def test_pages_with_any_other_content(service: Service, more: dict[str, object]) -> None:
    opened = service.post_raw(json.dumps({**more, **TRIGGER}))
    assert opened.status_code == 201, opened.text


@MANY
@given(st.binary(max_size=60) | st.builds(lambda found: json.dumps(found).encode(), JSON))
def test_never_breaks_over_a_body(service: Service, data: bytes) -> None:
    assert service.post_raw(data).status_code in (400, 422)
