"""Whole interviews through the loopback Discord, with `viva serve` as a process. What the candidate saw is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.surfaces.discord.gathering import TALKING as SILENCE
from tests import candidates
from tests.surfaces.discord.candidate import begins, strong_words, told_alone
from tests.surfaces.discord.keeping import keeps, story
from tests.surfaces.discord.seats import clean
from tests.surfaces.discord.serving import Served, served

GIVING_UP = "I don't know."


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Served]:
    """A bot with the defaults, but for the lab; what it sends is what Discord takes, and not too much of it."""
    async with served(tmp_path) as bot:
        yield bot
        assert clean(bot) == []


async def test_by_buttons_and_forms(bot):
    """A hint, a question left and taken up again by its own button, a remark on one that is marked, the report."""
    group = bot.discord.server("Study group")
    one = group.member("one")
    me = await begins(one, group["general"], flow="quick", questions=3, seed=5)
    first = me.turn
    await me.presses("Hint")
    await me.answers(
        "Machine learning learns from data. Deep learning is the part of it that uses neural networks with several "
        "layers."
    )
    late = await one.click(first, "Answer")
    assert late.ephemeral and late.modal is None
    assert f"/channels/{group.id}/{me.channel.id}/{me.turn.id}>)" in late.text, "the way to what stands open"
    await me.answers(
        "Classical models need features that people design, while a deep network learns them from fairly raw data. It "
        "needs more data and GPUs for that."
    )
    assert me.question == "train-valid-test"
    assert "**A full answer**" not in me.turn.text, "it is long, and has a button"
    full = await one.click(me.turn, "Full answer")
    assert full.ephemeral and "### Question 1 of 3" in full.text and "layer by layer" in full.text
    left = me.turn
    await me.presses("Skip")
    me.turn, third = left, me.turn
    await me.fills_in(
        "Answer",
        "The training part is what the weights are fitted on. The validation part is for choosing hyperparameters and "
        "for early stopping. The test part is looked at once, at the end.",
    )
    me.turn = third
    await me.next()
    await me.answers("I'd like to add to question 1: a random forest is machine learning without a network.")
    while not me.over:
        await me.answers(GIVING_UP)
    assert "est of luck" in me.turn.text
    report = (await one.click(me.turn, "My report")).message.files[0]
    assert "Your reply to a follow-up" in report.text and "a random forest is machine learning" in report.text
    assert "/interview track:" in me.turn.text.partition("Best of luck")[2], "what went worst, after the farewell"
    seen = story(
        "A candidate in a private thread, who presses buttons and fills in forms; practice.",
        one,
        group["general"],
        me.channel,
        forms=me.forms,
    )
    keeps("buttons", seen)
    again = await one.click(me.turn, "Another interview")
    assert again.ephemeral and "Your interview is in" in again.text


@pytest.mark.slow
async def test_by_replies_and_mentions_while_others_talk(bot):
    """Without a privileged intent; a moderator and somebody whom they brought along are bystanders."""
    group = bot.discord.server("Study group")
    one, moderator, other = group.member("one"), group.member("moderator", "manage_threads"), group.member("other")
    me = await begins(one, group["general"], flow="beginner", questions=2, seed=4)
    await moderator.brings(me.channel, other)
    await other.says(me.channel, "Good luck!")
    await other.says(me.channel, "It is how wrong the network is.", reply_to=me.turn)
    meddling = [await other.click(me.turn, "Answer"), await moderator.click(me.turn, "Skip")]
    meddling += [await other.slash(me.channel, "hint"), await other.slash(me.channel, "end")]
    assert all("somebody else's" in told for told in [await told_alone(shown) for shown in meddling])
    await one.says(me.channel, "Hm, let me think about that.")
    assert "did not reach me" in (await me.channel.waits_for(lambda m: "did not reach me" in m.text)).text
    await me.replies("It measures how far the predictions are from the targets.")
    await moderator.says(me.channel, "No prompting, please.", mentions=[bot.discord.bot])
    await me.mentions("It is a single number over the data, and gradient descent makes it smaller.")
    await one.says(me.channel, "One moment, the door.")
    while not me.number:
        await me.replies(GIVING_UP)
    await me.mentions("could you put it differently?")
    await me.replies(
        "The model is trained on the first; by the second I choose the learning rate and when to stop; the third I "
        "keep to the end, for one honest number."
    )
    while not me.over:
        await me.mentions(GIVING_UP)
    assert [message for message in other.sees(me.channel) if not message.ephemeral] == me.channel.said
    keeps(
        "replies",
        story("A candidate who answers by replies that ping and by mentions, while others talk.", one, me.channel),
    )


@pytest.mark.slow
async def test_in_direct_messages_in_plain_words(bot):
    """A simulation: marks at the end. An answer is amended by the button under its question."""
    group = bot.discord.server("Study group")
    one = group.member("one")
    await one.says(one.direct, "hello")
    await one.direct.waits_for(lambda message: "/interview" in message.text)
    me = await begins(one, one.direct, flow="quick", questions=3, seed=8, mode="simulation")
    first = me.turn
    for words in (
        "hi there",
        "what are the rules?",
        "could you repeat that please",
        "can I get a hint?",
        "what does hyperparameter mean?",
        "The weights are fitted on the training data, and the test data is only looked at once in the end.",
    ):
        await me.says(words)
    while not me.number:
        await me.says("The validation data is what one chooses hyperparameters by.")
    me.turn, now = first, me.turn
    await me.fills_in("Answer", "Let me put that better: the validation part is also for early stopping.")
    me.turn = now
    await me.next()
    await me.says("skip this one")
    await me.says("take that back")
    await me.says("Networks learn the features by themselves, and get better with more data, on images and text.")
    while not me.over:
        await me.says("pass, no idea" if me.number else GIVING_UP)
    assert not any("**0." in message.text for message in me.channel.said if message is not me.turn)
    assert "Your total is" in me.turn.text
    keeps(
        "direct",
        story("A candidate in direct messages, in plain words; a simulation.", one, me.channel, forms=me.forms),
    )


@pytest.mark.slow
async def test_by_commands(bot):
    """Everything that has a command is done by it. An answer has none: it is a reply here."""
    group = bot.discord.server("Study group")
    one = group.member("one")
    me = await begins(one, group["general"], flow="live-code", questions=2, seed=4)
    await me.commands("hint")
    handed_in = await one.slash(me.channel, "code", file=("mlp.py", candidates.POOR_PROGRAM.encode()))
    assert "```" in handed_in.text
    await me.next()
    asked = []
    for line, options in (
        ("grade", {}),
        ("dispute", {"why": "A softmax in front of it is fine, as I take NLLLoss on its log.", "question": 1}),
        ("grade", {"what": "standing"}),
        ("progress", {}),
        ("help", {}),
    ):
        asked.append(await one.slash(me.channel, line, **options))
    assert all(shown.ephemeral and not shown.failed for shown in asked)
    await me.replies("The softmax goes, as cross-entropy takes logits.")
    await me.commands("predict")
    await me.replies("It would learn more slowly, as the gradients of a sigmoid are small.")
    await me.commands("skip")
    await me.commands("end")
    assert me.over
    reports = [await one.slash(me.channel, "report"), await one.slash(group["general"], "report", interview="last")]
    assert reports[0].message.files[0].data == reports[1].message.files[0].data
    keeps("commands", story("A candidate who uses commands, and replies to answer.", one, me.channel))


@pytest.mark.slow
async def test_watched_by_the_group(bot):
    """In a public thread; the group reads along, and the marks are the candidate's alone."""
    group = bot.discord.server("Study group")
    one, other = group.member("one"), group.member("other")
    me = await begins(one, group["general"], flow="quick", questions=2, seed=5, watch=True)
    await other.joins_thread(me.channel)
    await me.answers("Machine learning learns from data; deep learning is the part of it that uses deep networks.")
    await other.says(me.channel, "And how much did that get?")
    assert (await other.click(me.turn, "My marks")).ephemeral
    marks = await one.click(me.turn, "My marks")
    assert marks.ephemeral and "**met** (" in marks.text
    while not me.number:
        await me.answers(GIVING_UP)
    for press in ("Full answer", "Answer"):
        assert "somebody else's" in await told_alone(await other.click(me.turn, press))
    full = await one.click(me.turn, "Full answer")
    assert full.ephemeral and "A full answer" in full.text and "Question 1 of 2" in full.text
    await me.answers(GIVING_UP)
    assert me.over
    assert "somebody else's" in await told_alone(await other.click(me.turn, "Another interview"))
    standing = await one.slash(me.channel, "grade", what="standing")
    report = await one.click(me.turn, "My report")
    assert standing.ephemeral and report.ephemeral
    watched = "\n".join(message.text for message in other.sees(me.channel) if message.author is bot.discord.bot)
    told = ("**met**", "✅", "⚪", "**missing**", "**0.", "**A full answer", "Your total", "interview track:")
    assert not any(mark in watched for mark in told)
    assert "you see your marks" not in watched and "show them to you alone" in watched
    keeps("watched", story("A candidate whom the group watches.", one, group["general"], me.channel))
    keeps("watching", story("Somebody who watches that candidate.", other, group["general"], me.channel))


@pytest.mark.slow
async def test_anything_said_is_an_answer_with_the_message_content_intent(tmp_path):
    """Answers come in several messages, with typing in between; the waits are the product's own."""
    async with served(tmp_path, VIVA_MESSAGE_CONTENT="1", VIVA_SILENCE="") as bot:
        group = bot.discord.server("Study group")
        one, moderator = group.member("one"), group.member("moderator", "manage_threads")
        me = await begins(one, group["general"], flow="quick", questions=2, seed=5)
        await one.says(me.channel, "Machine learning learns from data.")
        for _ in range(3):
            await asyncio.sleep(SILENCE / 2)
            await one.types(me.channel)
        await moderator.says(me.channel, "Take your time.")
        assert me.channel.last.author is moderator.user, "it spoke while somebody was typing"
        await one.says(me.channel, "Deep learning is the part of it that uses neural networks with several layers.")
        said = asyncio.get_running_loop().time()
        await me.next(SILENCE + 10)
        assert asyncio.get_running_loop().time() - said >= SILENCE - 0.5
        await one.says(me.channel, "The features are learned")
        await one.says(me.channel, "and not designed by hand, for which one needs more data.")
        await me.next(SILENCE + 10)
        while not me.number:
            await me.says(GIVING_UP, SILENCE + 10)
        await me.presses("Hint")
        await me.answers("The weights are fitted on the training part, choices are made by the validation part.")
        while not me.over:
            await me.says(GIVING_UP, SILENCE + 10)
        keeps("content", story("A candidate who just talks, in several messages.", one, me.channel))
        assert clean(bot) == []


@pytest.mark.slow
async def test_opengenus_to_its_farewell(bot):
    group = bot.discord.server("Study group")
    one = group.member("one")
    me = await begins(one, group["general"], seed=3)
    asked: dict[int, str] = {}
    while not me.over:
        if me.number:
            asked[me.number] = me.question or "adam"  # the one that is put with the program's own optimiser
        if "Submit code" in me.turn.buttons:
            await me.fills_in("Submit code", files=(("mlp.py", candidates.PROGRAM.encode()),))
            await me.next()
        else:
            await me.answers(strong_words(asked[max(asked)], follow_up=not me.number))
    assert sorted(asked) == list(range(1, 16)) and len(set(asked.values())) == 15
    farewell, _, following = me.turn.text.rpartition("**What you can do next**")
    farewell = farewell.strip().rpartition("\n")[2]
    assert "That was all" in farewell and "HR will be in touch" in farewell and "next steps" in farewell
    assert "best of luck" in farewell.lower() and "/progress" in following and "Another interview" in me.turn.buttons
    keeps("opengenus", story("A well-prepared candidate in the OpenGenus interview.", one, me.channel))


@pytest.mark.slow
async def test_a_code_round_with_a_sandboxed_run(tmp_path, shared):
    """A program with a bug, the question about it, a mended one, a prediction with its experiment; the curves."""
    digits = shared / "mnist"
    if not digits.is_dir():
        pytest.skip("there are no digits beside this checkout (shared/mnist)")
    async with served(tmp_path, VIVA_LAB="bubblewrap", VIVA_LAB_DEVICE="cpu", VIVA_MNIST_DIR=str(digits)) as bot:
        group = bot.discord.server("Study group")
        one = group.member("one")
        me = await begins(one, group["general"], flow="live-code", questions=2, seed=4)
        buggy = candidates.PROGRAM.replace("        optimizer.zero_grad()\n", "")
        assert buggy != candidates.PROGRAM
        await me.fills_in("Submit code", files=(("mlp.py", buggy.encode()),))
        await me.next(90)
        assert "between two batches" in me.turn.text and "Answer" in me.turn.buttons
        await me.answers("The gradients of all batches add up, so each step is a step for the past as well.")
        shown = await one.slash(me.channel, "code", file=("mlp.py", candidates.PROGRAM.encode()))
        assert not shown.failed
        await me.next(90)
        await me.commands("predict")
        await me.answers("The loss stays where it was, at ln 10, as every gradient is zero.", 120)
        await me.commands("end")
        pictures = [message for message in me.channel.said if message.files]
        for number, message in enumerate(pictures, 1):
            (tmp_path / f"curve-{number}.png").write_bytes(message.files[0].data)
        told = story("A candidate whose programs are run in the sandbox.", one, me.channel, forms=me.forms)
        (tmp_path / "lab.md").write_text(told, encoding="utf-8")
        assert len(pictures) >= 3 and all(message.alt and "loss began" in message.alt[0] for message in pictures)
        running = [message for message in me.channel.said if "loss so far" in message.text]
        assert len(running) == 3 and all(message.edits for message in running)
        assert clean(bot) == []


@pytest.mark.slow
async def test_the_file_of_a_take_home_case_comes_along(bot):
    """Where it lies on the bot's machine is of no use to anybody here, and is not said."""
    group = bot.discord.server("Study group")
    one = group.member("one")
    me = await begins(one, group["general"], flow="take-home", seed=3)
    assert str(bot.home) not in me.turn.text and "search-log-" in me.turn.text
    [file] = me.turn.files
    assert file.name in me.turn.text and file.text.count("\n") > 100
