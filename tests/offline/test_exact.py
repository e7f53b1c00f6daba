"""What is found in an answer exactly: picks, verdicts, numbers, lines, formulas, parts of a pitch."""

from __future__ import annotations

import time
from dataclasses import replace
from math import isnan
from typing import Any

import pytest

from bot.core.marking import Part
from bot.core.question import Misconception, Option, Point, Question
from bot.offline.exact import Finds, exact_finds
from bot.offline.exact.items import named_items
from bot.offline.exact.numbers import numbers
from tests.fakes import question as make


def built(points: tuple[Point, ...], **more: Any) -> Question:
    return replace(make("thing"), points=points, **more)


def found(question: Question, text: str, about: str | None = None) -> Finds:
    finds = exact_finds(question, Part(text, about=about))
    assert all(find.evidence in text for find in finds.finds)
    return finds


def verdicts(question: Question, text: str, about: str | None = None) -> dict[str, str]:
    return {find.point: find.verdict for find in found(question, text, about).finds}


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("1,024", [1024]),
        ("1 024 weights", [1024]),
        ("3.5e-3", [0.0035]),
        ("3.5 × 10^-3", [0.0035]),
        ("3.5x10⁻³", [0.0035]),
        ("2^10", [1024]),
        ("2**10", [1024]),
        ("14x14", [14, 14]),
        ("14×14×32", [14, 14, 32]),
        ("(14,14,32)", [14, 14, 32]),
        ("fourteen by twenty-eight", [14, 28]),
        ("one by one", [1, 1]),
        ("one of them", []),
        ("0,625", [0.625]),
        ("1/3", [1 / 3]),
        ("-1", [-1]),
        ("the error -1.5", [-1.5]),
        ("5 - 7", [5, 7]),
        ("73k", [73_000]),
        ("1.5 million", [1_500_000]),
        ("ResNet50, conv2, F1 and 2p", []),
        ("1. pad\n2. to 30", [30]),
        ("", []),
        ("9^99999 and 10**-99999999", []),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, values: list[float]) -> None:
    read = [n.values[0] for n in numbers(written) if not n.part]
    assert [v for v in read if not isnan(v)] == pytest.approx(values)


def test_a_percentage_is_a_share_too() -> None:
    assert numbers("62.5 %")[0].values == (0.625, 62.5)


SIZE = built(
    (Point("padded", "The padded input has 30.", value=30), Point("size", "The output is 14 x 14.", 3, value=14)),
    kind="numeric",
    ask="A 28 x 28 input, a 3 x 3 filter, padding 1, stride 2: how large is the output?",
    misconceptions=(Misconception("no-padding", "No padding.", "It was padded.", ("size",), value=13),),
)


@pytest.mark.parametrize(
    "text",
    [
        "14",
        "14x14",
        "14 × 14 × 32",
        "It's 14 by 14, because (28 - 3 + 2)/2 = 13.5, and so on.",
        "(28 + 2 - 3)/2 + 1 = 14.5, which rounds down to 14.",
        "First I thought it was 13. So the output is 14.",
        "fourteen",
        "(32, 14, 14)",
        "So (30 - 3) / 2 is 13.5, plus one, floored: 14",
        "$\\lfloor 27/2 \\rfloor + 1 = 14$",
    ],
)
def test_a_result_is_right_where_it_is_claimed(text: str) -> None:
    assert verdicts(SIZE, text)["size"] == "met"


@pytest.mark.parametrize(
    "text", ["14 or 15", "10, 11, 12, 14, 15, 16", "", "no idea", "line 14", "The padded input is 30."]
)
def test_what_claims_no_single_result_is_not_right(text: str) -> None:
    assert verdicts(SIZE, text).get("size") != "met"


def test_a_usual_wrong_result_is_named_with_the_words_that_showed_it() -> None:
    finds = found(SIZE, "I get (28 - 3)/2 + 1, so 13 by 13.")
    assert [(b.id, b.evidence) for b in finds.beliefs] == [("no-padding", "I get (28 - 3)/2 + 1, so 13 by 13.")]
    assert verdicts(SIZE, "13")["size"] == "wrong"
    assert verdicts(SIZE, "The answer is 99.")["size"] == "wrong"
    assert not found(SIZE, "The answer is 99.").beliefs


def test_a_step_counts_wherever_it_stands_and_a_slip_on_the_way_is_no_result() -> None:
    assert verdicts(SIZE, "With padding it is 30 wide, and that gives 13.") == {"padded": "met", "size": "wrong"}
    assert verdicts(SIZE, "13.5 is floored to 13, plus 1 makes 14") == {"size": "met"}


def test_a_number_in_reply_to_a_follow_up_is_no_final_result() -> None:
    assert verdicts(SIZE, "30", about="padded") == {"padded": "met"}
    assert verdicts(SIZE, "It is 13.", about="size") == {"size": "wrong"}


METRICS = built(
    (
        Point("precision", "Precision is 0.6.", value=0.6, tolerance=0.006),
        Point("recall", "Recall is 0.84.", value=0.84, tolerance=0.006),
    ),
    kind="numeric",
    misconceptions=(Misconception("of-all", "Of all.", "No.", ("precision",), value=0.105),),
)


def test_several_results_are_told_apart_by_their_names() -> None:
    assert verdicts(METRICS, "precision 60 %, recall 84 %") == {"precision": "met", "recall": "met"}
    assert verdicts(METRICS, "0.6 precision, 0.84 recall") == {"precision": "met", "recall": "met"}
    assert verdicts(METRICS, "0.6 and 0.84") == {"precision": "met", "recall": "met"}
    assert verdicts(METRICS, "precision 0.84, recall 0.6") == {"precision": "wrong", "recall": "wrong"}
    assert verdicts(METRICS, "precision is 0.105") == {"precision": "wrong"}


def test_a_phrase_that_counts_as_the_answer_must_not_be_denied() -> None:
    fits = built((Point("size", "There is none.", accepts=("no output", "impossible")),), kind="numeric")
    assert verdicts(fits, "There is no output at all.") == {"size": "met"}
    assert verdicts(fits, "IMPOSSIBLE") == {"size": "met"}
    assert verdicts(fits, "It is not impossible.") == {}
    assert verdicts(fits, "There is no outputting.") == {}


def test_in_a_reply_the_phrase_earns_its_point_though_a_number_stands_beside_it() -> None:
    points = (Point("span", "Span.", value=-10), Point("size", "None.", 3, accepts=("no output", "does not fit")))
    slip = Misconception("as-it-stands", "It is -3.", "No.", ("size",), value=-3)
    none = built(points, kind="numeric", ask="An input of 9, a filter of 7?", misconceptions=(slip,))
    assert verdicts(none, "19, larger than 9, so no output is possible", about="size") == {"size": "met"}
    assert verdicts(none, "19, larger than 9, so no output is possible") == {"size": "met"}
    assert verdicts(none, "The size is -3", about="size") == {"size": "wrong"}


@pytest.mark.parametrize("text", ["v2 = 0.84*4+5 = 8.6", "2 * 0.84 = 1.68", "(0.84 + 1) / 2 = 0.92"])
def test_what_is_only_reckoned_with_is_no_result(text: str) -> None:
    assert "recall" not in verdicts(METRICS, text)


@pytest.mark.parametrize("text", ["21/25 = 0.84", "0.84 it is", "0.84 = recall", "21/25 = 0.84, * 100 = 84 %"])
def test_the_outcome_of_a_reckoning_is_one(text: str) -> None:
    assert verdicts(METRICS, text)["recall"] == "met"


def test_steps_inside_a_reckoning_count_where_it_comes_to_a_right_result() -> None:
    assert verdicts(SIZE, "floor((30 - 3)/2) + 1 = 14") == {"padded": "met", "size": "met"}
    assert verdicts(SIZE, "padded to 30×30, so 14") == {"padded": "met", "size": "met"}
    assert verdicts(SIZE, "(30 - 3)/2 + 5 = 18.5") == {"size": "wrong"}


def test_a_slip_that_stands_in_the_question_is_named_where_it_is_the_outcome() -> None:
    slip = Misconception("no-padding", "No padding.", "It was padded.", ("size",), value=5)
    fit = built(
        (Point("size", "It is 7.", value=7),), kind="numeric", ask="9, 5 and padding 1?", misconceptions=(slip,)
    )
    assert [b.id for b in found(fit, "9 - 5 + 1 = 5").beliefs] == ["no-padding"]
    assert [b.id for b in found(fit, "The output is 5").beliefs] == ["no-padding"]
    assert not found(fit, "The filter is 5.").beliefs
    assert verdicts(fit, "f = 5, so 11 - 5 + 1 = 7") == {"size": "met"}


OPTIONS = (
    Option("Train on the earlier months and validate on the later ones.", right=True, reply="Yes."),
    Option("Shuffle all the rows and hold out twenty per cent of them at random.", reply="It leaks."),
    Option("Hold out a fifth of the shops.", reply="New shops."),
)
CHOICE = built((Point("by-date", "By date."), Point("why", "Why.", 2)), kind="choice", hinge="by-date", options=OPTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "A",
        "a)",
        "(A)",
        "Option A",
        "I'd go for A because it imitates use.",
        "Definitely A: it imitates use",
        "B leaks, so A.",
        "I would pick A, not B.",
        "the first one",
        "Train on earlier months, validate on the later ones.",
        "C would be tempting, but I go with A",
    ],
)
def test_the_right_option_is_picked(text: str) -> None:
    assert verdicts(CHOICE, text) == {"by-date": "met"}


@pytest.mark.parametrize(
    "text", ["B", "b.", "My answer is C since shops differ", "Shuffle the rows and hold out 20 percent at random."]
)
def test_a_wrong_option_is_picked(text: str) -> None:
    assert verdicts(CHOICE, text) == {"by-date": "wrong"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not A",
        "A or B",
        "B is wrong because neighbouring days leak.",
        "A random split is fine.",
        "Shuffling all the rows and holding out twenty per cent at random would leak.",
        "a nice question",
        "E",
    ],
)
def test_nothing_is_picked(text: str) -> None:
    assert verdicts(CHOICE, text) == {}


def test_the_letters_are_those_of_the_question_in_hand() -> None:
    shuffled = replace(CHOICE, options=(OPTIONS[1], OPTIONS[0], OPTIONS[2]))
    assert verdicts(shuffled, "A") == {"by-date": "wrong"}
    assert verdicts(shuffled, "B") == {"by-date": "met"}


def test_a_number_picks_the_option_that_is_this_number() -> None:
    options = (Option("73,856", right=True), Option("73,728"), Option("It cannot be said"))
    counted = replace(CHOICE, options=options)
    assert verdicts(counted, "3*3*64*128 = 73,728, plus 128 makes 73,856") == {"by-date": "met"}
    assert verdicts(counted, "73728") == {"by-date": "wrong"}


VERDICT = built((Point("no", "No."), Point("why", "Why.", 2)), kind="yes-no", hinge="no", verdict="no")


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "Nope, each needs its own.",
        "Well, I think no, because each differs.",
        "You can't do that.",
        "That's not possible",
        "Of course not!",
        "Yes... wait, no: it is weaker",
        "It would lose something, so no.",
    ],
)
def test_a_verdict_is_heard(text: str) -> None:
    assert verdicts(VERDICT, text) == {"no": "met"}
    assert verdicts(replace(VERDICT, verdict="yes"), text) == {"no": "wrong"}


@pytest.mark.parametrize("text", ["Yes", "Yep, no problem.", "Sure, why not?", "Yes you may", "Yes but", "no problem"])
def test_the_other_verdict_is_heard(text: str) -> None:
    assert verdicts(VERDICT, text) == {"no": "wrong"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It depends",
        "Yes and no",
        "not necessarily",
        "No one does that",
        "Yes, but the layer is weaker.",
        "Each has a bias.",
    ],
)
def test_a_hedge_is_no_verdict(text: str) -> None:
    assert verdicts(VERDICT, text) == {}


def test_a_no_in_reply_to_a_follow_up_answers_that_one() -> None:
    assert verdicts(VERDICT, "Yes, it does.", about="why") == {}


def test_a_false_premise_is_rejected_in_so_many_words() -> None:
    trap = built((Point("premise", "Not so."),), kind="trap", hinge="premise")
    assert verdicts(trap, "Your assumption doesn't hold.") == {"premise": "met"}
    assert verdicts(trap, "The premise is wrong.") == {"premise": "met"}
    assert verdicts(trap, "The premise is not wrong.") == {}
    assert verdicts(trap, "Because it is so good.") == {}


BUGS = built(
    (Point("one", "One.", lines=(3,)), Point("two", "Two.", lines=(5, 6))),
    kind="find-bug",
    listing="a = 1\nb = 2\nresult = compute(a)\nd = 4\ne = 5\nf = 6\ng = 7\nh = 8\ni = 9\nj = 10",
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("line 3 is wrong", {"one"}),
        ("l.3: wrong", {"one"}),
        ("Lines 5-6 are wrong, and on 3: too", {"one", "two"}),
        ("3: wrong", {"one"}),
        ("It is `result = compute(a)`.", {"one"}),
        ("line 4 is wrong", set()),
        ("line 3 is fine", set()),
        ("lines 1 to 10", set()),
        ("line 1, line 2, line 3, line 4, line 5, line 7, line 8", set()),
        ("3 things are wrong", set()),
        ("", set()),
    ],
)
def test_lines_are_named(text: str, named: set[str]) -> None:
    finds = found(BUGS, text)
    assert {find.point for find in finds.finds} == named
    assert all(find.credit == 0.5 for find in finds.finds)


def test_what_is_wrong_with_a_line_must_be_said() -> None:
    assert found(BUGS, "line 3: the result is thrown away").finds[0].if_said
    assert not found(BUGS, "The mistake is in line 3, I think.").finds[0].if_said


DELTA = built(
    (
        Point("output", "Delta.", formulas=("delta = (y - t) * y * (1 - y)", "dL/ds = (y - t) * y * (1 - y)")),
        Point("gradient", "Gradient.", formulas=("dL/dv_j = delta * a_j",)),
    ),
    kind="derivation",
)


@pytest.mark.parametrize(
    "text",
    [
        "delta = (y-t)y(1-y)",
        r"$\frac{\partial L}{\partial s} = (y - t)\, y (1 - y)$",
        "∂L/∂s = (y − t)·y·(1 − y)",
        "δ = (ŷ − y) ŷ (1 − ŷ)",
        "so we get δ = y(1-y)(y-t) for the output",
        "dE/dz = (y-t) * σ'(z) = (y-t)*y*(1-y)",
    ],
)
def test_a_formula_is_known_however_it_is_spelt(text: str) -> None:
    assert verdicts(DELTA, text) == {"output": "met"}


@pytest.mark.parametrize(
    "text",
    [
        "delta = (t - y) y (1-y)",
        "delta = y - t",
        "delta = (y-t)y",
        "it is not delta = (y-t)y(1-y)",
        "dL/dv_j = delta",
        "= = (((",
        "x = " + "(" * 3000,
    ],
)
def test_another_formula_is_none(text: str) -> None:
    assert verdicts(DELTA, text) == {}


def test_two_formulas_in_one_sentence_earn_both() -> None:
    assert verdicts(DELTA, r"δ = (y-t)y(1-y), and \frac{\partial E}{\partial v_1} = δ \cdot a_1") == {
        "output": "met",
        "gradient": "met",
    }


PITCH = built(
    tuple(Point(d, d, found_by=d) for d in ("problem", "data", "framework", "model", "metric-value")), kind="pitch"
)


def test_a_pitch_is_searched_for_its_parts() -> None:
    whole = (
        "We wanted to detect pneumonia in 12,000 chest X-rays. I fine-tuned a ResNet-50 in PyTorch and reached an F1 "
        "of 0.83."
    )
    assert set(verdicts(PITCH, whole)) == {"problem", "data", "framework", "model", "metric-value"}
    assert verdicts(PITCH, "I built something with computers, and my boss was happy.") == {}
    assert verdicts(PITCH, "We used no PyTorch.") == {}
    assert verdicts(PITCH, "The accuracy was high.") == {}
    assert verdicts(PITCH, "It ended at 94 % accuracy.") == {"metric-value": "met"}


def test_a_long_pitch_is_told_its_length_and_not_punished() -> None:
    assert found(PITCH, "We used Keras. " + "word " * 70).note == ""
    long = found(PITCH, "We used Keras. " + "word " * 97)
    assert "100 words" in long.note and "75" in long.note
    assert [find.verdict for find in long.finds] == ["met"]


def test_a_name_that_only_one_point_uses_is_enough_for_it() -> None:
    remedies = built(
        (
            Point("dropout", "Use dropout.", true=("Dropout helps.", "Add dropout layers.", "I switch units off.")),
            Point("decay", "Use weight decay.", true=("Weight decay helps.", "Decay the weight.", "L2.")),
        )
    )
    assert {(f.point, f.verdict) for f in named_items(remedies, ["dropout", "more layers"])} == {("dropout", "met")}
    assert named_items(remedies, ["helps", "use", ""]) == ()


ENDLESS = (
    "1 2 ",
    "a=1 ",
    "(",
    "A or B ",
    "line 3 ",
    "9",
    "14x",
    "we wanted to ",
    "f1 of ",
    "no ",
    " ",
    "-",
    "\\frac{a}{b}",
)


@pytest.mark.parametrize("text", [text * (20_000 // len(text)) for text in ENDLESS], ids=ENDLESS)
def test_endless_text_is_searched_in_time(text: str) -> None:
    begun = time.process_time()
    for question in (SIZE, CHOICE, VERDICT, BUGS, DELTA, PITCH):
        found(question, text)
    assert time.process_time() - begun < 5
