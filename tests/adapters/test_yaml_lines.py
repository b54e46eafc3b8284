"""YAML is read with the line of everything in it, and what could mislead is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pager.adapters.yaml_lines import FileError, FileProblem, load_yaml


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.yaml"


def refused(path: Path, content: bytes) -> list[str]:
    """Return what is wrong with a file, without its folder."""
    path.write_bytes(content)
    try:
        problems = load_yaml(path).problems
    except FileError as error:
        problems = error.problems
    return [str(problem).removeprefix(f"{path.parent}/") for problem in problems]


def test_knows_the_line_of_keys_and_items(path: Path) -> None:
    path.write_text("# a comment\na: 1\nb:\n  - x\n  - {c: d,\n     e: f}\n")
    document = load_yaml(path)
    assert document.data == {"a": "1", "b": ["x", {"c": "d", "e": "f"}]}
    assert [document.line(loc) for loc in (("a",), ("b",), ("b", 0), ("b", 1, "c"), ("b", 1, "e"))] == [2, 3, 4, 5, 6]


def test_what_is_missing_is_at_the_line_of_what_surrounds_it(path: Path) -> None:
    path.write_text("a:\n  - {b: c}\n")
    assert load_yaml(path).line(("a", 0, "at")) == 2


def test_only_true_false_and_blanks_are_not_text(path: Path) -> None:
    path.write_text("a: [no, on, 012, 1:30, 2014-08-01, +12135550101, 'true', '']\nb: [true, False]\nc:\nd: ~\n")
    assert load_yaml(path).data == {
        "a": ["no", "on", "012", "1:30", "2014-08-01", "+12135550101", "true", ""],
        "b": [True, False],
        "c": None,
        "d": None,
    }


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    document = load_yaml(path)
    assert document.data == {"a": "1", "b": "2"}
    assert document.line(("b",)) == 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "x.yaml: is empty"),
        (b"# only a comment\n", "x.yaml: is empty"),
        (b"- a\n", "x.yaml:1: should be keys with values (`key: value`), not a list"),
        (b"a word\n", "x.yaml:1: should be keys with values (`key: value`), not a single value"),
        (b"a: 1\nb: 2\na: 3\n", "x.yaml:3: a: stands here twice; it is in line 1 already"),
        (b"a: &x [1]\nb: *x\n", "x.yaml:2: b: `*x` repeats another place; write it out"),
        (b"a: 1\nb: !!int 2\n", "x.yaml:2: b: a tag such as `!x` is not known here"),
        (b"a:\n\t- b\n", "x.yaml:2: is indented with a tab; use spaces"),
        (b"a: 1\nb: \xff\n", "x.yaml:2: is not UTF-8 text; save it as UTF-8"),
        (b"a: 1\nb: \x07\n", "x.yaml:2: holds the control character U+0007; take it out"),
        (b"a: 1\n---\nb: 2\n", "x.yaml:2: a second document begins here"),
        (b"? [a]\n: b\n", "x.yaml:1: a key should be one plain word"),
        (b"a: [1\nb: 2\n", "x.yaml:2: cannot be read as YAML: "),
        (b"a: b: c\n", "x.yaml:1: cannot be read as YAML: mapping values are not allowed"),
        (b"[" * 5000, "x.yaml:1: [0][0]: is nested too deeply"),
    ],
)
def test_refuses_what_is_no_plain_document(path: Path, content: bytes, problem: str) -> None:
    (found,) = refused(path, content)
    assert found.startswith(problem)


def test_aliases_that_would_multiply_are_refused_before_they_do(path: Path) -> None:
    levels = [f"k{level}: &k{level} [{', '.join([f'*k{level - 1}'] * 9)}]" for level in range(1, 12)]
    problems = refused(path, "\n".join(["k0: &k0 [lol]", *levels]).encode())
    assert len(problems) == 11 * 9


def test_a_syntax_error_does_not_hide_what_was_found_before_it(path: Path) -> None:
    assert [problem.split(":")[1] for problem in refused(path, b"a: 1\na: 2\nb: [\n")] == ["2", "4"]


def test_a_file_that_cannot_be_opened_is_one_clear_sentence(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path / "none.yaml", "there is no such file"),
        (tmp_path, "cannot be read: Is a directory"),
    ):
        with pytest.raises(FileError) as caught:
            load_yaml(path)
        assert str(caught.value) == f"{path}: {message}"


def test_problems_are_told_in_the_order_of_their_lines() -> None:
    error = FileError([FileProblem("b", 1, "", "x"), FileProblem("a", 10, "at", "y"), FileProblem("a", 9, "", "z")])
    assert str(error) == "a:9: z\na:10: at: y\nb:1: x"
