"""What is sent stays short however long an interview, an answer or a question is: the real requests, counted in tokens.

They are counted with the tokenizer that the embedding model brings, which makes more of formulas than a large model's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.marking import Part
from bot.core.question import FollowUp, Point, Question
from bot.knowledge.model import TOKENIZER_FILE, weights_folder
from bot.llm.asking_to_grade import grading_call, judged_of, quotations
from bot.llm.lengths import beginning, tokens
from bot.llm.prompts import read_prompts
from bot.llm.voice import ModelVoice
from tests.core.test_dialogue import sitting
from tests.fakes import MemoryBank
from tests.llm.conftest import GOOD, QUESTION
from tests.loopback_model import Call, minds

TURNS, WARM, LIMIT = 200, 10, 1_600
#: What differs from turn to turn once the digest is full: numbers of one to three digits, and how it leads over.
GIVE = 24
FORMULA = (
    r"The gradient is $\frac{\partial L}{\partial w_{ij}} = \delta_j^{(l)} a_i^{(l-1)}$, so $w \leftarrow w - \eta g$. "
)
LONG = (GOOD + " " + FORMULA) * 8
#: As long as the longest of the bank.
LONGEST = replace(
    QUESTION,
    ask=QUESTION.ask + " Say it for a network of any depth, with its formulas, and what follows for training it." * 3,
    points=tuple(Point(f"p{n}", f"{n}: {FORMULA}", 2) for n in range(4)),
    reference=FORMULA * 12,
    follow_ups=tuple(FollowUp(f"p{n}", "missed", f"And what of the formula number {n}, why is it so?") for n in (1, 2)),
)


@pytest.fixture(scope="module")
def count() -> Callable[[str], int]:
    from tokenizers import Tokenizer

    folder = weights_folder()
    if folder is None:
        pytest.skip("the embedding model, whose tokenizer counts here, is not installed")
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def kind_of(call: Call) -> str:
    if call.streamed:
        return "a turn that is worded"
    return "a quotation by itself" if "Quotation:" in call.said("user") else "an answer"


def sent(calls: Sequence[Call], count: Callable[[str], int]) -> dict[str, list[int]]:
    """The tokens of each call, by what it is for."""
    found = defaultdict(list)
    for call in calls:
        found[kind_of(call)].append(sum(count(message["content"]) for message in call.body["messages"]))
    return found


@pytest.mark.slow
async def test_what_is_sent_stays_as_short_at_the_two_hundredth_turn(server, made, model, offline, count):
    titles = {f"q{n}": f"The question on formula {n}" for n in range(TURNS + 1)}
    bank = MemoryBank.of(*(replace(LONGEST, id=name, title=title) for name, title in titles.items()))
    interview, ear, _ = sitting(bank=bank, grader=made())
    interview._doors = replace(
        interview._doors, voice=ModelVoice(model, read_prompts(), "grilling", fence=lambda: "words-c0ffee00")
    )
    server.mind = minds.honest
    marks = [0]
    await interview.begin(ear)
    for turn in range(TURNS):
        await interview.hear(ear, f"m{turn}", f"{LONG} That is number {turn}.")
        marks.append(len(server.calls))
    await interview.close()
    assert interview.session.ended is None
    early = sent(server.calls[marks[WARM] : marks[3 * WARM]], count)
    late = sent(server.calls[marks[-2 * WARM - 1] :], count)
    whole = sent(server.calls, count)
    assert set(whole) == {"an answer", "a quotation by itself", "a turn that is worded"}
    assert max(max(each) for each in whole.values()) < LIMIT
    assert all(abs(max(early[kind]) - max(late[kind])) <= GIVE for kind in whole)


def dense(count_of: int) -> str:
    return "∂∇≤" * count_of


@pytest.mark.parametrize(
    "answer", [LONG, dense(900), "x = 1; " * 400, "word " * 560], ids=["formulas", "signs", "code", "words"]
)
async def test_an_answer_of_any_kind_leaves_a_call_short(server, made, count, answer):
    """And what is left of it to be judged is said."""
    verdict = await made().grade(LONGEST, Part(answer))
    assert all(each < LIMIT for calls in sent(server.calls, count).values() for each in calls)
    judged = judged_of(answer)
    assert (f"Only the first {len(judged):,} characters were judged." in verdict.note) == (judged != answer)


def test_the_passage_gives_way_to_a_long_answer_and_to_nothing_else():
    prompt, points = read_prompts()["grade"], LONGEST.points
    short = grading_call(prompt, LONGEST, points, GOOD, LONGEST.reference, "answer-c0ffee00")
    long = grading_call(prompt, LONGEST, points, judged_of(LONG), LONGEST.reference, "answer-c0ffee00")
    assert LONGEST.reference[:600] in short.user
    assert LONGEST.reference[:600] not in long.user and judged_of(LONG) in long.user
    assert all(point.says in long.user for point in points)


def test_long_quotations_are_judged_by_their_beginnings():
    pairs = [(point, LONG) for point in LONGEST.points]
    assert tokens(quotations(pairs)) < 1_300
    assert all(one.startswith(LONG[:200]) for one in quotations(pairs).split("Quotation: ")[1:])
    assert GOOD in quotations(pairs[:1])


@pytest.mark.parametrize("text", [GOOD, LONG, dense(40), "", "a"])
def test_a_beginning_takes_no_more_than_it_may(text):
    assert beginning(text, tokens(text)) == text
    cut = beginning(text, 5)
    assert text.startswith(cut) and tokens(cut) == min(5, tokens(text))


@pytest.mark.slow
def test_no_question_of_the_bank_makes_a_call_long(count):
    from bot.knowledge.corpus import read_corpus

    prompt, root = read_prompts()["grade"], Path(__file__).resolve().parents[2]
    asked: list[Question] = [q for q in read_corpus(root / "corpus").questions() if q.kind != "code"]
    longest = 0
    for question in asked:
        points = [point for point in question.points if not point.exact]
        answer = judged_of((question.reference + " ") * 8)
        call = grading_call(prompt, question, points, answer, question.reference, "answer-c0ffee00")
        longest = max(longest, count(call.system) + count(call.user))
    assert len(asked) > 200 and 1_200 < longest < LIMIT
