"""What an answer out of a file is judged by, and what is said where there is nothing to judge it by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app.bank import open_shelves
from bot.core.question import Question
from bot.errors import IndexUnavailable
from bot.knowledge.answer_lines import LONGEST, MOST_EXEMPLARS, AnswerLine, UnfitLine, read_line
from bot.knowledge.corpus import Corpus, read_corpus
from bot.knowledge.rubrics import GIVEN, NoRubric, Rubrics
from bot.ports import Passage
from bot.settings import Settings
from tests.knowledge.doubles import NoEmbedder, WordEmbedder

#: Questions as people put them, and the one of the bank that is meant.
WORDED = {
    "Could you describe what a perceptron does?": "perceptron",
    "What are the weaknesses of a perceptron with only one layer?": "single-layer-limits",
    "Which parts does a multilayer perceptron consist of?": "mlp-components",
    "Tell me how the Adam optimiser works.": "adam",
    "Describe the steps that gradient descent goes through.": "gradient-descent-steps",
    "Which kinds of gradient descent are there?": "gradient-descent-variants",
    "Why do people like mini-batches so much?": "why-mini-batch",
    "In what way do feedforward networks and backpropagation differ?": "feedforward-vs-backprop",
    "Tell me what a CNN is.": "what-is-a-cnn",
    "How is machine learning different from deep learning?": "ml-vs-dl",
    "What is dropout and how does it help?": "dropout",
    "How do LSTM and GRU differ?": "gru-vs-lstm",
    "Explain the difference between precision and recall.": "precision-recall",
    "Why is positional encoding necessary?": "positional-encoding",
    "How do you initialise the weights of a network?": "weight-initialisation",
    "Why do we split data into training, validation and test sets?": "train-valid-test",
}
#: As the articles ask.
ARTICLES = {
    "What is a restricted Boltzmann machine?": "restricted-boltzmann-machine",
    "Do you think deep learning is better than machine learning? If so, why?": "is-dl-better",
    "Why is mini-batch gradient descent so popular?": "why-mini-batch",
    "What do you understand by convolutional neural networks?": "what-is-a-cnn",
    "Name the components of a multilayer perceptron.": "mlp-components",
}
ELSEWHERE = (
    "Who won the match last night, and by how many goals?",
    "What is k-means clustering?",
    "Explain how a support vector machine uses kernels.",
    "What is principal component analysis?",
    "What is the CAP theorem?",
    "Explain Docker containers.",
    "Describe Q-learning.",
    "What is a hidden Markov model?",
    "Write down the SOM learning algorithm.",
    "How do you cook rice?",
    "What is your greatest weakness?",
    "Explain echo state networks.",
)


def line(**fields: Any) -> AnswerLine:
    data = {"question": "What is Cost function?", "answer": "An answer.", **fields}
    return read_line(json.dumps(data).encode())[1]


class Found:
    """A search that finds what it was given, and counts."""

    def __init__(self, *hits: tuple[str, float]) -> None:
        self.hits = hits
        self.asked = 0

    async def __call__(self, query: str, k: int) -> Sequence[Passage]:
        self.asked += 1
        return [Passage(f"question:{id_}", id_, "", question=id_, score=score) for id_, score in self.hits]


@pytest.fixture
def small(corpus: Path) -> Corpus:
    return read_corpus(corpus)


async def test_key_points_that_came_with_it_go_first(small: Corpus) -> None:
    points = ["First thing.", {"says": "Second thing.", "weight": 3}]
    found = await Rubrics(small, Found(), NoEmbedder()).of(line(question="cost", key_points=points, reference="Third."))
    assert (found.of_bank, found.question.id, found.question.ask) == (None, GIVEN, "What is Cost function?")
    assert [(p.says, p.weight) for p in found.question.points] == [("First thing.", 1.0), ("Second thing.", 3.0)]
    assert found.question.reference == "Third."


async def test_a_reference_is_divided_into_points(small: Corpus) -> None:
    reference = (
        "Gradient descent follows the negative gradient of the loss. The learning rate sets how far each step goes. "
        "Steps that are too long diverge."
    )
    found = await Rubrics(small, Found(), NoEmbedder()).of(line(question="Anything?", reference=reference))
    says = [point.says for point in found.question.points]
    assert len(says) >= 2 and all(text in reference for text in says)


@pytest.mark.parametrize("empty", [{"reference": "  "}, {"key_points": []}, {"key_points": None, "reference": None}])
async def test_what_is_empty_was_not_given(small: Corpus, empty: dict[str, Any]) -> None:
    assert (await Rubrics(small, Found(), NoEmbedder()).of(line(question="cost", **empty))).of_bank == "cost"


@pytest.mark.parametrize("asked", ["cost", " cost ", "what is cost function", "Tell me about COST function!"])
async def test_a_question_of_the_bank_by_its_id_and_by_its_own_words(small: Corpus, asked: str) -> None:
    search = Found()
    assert (await Rubrics(small, search, NoEmbedder()).of(line(question=asked))).of_bank == "cost"
    assert search.asked == 0


async def test_a_question_that_is_worded_otherwise_is_looked_for_once(small: Corpus) -> None:
    search = Found(("descent", 0.9), ("cost", 0.4))
    rubrics = Rubrics(small, search, WordEmbedder())
    asked = "Please say what is gradient descent"
    assert [(await rubrics.of(line(question=asked))).of_bank for _ in range(3)] == ["descent"] * 3
    assert search.asked == 1


async def test_where_nothing_is_near_the_nearest_is_named_and_not_used(small: Corpus) -> None:
    rubrics = Rubrics(small, Found(("descent", 0.3), ("cost", 0.29)), WordEmbedder())
    with pytest.raises(NoRubric, match=r"no question of the bank is near enough to it \(the nearest is `descent`\)"):
        await rubrics.of(line(question="Who won the match last night?"))


async def test_an_id_that_is_nearly_right_is_named(small: Corpus) -> None:
    with pytest.raises(NoRubric, match=r"There is no question `decsent`; did you mean `descent`\?"):
        await Rubrics(small, Found(), NoEmbedder()).of(line(question="decsent"))


async def test_without_a_model_only_the_very_words_are_known(small: Corpus) -> None:
    rubrics = Rubrics(small, Found(("cost", 1.0)), NoEmbedder())
    with pytest.raises(NoRubric, match="The embedding model is not installed"):
        await rubrics.of(line(question="Say something about costs"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"drill": "conv-output"}, "has fresh numbers each time"),
        ({"ask": "Why is {line} wrong?"}, "is about a program"),
    ],
)
async def test_a_question_that_its_text_does_not_settle_is_not_judged(
    small: Corpus, changes: dict[str, str], why: str
) -> None:
    cost: Question = replace(small.question("cost"), **changes)  # type: ignore[arg-type]
    rubrics = Rubrics(replace(small, bank={**small.bank, "cost": cost}), Found(), NoEmbedder())
    for asked in ("cost", "Tell me about Cost function."):
        with pytest.raises(NoRubric, match=why):
            await rubrics.of(line(question=asked))


async def test_a_model_that_cannot_be_used_later_does_not_stay_so(small: Corpus) -> None:
    class Failing(Found):
        async def __call__(self, query: str, k: int) -> Sequence[Passage]:
            raise IndexUnavailable("The index is damaged.")

    with pytest.raises(NoRubric, match="The index is damaged"):
        await Rubrics(small, Failing(), WordEmbedder()).of(line(question="Something else entirely"))


@pytest.mark.parametrize(
    ("raw", "id_", "why"),
    [
        (b"not json", None, "It is no JSON object"),
        (b"[1, 2]", None, "It is no JSON object"),
        (b"[" * 100_000, None, "It is no JSON object"),
        (b'{"id": 1, "question": "q", "answer": NaN}', None, "It is no JSON object"),
        (b'{"id": 1, "question": "q", "answer": "\xff"}', None, "It is not UTF-8"),
        (b'{"id": 1, "question": "q", "answer": "\\ud800"}', None, "half of a character"),
        (b'{"id": "x", "question": "q"}', "x", "`answer` is missing; write the answer as text."),
        (b'{"id": "x", "question": "q", "answer": 3}', "x", "`answer` does not fit; write the answer as text."),
        (b'{"id": "x", "question": " ", "answer": "a"}', "x", "`question` does not fit"),
        (b'{"id": {}, "question": "q", "answer": "a"}', None, "`id` does not fit"),
        (b'{"id": 1e999, "question": "q", "answer": "a"}', None, "It is no JSON object"),
        (b'{"id": 2, "question": "q", "answer": "a", "key_points": ["p", 3]}', 2, "`key_points` does not fit"),
        (b'{"id": 2, "question": "q", "answer": "a", "keyPoints": ["p"]}', 2, "did you mean `key_points`?"),
        (b'{"id": 2, "question": "q", "answer": "a", "key-points": ["p"]}', 2, "There is no key `key-points`; did you"),
        (b'{"id": 2, "question": "q", "answer": "a", "ref": "r"}', 2, "did you mean `reference`?"),
        (b'{"id": 2, "question": "q", "anwser": "a"}', 2, "did you mean `answer`?"),
        (b'{"id": 2, "question": "q", "answer": "a", "key_points": "p"}', 2, "`key_points` does not fit"),
        (b'{"id": 2, "question": "q", "answer": "a", "reference": ["r"]}', 2, "`reference` does not fit"),
        (b'{"question": "q", "answer": "a", "exemplars": [{"answer": "a", "score": 2}]}', None, "`exemplars` does not"),
        (b'{"question": "q", "answer": "' + b"a" * LONGEST + b'"}', None, "It is longer than 1,000,000 bytes"),
    ],
)
def test_a_line_that_does_not_fit_says_what_it_wants(raw: bytes, id_: Any, why: str) -> None:
    with pytest.raises(UnfitLine) as caught:
        read_line(raw)
    assert why in str(caught.value) and caught.value.id == id_


def test_a_line_may_hold_more_than_it_must() -> None:
    raw = '\ufeff{"v": 1, "id": 7, "question": "q", "answer": "a", "answer_id": 3, "by": "", "exemplars": null}\r\n'
    assert read_line(raw.encode()) == (7, AnswerLine(question="q", answer="a"))
    exemplars = [{"answer": "a", "score": 1}] * MOST_EXEMPLARS
    assert len(line(exemplars=exemplars).exemplars or ()) == MOST_EXEMPLARS


@pytest.mark.slow
async def test_questions_of_the_bank_are_known_by_other_words_and_others_are_not(tmp_path: Path) -> None:
    shelves = open_shelves(Settings(home=tmp_path), tmp_path)
    try:
        rubrics = Rubrics(shelves.corpus, shelves.library.search, shelves.embedder)
        assert {asked: await found(rubrics, asked) for asked in ARTICLES} == ARTICLES
        right = [asked for asked, meant in WORDED.items() if await found(rubrics, asked) == meant]
        assert len(right) >= len(WORDED) - 2, set(WORDED) - set(right)
        assert [asked for asked in ELSEWHERE if await found(rubrics, asked) is not None] == []
    finally:
        await shelves.close()


async def found(rubrics: Rubrics, asked: str) -> str | None:
    try:
        return (await rubrics.of(line(question=asked))).of_bank
    except NoRubric:
        return None
