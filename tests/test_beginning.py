"""Beginnings: wishes become a plan and its first events, and wishes that cannot be had become a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from bot.beginning import DEFAULT_FLOW, Before, Wanted, begin, unknown
from bot.core import events as e
from bot.core.flow import Flow, Stage, Step
from bot.errors import WrongUsage
from tests.core.staged import STRONG, FlowBank, banked, ladder, levels, sat
from tests.fakes import question

FIXED = tuple(Step(f"{topic}-beginner-{n}") for topic in ("data", "cnn") for n in range(2))
PROJECT = (
    Step("pitch", each="project"),
    Step("metric", each="project"),
    Step("own-code-optimiser", each="program"),
    Step("own-code-loss", each="program"),
    Step("last"),
)
PROGRAM = e.Brought("a.py", "opt = Adam()", {"optimizer_line": 1})


@pytest.fixture
def bank() -> FlowBank:
    own = [
        question("pitch", kind="pitch", topics=("projects",)),
        question("metric", topics=("projects",)),
        question("last", topics=("projects",)),
        *(question(f"own-code-{name}", topics=("projects",)) for name in ("optimiser", "loss")),
    ]
    return banked(
        [*ladder(("data", "cnn", "vision"), 3), *own],
        levels(2),
        Flow(DEFAULT_FLOW, "the fixed one", 20, FIXED, briefing="- Take your time."),
        Flow("project", "projects", 30, PROJECT),
        Flow("phone", "phone", 20, stages=(Stage(3, ("beginner",)),), setting="phone"),
        Flow("full", "all rounds", 60, rounds=("phone", "levels", "project")),
    )


def begun(bank: FlowBank, before: Before | None = None, seed: int = 0, **wishes: Any) -> tuple[Flow, e.Started]:
    flow, events = begin(bank, Wanted(**wishes), before or Before(), seed)
    assert isinstance(events[0], e.Started)
    return flow, events[0]


def earlier(*names: str, score: float = 0.2) -> Before:
    return Before({name: e.Earlier(name, "2026-01-01T00:00:00+00:00", score) for name in names})


def test_without_a_wish_it_is_the_default_flow_whole(bank: FlowBank) -> None:
    flow, started = begun(bank)
    assert flow.id == started.flow == DEFAULT_FLOW and started.mode == "practice"
    assert started.plan == tuple(step.question for step in FIXED)
    assert started.about_minutes == 20 and started.stages == ()
    assert started.notes == ("- Take your time.",)
    assert not Wanted().anything and Wanted(seed=3).anything and not Wanted(projects=()).anything


def test_the_seed_and_the_mode_are_kept(bank: FlowBank) -> None:
    _, started = begun(bank, seed=5, mode="simulation", flow="phone")
    assert (started.seed, started.mode, started.setting) == (5, "simulation", "phone")
    assert begun(bank, seed=5, flow="levels") == begun(bank, seed=5, flow="levels")


def test_fewer_questions_take_less_time(bank: FlowBank) -> None:
    _, started = begun(bank, flow="levels", questions=3)
    assert len(started.plan) == 3 and started.about_minutes == 15 and sum(started.stages) == 3
    assert started.stages == (1, 1, 1)


def test_what_was_asked_lately_is_avoided_and_said_when_it_cannot_be(bank: FlowBank) -> None:
    beginners = [q.id for q in bank.questions() if q.level == "beginner" and "projects" not in q.topics]
    _, fresh = begun(bank, earlier(*beginners[:5]), flow="phone")
    assert not set(fresh.plan) & set(beginners[:5])
    assert fresh.earlier == () and not any("before" in note or "last 30 days" in note for note in fresh.notes)
    assert set(fresh.lately) == set(beginners[:5])
    _, again = begun(bank, earlier(*beginners[:8]), flow="phone")
    assert len(again.earlier) == 2
    assert any(note.startswith("- 2 of the 3 questions you had in the last 30 days") for note in again.notes)


def test_a_fixed_flow_is_asked_again_and_says_so(bank: FlowBank) -> None:
    _, started = begun(bank, earlier("data-beginner-0", "cnn-beginner-1"))
    assert [known.question for known in started.earlier] == ["data-beginner-0", "cnn-beginner-1"]
    assert any("2 of these questions you had before" in note for note in started.notes)


def test_the_only_question_that_was_asked_before_is_not_counted(bank: FlowBank) -> None:
    _, wide = begun(bank, questions=1)
    _, started = begun(bank, earlier(*wide.plan), questions=1)
    assert started.plan == wide.plan and "- You had this question before:" in " ".join(started.notes)


def test_fewer_than_were_wished_for_is_said(bank: FlowBank) -> None:
    _, started = begun(bank, flow="levels", track="cnn", questions=12)
    assert len(started.plan) == 9
    assert "- You asked for 12 questions; 9 fit your wishes." in started.notes


def test_a_level_and_a_track_are_kept_to(bank: FlowBank) -> None:
    _, started = begun(bank, flow="levels", level="advanced", track="computer-vision")
    assert started.level == "advanced"
    assert started.plan and all("advanced" in slot and not slot.startswith("data") for slot in started.plan)


def test_a_job_description_chooses_topics_and_says_by_which_words(bank: FlowBank) -> None:
    _, started = begun(bank, flow="levels", questions=3, job="We need OpenCV and object detection.")
    assert all(slot.startswith("vision") for slot in started.plan)
    assert "- Because of “OpenCV”, “object detection” in what you gave me, I ask about vision." in started.notes


def test_projects_choose_topics_too(bank: FlowBank) -> None:
    _, started = begun(bank, flow="levels", questions=3, projects=("Birds on video",))
    assert all(slot.startswith("vision") for slot in started.plan)


def test_minutes_leave_out_the_least_important(bank: FlowBank) -> None:
    _, started = begun(bank, minutes=10)
    assert len(started.plan) == 2 and started.plan[0] == "data-beginner-0"
    assert started.minutes == 10 and started.about_minutes == 10
    _, staged = begun(bank, flow="levels", minutes=16)
    assert len(staged.plan) == 3
    _, enough = begun(bank, minutes=200)
    assert len(enough.plan) == 4 and enough.about_minutes == 20
    _, hardly = begun(bank, flow="levels", minutes=1)
    assert len(hardly.plan) == 1


def test_each_project_is_gone_through_and_each_program_where_it_shows_something(bank: FlowBank) -> None:
    _, one = begun(bank, flow="project")
    assert one.plan == ("pitch", "metric", "last")
    _, two = begun(bank, flow="project", projects=("A", "B"), programs=(PROGRAM, e.Brought("b.py", "x", {})))
    assert two.plan == ("pitch@1", "metric@1", "pitch@2", "metric@2", "own-code-optimiser@1", "last")
    assert two.projects == ("A", "B")
    _, events = begin(bank, Wanted(flow="project", programs=(PROGRAM,)), Before(), 0)
    assert events[1:] == [PROGRAM]


def test_a_short_round_about_projects_keeps_its_pitches(bank: FlowBank) -> None:
    _, started = begun(bank, flow="project", projects=("A", "B"), questions=3)
    assert started.plan == ("pitch@1", "metric@1", "pitch@2")
    with pytest.raises(WrongUsage, match="No question of project fits"):
        begun(bank, flow="project", level="advanced")


def test_a_series_goes_on_with_its_next_round_and_begins_anew_after_the_last(bank: FlowBank) -> None:
    def after(count: int) -> tuple[Flow, e.Started]:
        rounds = tuple(e.Round(name, name, "2026-01-01", f"s{name}") for name in ("phone", "levels", "project"))
        return begun(bank, Before({}, {"full": rounds[:count]}), flow="full")

    for count, (name, number) in enumerate([("phone", 1), ("levels", 2), ("project", 3), ("phone", 1)]):
        flow, started = after(count)
        assert (flow.id, started.flow, started.round) == (name, name, number)
        assert started.series == "full" and started.rounds == ("phone", "levels", "projects")
        assert len(started.before) == count % 3


def test_wishes_without_a_flow_choose_one_that_can_fulfil_them(bank: FlowBank) -> None:
    assert begun(bank)[1].flow == "opengenus"
    assert begun(bank, programs=(PROGRAM,))[1].flow == "project"
    for wishes in ({"level": "beginner"}, {"track": "cnn"}, {"job": "OpenCV"}, {"projects": ("A",)}):
        with pytest.raises(WrongUsage, match="There is no flow mixed"):  # which this small bank does not hold
            begun(bank, **wishes)


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"flow": "nothing"}, "There is no flow nothing"),
        ({"mode": "exam"}, "There is no mode 'exam'.*practice, simulation"),
        ({"flow": "levels", "level": "begin"}, "There is no level 'begin'. Did you mean 'beginner'"),
        ({"flow": "levels", "track": "visoin"}, "There is no track 'visoin'. Did you mean 'vision'"),
        ({"flow": "opengenus", "job": "PyTorch"}, "always asks the same questions.*--flow mixed"),
        ({"flow": "levels", "job": "We sell shoes."}, "names nothing that there are questions on.*--track"),
        ({"flow": "levels", "job": "Kubernetes only"}, "names nothing that there are questions on"),
        ({"flow": "levels", "programs": (PROGRAM,)}, "does not ask about programs of yours.*--flow project"),
        ({"flow": "levels", "questions": 20, "minutes": 10}, "20 questions do not fit into 10 minutes"),
        ({"flow": "project", "projects": ("A", "B", "C", "D")}, "At most 3 projects.*not 4"),
        ({"flow": "opengenus", "projects": ("A",)}, "always asks the same questions.*--flow project"),
        ({"flow": "opengenus", "level": "advanced"}, "No question of opengenus fits.* It has the levels beginner"),
        ({"flow": "phone", "level": "advanced", "track": "cnn"}, "No question of phone fits"),
    ],
)
def test_what_cannot_be_had_is_said_in_a_sentence(bank: FlowBank, wishes: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongUsage, match=says):
        begun(bank, **wishes)


def test_an_unknown_name_comes_with_the_nearest_one_and_all_of_them() -> None:
    assert unknown("level", "ADV", ("beginner", "advanced")) == (
        "There is no level 'ADV'. Did you mean 'advanced'? The levels are: beginner, advanced."
    )
    assert "Did you mean" not in unknown("track", "", ("cnn",))
    assert len(unknown("track", "x" * 500, ("cnn",))) < 200


@pytest.mark.parametrize("mode", ["practice", "simulation"])
async def test_a_whole_sitting_of_stages_from_wish_to_farewell(bank: FlowBank, mode: str) -> None:
    sitting = await sat(bank, Wanted(flow="levels", mode=mode, job="OpenCV"), earlier("vision-beginner-0"), seed=4)
    assert "OpenCV" in sitting.opening[0].text
    for _ in range(6):
        said = await sitting.say(STRONG)
    session = sitting.interview.session
    assert session.ended is not None and session.ended.reason == "finished"
    assert said[-1].kind == "closing" and any(reply.kind == "report" for reply in said)
    assert [asking.number for asking in session.in_order] == [1, 2, 3, 4, 5, 6]
    assert len(set(sitting.asked)) == 6 and "vision-beginner-0" not in sitting.asked
    assert [slot.split("-")[1] for slot in sitting.asked][-2:] == ["advanced", "advanced"]
    assert all(asking.grade(question("x")).score == 1.0 for asking in session.in_order)
