"""Plans: what is asked fits what was wished for, nothing twice, requirements first, and nothing again without need."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import plan
from bot.core.events import Earlier
from bot.core.flow import Flow, Stage, Step
from bot.core.plan import Wish
from bot.core.question import Experiment, Option, Question
from tests.core.staged import LEVELS, ladder, levels
from tests.fakes import question

AT = "2026-01-01T00:00:00+00:00"

stages = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 12)), min_size=1, max_size=6)


@given(stages, st.one_of(st.none(), st.integers(0, 60)))
def test_what_is_shared_out_is_as_much_as_there_is_and_no_more(pairs, total) -> None:
    shares, most = zip(*pairs, strict=True)
    counts = plan.shared_out(shares, most, total)
    assert all(0 <= count <= there for count, there in zip(counts, most, strict=True))
    assert sum(counts) == min(sum(shares) if total is None else total, sum(most))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 40))
def test_what_is_shared_out_is_in_proportion(shares, total) -> None:
    counts = plan.shared_out(shares, [100] * len(shares), total)
    assert all(count >= total * share // sum(shares) for count, share in zip(counts, shares, strict=True))
    for share, count in zip(shares, counts, strict=True):
        assert all(count >= other for less, other in zip(shares, counts, strict=True) if less < share)


def test_all_the_shares_are_given_where_nothing_else_is_wished() -> None:
    assert plan.shared_out([3, 5, 3, 1], [20, 20, 20, 20], None) == [3, 5, 3, 1]


@st.composite
def banks(draw):
    topics = st.sampled_from(["data", "cnn", "language", "projects"])
    made: list[Question] = []
    for n in range(draw(st.integers(1, 14))):
        kinds = st.sampled_from(["free", "code", "pitch", "compare"])
        requires = tuple(draw(st.sets(st.sampled_from([q.id for q in made]), max_size=2))) if made else ()
        own = tuple(draw(st.sets(topics, min_size=1, max_size=2)))
        about = {"level": draw(st.sampled_from(LEVELS)), "topics": own, "requires": requires, "kind": draw(kinds)}
        made.append(question(f"q{n}", **about))
    return draw(st.permutations(made))


@st.composite
def flows(draw):
    def stage():
        chosen = draw(st.sets(st.sampled_from(LEVELS), max_size=2))
        topics = draw(st.sets(st.sampled_from(["data", "cnn", "projects"]), max_size=2))
        return Stage(draw(st.integers(1, 5)), tuple(chosen), tuple(topics))

    return Flow("f", "f", 30, stages=tuple(stage() for _ in range(draw(st.integers(1, 3)))))


wishes = st.builds(
    Wish,
    level=st.sampled_from([None, *LEVELS]),
    track=st.sampled_from([frozenset(), frozenset({"cnn"})]),
    count=st.one_of(st.none(), st.integers(1, 12)),
)
pasts = st.dictionaries(
    st.integers(0, 13).map(lambda n: f"q{n}"), st.floats(0, 1).map(lambda score: Earlier("q", AT, round(score, 2)))
)


@settings(max_examples=60, deadline=None)
@given(banks(), flows(), wishes, pasts, st.integers(0, 5))
def test_a_staged_plan_keeps_to_what_was_wished(bank, flow, wish, past, seed) -> None:
    chosen = plan.staged(flow, bank, wish, past, seed)
    known = {q.id: q for q in bank}
    assert len(set(chosen.slots)) == len(chosen.slots) == sum(chosen.stages)
    assert len(chosen.slots) <= (wish.count or sum(stage.count for stage in flow.stages))
    assert chosen.repeated == sum(slot in past for slot in chosen.slots)
    rest = list(chosen.slots)
    for stage, count in zip(flow.stages, chosen.stages, strict=True):
        part, rest = rest[:count], rest[count:]
        for at, slot in enumerate(part):
            asked = known[slot]
            assert plan.admits(stage, asked, flow.setting) and plan.wanted(asked, wish)
            assert not set(asked.requires) & set(part[at + 1 :])
    assert chosen == plan.staged(flow, bank, wish, past, seed)


@settings(max_examples=60, deadline=None)
@given(banks(), flows(), wishes, st.integers(0, 5))
def test_a_staged_plan_is_short_only_when_nothing_fits_any_more(bank, flow, wish, seed) -> None:
    chosen = plan.staged(flow, bank, wish, {}, seed)
    pools = [[q for q in bank if plan.admits(stage, q, "chat") and plan.wanted(q, wish)] for stage in flow.stages]
    missing = (wish.count or sum(stage.count for stage in flow.stages)) - len(chosen.slots)
    assert missing == 0 or all(q.id in chosen.slots for pool in pools for q in pool)


def test_the_seed_draws_other_questions() -> None:
    drawn = {plan.staged(levels(2), ladder(), Wish(), {}, seed).slots for seed in range(8)}
    assert len(drawn) > 4


def test_topics_are_spread() -> None:
    chosen = plan.staged(levels(2), ladder(), Wish(), {}, 3)
    for at in range(0, 6, 2):
        assert {slot.split("-")[0] for slot in chosen.slots[at : at + 2]} == {"data", "cnn"}


def test_what_was_asked_lately_comes_only_when_nothing_else_fits_and_what_was_missed_first() -> None:
    bank = ladder(("data",), 4)
    flow = Flow("f", "f", 30, stages=(Stage(3, ("beginner",)),))
    past = {
        "data-beginner-0": Earlier("data-beginner-0", "2026-01-05T00:00:00+00:00", 0.9),
        "data-beginner-1": Earlier("data-beginner-1", "2026-01-09T00:00:00+00:00", 0.1),
        "data-beginner-2": Earlier("data-beginner-2", "2026-01-01T00:00:00+00:00", 0.9),
    }
    for seed in range(10):
        chosen = plan.staged(flow, bank, Wish(), past, seed)
        assert set(chosen.slots) == {
            "data-beginner-3",
            "data-beginner-1",
            "data-beginner-2",
        }  # new, missed, longest ago
        assert chosen.repeated == 2
        assert plan.staged(flow, bank, Wish(count=1), past, seed).slots == ("data-beginner-3",)


def test_one_that_was_not_graded_counts_as_asked_and_not_as_missed() -> None:
    past = {
        "data-beginner-0": Earlier("data-beginner-0", "2026-01-01T00:00:00+00:00", None),
        "data-beginner-1": Earlier("data-beginner-1", "2026-01-09T00:00:00+00:00", 0.49),
    }
    flow = Flow("f", "f", 30, stages=(Stage(1, ("beginner",)),))
    assert plan.staged(flow, ladder(("data",), 2), Wish(), past, 0).slots == ("data-beginner-1",)


def test_wished_topics_come_first() -> None:
    wish = Wish(count=3, topics={"cnn": ("images",)})
    chosen = plan.staged(levels(2), ladder(("data", "cnn", "language")), wish, {}, 0)
    assert all(slot.startswith("cnn") for slot in chosen.slots)


def test_requirements_come_first_within_a_stage_and_a_circle_is_cut() -> None:
    chain = [question("c", requires=("b",)), question("b", requires=("a",)), question("a")]
    flow = Flow("f", "f", 30, stages=(Stage(3),))
    assert plan.staged(flow, chain, Wish(), {}, 1).slots == ("a", "b", "c")
    circle = [question("a", requires=("b",)), question("b", requires=("a",))]
    assert len(plan.staged(flow, circle, Wish(), {}, 1).slots) == 2


def test_stages_that_draw_from_the_same_questions_make_up_for_each_other() -> None:
    bank = [*ladder(("data",), 1), question("more", level="advanced")]
    flow = Flow("f", "f", 30, stages=(Stage(2), Stage(2, ("beginner",))))
    for seed in range(8):
        assert len(plan.staged(flow, bank, Wish(), {}, seed).slots) >= 3


@pytest.mark.parametrize(
    ("stage", "about", "setting", "asked"),
    [
        (Stage(1), {}, "chat", True),
        (Stage(1, ("advanced",)), {}, "chat", False),
        (Stage(1, kinds=("compare",)), {}, "chat", False),
        (Stage(1), {"kind": "code"}, "chat", False),
        (Stage(1, kinds=("code",)), {"kind": "code"}, "chat", True),
        (Stage(1), {"topics": ("projects",)}, "chat", False),
        (Stage(1, topics=("projects",)), {"topics": ("projects",)}, "chat", True),
        (Stage(1), {"kind": "find-bug"}, "phone", False),
        (Stage(1), {"kind": "find-bug", "on_phone": "In words: ..."}, "phone", True),
        (Stage(1, questions=("x",)), {"kind": "pitch", "topics": ("projects",)}, "chat", True),
        (Stage(1, questions=("y",)), {}, "chat", False),
        (Stage(1), {"ask": "Why line {line}?"}, "chat", False),
        (Stage(1, questions=("x",)), {"ask": "Why line {line}?"}, "chat", True),
        (Stage(1), {"ask": "What size has {side} by {side}?", "drill": "conv-output"}, "chat", True),
        (Stage(1), {"ask": "What is $\\sum_{j} e^{z}$?"}, "chat", True),
        (Stage(1, kinds=("predict",)), {"kind": "predict", "experiment": Experiment("t", {"a": 1})}, "chat", False),
    ],
)
def test_what_a_stage_admits(stage, about, setting, asked) -> None:
    assert plan.admits(stage, question("x", **about), setting) is asked


def bank_of(*names: str, **more) -> dict[str, Question]:
    return {name: question(name, **more) for name in names}


def test_a_fixed_flow_keeps_its_order_and_its_opener() -> None:
    bank = bank_of("a", "b", "c", "d", "e")
    steps = [Step(name) for name in bank]
    assert plan.fixed(steps, bank, Wish(), 7).slots == tuple(bank)
    for seed in range(10):
        slots = plan.fixed(steps, bank, Wish(count=3), seed).slots
        assert len(slots) == 3 and slots[0] == "a" and list(slots) == sorted(slots)
    assert len({plan.fixed(steps, bank, Wish(count=3), seed).slots for seed in range(20)}) > 2


def test_a_fixed_flow_asks_only_what_was_wished_for() -> None:
    bank = {**bank_of("a", "b"), **bank_of("c", level="advanced", topics=("cnn",))}
    steps = [Step(name) for name in bank]
    assert plan.fixed(steps, bank, Wish(level="advanced"), 0).slots == ("c",)
    assert plan.fixed(steps, bank, Wish(track=frozenset({"cnn"})), 0).slots == ("c",)
    assert plan.fixed(steps, bank, Wish(level="intermediate"), 0).slots == ()


def test_the_least_important_is_what_the_others_cover_and_programs_stay() -> None:
    agenda = {
        "a": question("a", topics=("data",)),
        "b": question("b", topics=("data",)),
        "c": question("c", topics=("cnn",)),
        "prog": question("prog", topics=("data",), kind="code"),
    }
    assert plan.least_important(agenda, 4) == ()
    assert plan.least_important(agenda, 3) == ("b",)
    assert set(plan.least_important(agenda, 1)) == {"a", "b", "c"}
    assert plan.least_important(agenda, 0)[-1] == "prog"


@given(st.integers(0, 9), st.lists(st.sampled_from(["data", "cnn"]), max_size=8))
def test_as_many_are_left_as_were_to_be_kept(keep, topics) -> None:
    agenda = {f"q{n}": question(f"q{n}", topics=(topic,)) for n, topic in enumerate(topics)}
    dropped = plan.least_important(agenda, keep)
    assert len(set(dropped)) == len(dropped) == max(0, len(agenda) - keep)


def test_a_question_is_worded_by_setting_and_by_how_often_it_was_asked() -> None:
    asked = question("x", on_phone="By phone?", at_board="At the board?")
    assert plan.wording(asked, {}) == asked.ask
    assert plan.wording(asked, {}, "phone") == "By phone?"
    assert plan.wording(asked, {}, "whiteboard") == "At the board?"
    assert [plan.wording(asked, {}, "chat", times) for times in (1, 2, 3)] == [asked.reworded, asked.plain, asked.ask]
    assert plan.wording(asked, {}, "phone", 1) == asked.reworded


def test_a_question_is_worded_by_the_program() -> None:
    asked = question("x", after_code={"Adam": "You chose {optimizer} in line {line}. Why?"})
    facts = {"optimizer": "Adam", "optimizer_line": 7, "learning_rate": 0.001, "learning_rate_stated": True}
    assert plan.wording(asked, facts) == "You chose Adam in line 7. Why?"
    assert plan.wording(asked, {"optimizer": "SGD", "optimizer_line": 7}) == asked.ask
    assert plan.instead("adam", {"optimizer": {"SGD": "sgd"}}, {"optimizer": "SGD"}) == "sgd"
    assert plan.instead("adam", {"optimizer": {"SGD": "sgd"}}, {}) == "adam"


def test_options_are_shuffled_by_the_seed_and_none_is_lost() -> None:
    asked = replace(question("x"), options=tuple(Option(str(n), right=n == 0) for n in range(4)))
    orders = {tuple(o.says for o in plan.shuffled(asked, seed).options) for seed in range(12)}
    assert len(orders) > 3 and all(sorted(order) == ["0", "1", "2", "3"] for order in orders)
    assert plan.shuffled(asked, 5) == plan.shuffled(asked, 5)


def test_names_in_braces_are_filled_in_and_others_stay() -> None:
    asked = question("x", ask="In {file}, line {line}: `{code}`. And {other}?", reference=r"$\frac{line}{2}$ of {line}")
    told = plan.filled(asked, {"file": "a.py", "line": 3, "code": "x = {1}"})
    assert told.ask == "In a.py, line 3: `x = {1}`. And {other}?"
    assert told.reference == r"$\frac{line}{2}$ of 3"


def test_what_follows_an_at_sign_tells_askings_of_one_question_apart() -> None:
    assert plan.base("project-pitch@2") == "project-pitch"
    assert plan.base("adam") == "adam"
