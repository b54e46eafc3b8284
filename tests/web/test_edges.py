"""The edges of the whole service: headers, the host's name, the size of a body, and no limit to good requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from pager.adapters.web.authority import Kind
from pager.adapters.web.json_body import LARGEST_BODY
from pager.domain.user import Role
from tests.conftest import copy_of
from tests.web.pages_support import sign_in
from tests.web.whole_app import FALLBACK, Whole, rules_of, serve_app, sign_in_as
from tests.world import ACCOUNT, OURS

PUBLIC_URL = "https://pager.example.org"
TRIGGER = {"station": "compton", "callback": "310-555-0100"}
KEY = {"Authorization": "Bearer trigger"}


@pytest.fixture(scope="module")
def whole(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """One service for all: nothing that one test does changes what another sees."""
    url = copy_of(sqlite_template, tmp_path_factory.mktemp("edges"))
    whole = serve_app(url, public_url=PUBLIC_URL, hosts=("console.example.org",))
    yield whole
    whole.store.engine.dispose()


def everywhere(whole: Whole) -> Iterator[tuple[str, TestResponse]]:
    """Yield the answer of every route, and of what is no route, to nobody in particular."""
    client = whole.app.test_client()
    for method, path in {*((method, path) for method, path, _ in rules_of(whole.app)), ("GET", "/nothing")}:
        yield path, client.open(path, method=method, buffered=True)


def signed(path: str, form: dict[str, str]) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(ACCOUNT.token).compute_signature(f"{PUBLIC_URL}{path}", form)}


# Headers.


def test_every_answer_tells_browsers_what_they_may_do(whole: Whole) -> None:
    for path, answer in everywhere(whole):
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Strict-Transport-Security"] == "max-age=31536000", path


def test_the_content_policy_lets_nothing_in_from_elsewhere_and_nothing_stand_inline(whole: Whole) -> None:
    policies = {answer.headers["Content-Security-Policy"] for _, answer in everywhere(whole)}
    assert [set(policy.split("; ")) for policy in policies] == [
        {
            *("default-src 'self'", "img-src 'self' data:", "object-src 'none'"),
            *("base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"),
        }
    ]


def test_nobody_keeps_an_answer_but_files_that_come_with_the_code(whole: Whole) -> None:
    client, of_files = whole.app.test_client(), []
    for method, path, authority in rules_of(whole.app):
        answer = client.open(path.replace("/x", "/board.css"), method=method, buffered=True)
        if answer.headers["Cache-Control"] != "no-store":
            of_files.append((path, authority and authority.kind))
    assert set(of_files) == {("/assets/x", Kind.PUBLIC), ("/api/docs", Kind.PUBLIC)}


@pytest.mark.parametrize("path", ["/", "/board/encounters"])
def test_no_cache_keeps_the_board(whole: Whole, path: str) -> None:
    answer = sign_in_as(whole, Role.DISPATCHER).get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_the_cookie_travels_over_tls_alone_and_no_script_reads_it(whole: Whole) -> None:
    cookie = whole.app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_without_tls_the_cookie_still_works_and_nothing_demands_it(sqlite_url: str) -> None:
    plain = serve_app(sqlite_url, public_url="http://127.0.0.1:8000")
    answer = plain.app.test_client().get("/sign-in")
    assert "Secure" not in answer.headers["Set-Cookie"].split("; ")
    assert "Strict-Transport-Security" not in answer.headers
    plain.store.engine.dispose()


def test_nothing_is_ever_sent_to_https_by_us(whole: Whole) -> None:
    for path, answer in everywhere(whole):
        assert not answer.headers.get("Location", "").startswith("http"), path
    posted = whole.app.test_client().post("/api/v1/encounters", json=TRIGGER, headers=KEY)
    assert posted.status_code == 201


# The host's name.


@pytest.mark.parametrize(
    "host",
    [
        *("pager.example.org", "PAGER.example.org:443", "console.example.org:8443"),
        *("localhost:8000", "127.0.0.1", "[::1]:8000"),
    ],
)
def test_answers_to_its_names(whole: Whole, host: str) -> None:
    assert whole.app.test_client().get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "pager.example.org.evil.example", "evil.example:8000", "xpager.example.org", "169.254.1.1"),
        *("", "pager.example.org:", "pager.example.org/x", "a@pager.example.org", "[::2]", "pager.example.org,evil"),
    ],
)
def test_answers_to_no_other_name_and_says_what_to_set(whole: Whole, host: str) -> None:
    answer = whole.app.test_client().get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "PAGER_HOSTS" in answer.text


def test_a_trigger_under_another_name_is_told_whom_to_telephone(whole: Whole) -> None:
    headers = {"Host": "evil.example"}
    answer = whole.app.test_client().post("/api/v1/encounters", json=TRIGGER, headers=headers)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json()["detail"] == (
        f"This service does not go by the name of evil.example. If it should, add that to PAGER_HOSTS. {FALLBACK}"
    )


def test_a_trigger_with_a_key_is_never_refused_for_the_name_it_uses(whole: Whole) -> None:
    headers = {"Host": "10.0.0.5", **KEY}
    answer = whole.app.test_client().post("/api/v1/encounters", json=TRIGGER, headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["/livez", "/healthz"])
def test_load_balancers_ask_by_address(whole: Whole, path: str) -> None:
    assert whole.app.test_client().get(path, headers={"Host": "10.0.0.7:8000"}).status_code != 400


def test_the_carrier_is_known_by_its_signature_whatever_a_proxy_makes_of_the_name(whole: Whole) -> None:
    form = {"MessageSid": "SM1", "From": "+12135550101", "To": OURS, "Body": "hello"}
    headers = {"Host": "upstream", **signed("/twilio/sms", form)}
    assert whole.app.test_client().post("/twilio/sms", data=form, headers=headers).status_code == 200


def test_the_address_that_is_listened_on_is_a_name(sqlite_url: str) -> None:
    whole = serve_app(sqlite_url, listens_on=["10.0.0.7", "fd00::7"])
    for host in ("10.0.0.7:8000", "[fd00::7]:8000"):
        assert whole.app.test_client().get("/sign-in", headers={"Host": host}).status_code == 200
    whole.store.engine.dispose()


# Bodies.


def test_no_route_reads_a_body_without_end(whole: Whole) -> None:
    client, body = sign_in_as(whole, Role.ADMIN), "note=" + "x" * LARGEST_BODY
    for method, path, authority in rules_of(whole.app):
        if method == "POST" and authority and authority.kind is not Kind.KEY:
            headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "forged"}
            answer = client.post(path, data=body, headers=headers)
            assert answer.status_code == 413, path


def test_a_trigger_that_is_too_large_is_told_whom_to_telephone(whole: Whole) -> None:
    answer = whole.app.test_client().post("/api/v1/encounters", data="x" * (LARGEST_BODY + 1), headers=KEY)
    assert answer.status_code == 413
    assert answer.get_json()["detail"].endswith(FALLBACK)


# Headers that somebody tries to add.


def test_nothing_that_is_asked_puts_a_header_into_an_answer(whole: Whole) -> None:
    evil, client = "x\r\nX-Evil: yes", whole.app.test_client()
    query = urlencode({"next": f"/{evil}", "cursor": evil, "delivery": evil, "station": evil})
    for method, path, _ in rules_of(whole.app):
        address = f"{path.replace('/x', '/%0d%0aX-Evil:%20yes')}?{query}"
        answer = client.open(address, method=method, headers=KEY, buffered=True)
        assert answer.status_code != 500, address
        assert "X-Evil" not in answer.headers, address
        assert "\n" not in "".join(value for _, value in answer.headers), address


# No limit to good requests.


def test_no_number_of_triggers_with_a_valid_key_is_too_many(whole: Whole) -> None:
    client = whole.app.test_client()
    for number in range(300):  # each thirtieth is a new one: those take the database its time
        headers = {**KEY, "Idempotency-Key": f"{number // 30}"}
        answer = client.post("/api/v1/encounters", json=TRIGGER, headers=headers)
        assert answer.status_code == (200 if number % 30 else 201)


def test_no_number_of_signed_webhooks_is_too_many_nor_do_forged_ones_stand_in_their_way(whole: Whole) -> None:
    client = whole.app.test_client()
    for number in range(150):
        form = {"MessageSid": f"SM{number}", "From": "+12135550101", "To": OURS, "Body": "STATUS"}
        forged = client.post("/twilio/sms", data=form, headers={"X-Twilio-Signature": "forged"})
        good = client.post("/twilio/sms", data=form, headers=signed("/twilio/sms", form))
        assert (forged.status_code, good.status_code) == (403, 200)


def test_no_number_of_wrong_keys_and_failed_sign_ins_stands_in_a_trigger_s_way(whole: Whole) -> None:
    client, browser = whole.app.test_client(), whole.app.test_client()
    browser.environ_base["wsgi.url_scheme"] = "https"
    for number in range(26):
        wrong = client.post("/api/v1/encounters", json=TRIGGER, headers={"Authorization": "Bearer wrong"})
        failed = sign_in(browser, f"guess{number % 9}@example.org", "wrong")
        assert (wrong.status_code, failed.status_code) == (401, 422 if number < 20 else 429)
    assert client.post("/api/v1/encounters", json=TRIGGER, headers=KEY).status_code == 201


def test_no_address_holds_what_a_database_cannot_be_asked_for(database_url: str) -> None:
    whole = serve_app(database_url, public_url=PUBLIC_URL)
    browser = sign_in_as(whole, Role.ADMIN)
    for path in ("/stations/a%00b", "/agencies/a%00b/people", "/agencies/dcfs/people/a%00b"):
        assert browser.get(path, base_url=PUBLIC_URL).status_code == 404, path
    whole.store.engine.dispose()
