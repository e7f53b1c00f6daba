"""Templates: for every kind, explained throughout, sound once they are filled in, and found when they are not."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from bot.core.question import Kind
from bot.knowledge.corpus_places import Source
from bot.knowledge.own_files import PLACEHOLDER, compiled
from bot.knowledge.question_template import FORMS, template

#: What an author writes where not any sentence will do.
SPECIAL = {
    '"<write the number, without quotation marks>"': "4.5",
    "<write the level>": "beginner",
    "<write a topic>": "training",
    "<write the verdict>": "no",
    "<write a fact>": "flattens",
    "<write the address>": "example.org/",
}


def filled(text: str) -> str:
    """The template as an author would fill it in."""
    for placeholder, instead in SPECIAL.items():
        text = text.replace(placeholder, instead)
    count = iter(range(1000))
    return PLACEHOLDER.sub(lambda _: f"a sentence of several words {next(count)}", text)


def sources(question: str, statements: str) -> list[Source]:
    found = [Source("mine.toml", question), Source("mine.statements.toml", statements)]
    return [source for source in found if source.text]


def test_there_is_a_form_for_every_kind_but_what_belongs_to_a_lab_task() -> None:
    assert set(get_args(Kind)) - set(FORMS) == {"predict"}


@pytest.mark.parametrize("kind", FORMS)
def test_a_filled_template_is_a_sound_question(kind: Kind) -> None:
    made = template("mine", kind)
    held = compiled("questions", sources(filled(made.question), filled(made.statements)))
    assert [str(problem) for problem in held.problems] == []
    (question,) = held.questions
    assert (question.id, question.kind, question.draft) == ("mine", kind, False)


@pytest.mark.parametrize("kind", FORMS)
def test_what_is_not_filled_in_is_found_and_nothing_else_is_said(kind: Kind) -> None:
    made = template("mine", kind)
    held = compiled("questions", sources(made.question, made.statements))
    said = [str(problem) for problem in held.problems]
    assert len(said) == len(sources(made.question, made.statements))
    assert all(re.search(r"toml:\d+: the template's “<write .*write your own text in its place$", one) for one in said)


@pytest.mark.parametrize("kind", FORMS)
def test_every_key_is_explained_the_first_time(kind: Kind) -> None:
    made = template("mine", kind)
    lines = (made.question + made.statements).splitlines()
    seen: set[str] = set()
    for n, line in enumerate(lines):
        key = re.match(r"([\w-]+) = ", line)
        if key and key.group(1) not in {*seen, *EXPLAINED_TOGETHER}:
            seen.add(key.group(1))
            above = next(text for text in reversed(lines[:n]) if not text.startswith("["))
            assert above.startswith("#"), f"{kind}: `{key.group(1)}` on line {n + 1} has no comment"
    assert {"id", "kind", "ask", "level", "topics", "reference", "hints", "when"} <= seen


#: Keys that the comment before the key above speaks of, too.
EXPLAINED_TOGETHER = {"leads_to", "see_also", "starter", "tolerance", "right", "point", "says"}


def test_a_file_left_half_filled_names_the_other_lines() -> None:
    made = template("mine", "free")
    text = filled(made.question).replace("a sentence of several words 1", "<write x>").replace("words 2", "<write y>")
    held = compiled("questions", sources(text, filled(made.statements)))
    assert "(and on " in str(held.problems[0]) and "more line" in str(held.problems[0])


def test_other_brackets_are_nobodys_placeholders() -> None:
    made = template("mine", "free")
    text = filled(made.question).replace("a sentence of several words 0", "The <cls> token and <b>")
    assert compiled("questions", sources(text, filled(made.statements))).problems == ()
