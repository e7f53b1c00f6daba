"""What people say and send that does not fit: kept where it is an answer, kindly refused where it is none."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.loopback import reading
from tests.surfaces.discord.seats import (
    ANSWERS,
    COURSE,
    FIRST,
    SECOND,
    UNKNOWN,
    Seat,
    a_group,
    clean,
    kinds,
    newcomer,
    seated,
    seated_directly,
    told_alone,
)
from tests.surfaces.discord.serving import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")
ZERO_WIDTH = "\u200b\u200d\u2060\ufeff"
RIGHT_TO_LEFT = "\u202e"


@pytest_asyncio.fixture(loop_scope="module")
async def seat(bot: Served) -> AsyncIterator[Seat]:
    """Somebody who was asked the first question, in a thread on a server of their own."""
    group = a_group(bot)
    yield await seated(bot, group["general"], newcomer(group))
    assert clean(bot) == []


async def test_an_old_modal_still_answers_its_own_question(seat):
    old = await seat.opens()
    await seat.answers(FIRST)
    await seat.answers(UNKNOWN)
    assert "Question 2 of 2" in seat.on.text
    shown = await seat.who.submit(old, "One thing more on the variants.")
    await seat.asked()
    assert shown.text.startswith("> One thing more") and "question 1" in seat.on.text
    added = [one for one in seat.story if one.startswith("Answered")][-1]
    assert '"gradient-descent-variants"' in added and '"role": "late"' in added, "added, and the marks stay"
    end = await seat.goes_on(ANSWERS[2:])
    assert [one for one in end if one.startswith("Graded")].count("why-mini-batch") == 0
    assert kinds(end, "Asked", "Ended") == ["Asked", "Asked", "Ended"]


async def test_an_old_button_says_where_the_interview_stands(seat, story):
    old = seat.on
    await seat.answers(FIRST)
    for label in ("Answer", "Hint", "Skip"):
        await told_alone(await seat.who.click(old, label), "earlier question", "question 1 of 2")
    await seat.answers(UNKNOWN)
    for label in ("Answer", "Hint", "Skip"):
        await told_alone(await seat.who.click(old, label), "earlier question", "question 2 of 2")
    assert await seat.goes_on(ANSWERS[2:]) == story
    for label in ("Answer", "Hint", "Skip"):
        await told_alone(await seat.who.click(old, label), "is over", "/report")


async def test_a_reply_to_an_old_message_is_about_its_question(seat):
    old = seat.on
    await seat.answers(FIRST)
    await seat.answers(UNKNOWN)
    await seat.who.says(seat.where, "And mini-batches take a few.", reply_to=old)
    await seat.asked()
    assert "question 1" in seat.on.text
    await seat.who.says(seat.where, SECOND, reply_to=seat.on)
    await seat.asked()
    told = [one for one in seat.story if one.startswith("Answered")]
    assert '"gradient-descent-variants"' in told[-2] and '"why-mini-batch"' in told[-1]


async def test_an_answer_is_amended_from_what_was_said(bot):
    group = a_group(bot)
    seat = await seated(bot, group["general"], newcomer(group), mode="simulation")
    first = seat.on
    await seat.answers(FIRST)
    await seat.answers(UNKNOWN)
    shown = await seat.who.click(first, "Answer")
    assert shown.modal is not None
    (field,) = shown.modal.fields.values()
    assert shown.modal.title == "Question 1 of 2" and field.value == FIRST
    await seat.who.submit(shown, f"{FIRST}\nMini-batches take a few examples for each step.")
    await seat.asked()
    assert "Added to your answer to question 1" in seat.on.text
    added = [one for one in seat.story if one.startswith("Answered")][-1]
    assert '"text": "Mini-batches take a few' in added and '"role": "amendment"' in added
    assert clean(bot) == []


async def test_an_answer_amended_in_its_middle_gains_what_is_new_alone(bot):
    group = a_group(bot)
    seat = await seated(bot, group["general"], newcomer(group), mode="simulation")
    first = seat.on
    await seat.answers(FIRST)
    await seat.answers(UNKNOWN)
    begin, end = FIRST.split(". ", 1)
    shown = await seat.who.submit(await seat.who.click(first, "Answer"), f"{begin}. Mini-batches take a few. {end}")
    await seat.asked()
    assert not shown.failed and "Added to your answer to question 1" in seat.on.text
    added = [one for one in seat.story if one.startswith("Answered")][-1]
    assert '"text": "Mini-batches take a few."' in added
    shown = await seat.who.submit(await seat.who.click(first, "Answer"), FIRST)
    await told_alone(shown, "nothing new", "kept as it was")
    assert clean(bot) == []


async def test_of_a_long_text_the_beginning_is_taken_and_that_is_said(bot, seat):
    text = "All of it at once. " * 2000
    await seat.who.says(seat.where, "", mentions=[bot.discord.bot], files=[("answer.txt", text.encode())])
    await seat.where.waits_for(lambda message: "first 20,000 characters" in message.text)
    await seat.asked()
    (heard,) = [one for one in seat.story if one.startswith("Heard")]
    assert 20_000 <= len(heard) < 20_100


async def test_a_job_description_that_is_longer_than_any_is_refused(bot):
    group = a_group(bot)
    who = newcomer(group)
    job = ("job.txt", b"PyTorch wanted. " * 4000)
    told = await told_alone(await who.slash(group["general"], "interview", job=job), "64,000 characters", "50,000")
    assert "page or two" in told and clean(bot) == []


async def test_of_two_programs_the_first_is_taken_and_the_other_is_named(bot, seat):
    files = [("one.py", b"print(1)\n"), ("two.py", b"print(2)\n")]
    await seat.who.says(seat.where, "", mentions=[bot.discord.bot], files=files)
    told = await seat.where.waits_for(lambda message: "one program at a time" in message.text)
    assert "`one.py` was taken, `two.py` was not" in told.text
    await seat.asked()
    assert "print(1)" in "".join(seat.story) and "print(2)" not in "".join(seat.story)


@pytest.mark.parametrize("id_", ["viva:nothing:abc:1:0", "viva:from a release to come"])
async def test_a_button_that_nobody_knows_is_answered(seat, story, id_):
    hint = seat.on.buttons["Hint"].custom_id
    for part in reading.walk(seat.on.components):  # as another release wrote it
        if part.get("custom_id") == hint:
            part["custom_id"] = id_
    await told_alone(await seat.who.click(seat.on, "Hint"), "do not know that button", "/interview")
    assert await seat.goes_on(ANSWERS) == story


@pytest.mark.parametrize("text", ["word *and* `code` " * 222, "🏳️‍🌈" * 660, "深" * 4000, "> \n" * 1333, "```\n" * 1000])
async def test_four_thousand_characters_of_anything_are_kept_whole(bot, seat, text):
    text = text[:4000]
    await seat.who.submit(await seat.opens(), text)
    await seat.asked()
    (heard,) = [one for one in seat.story if one.startswith("Heard")]
    assert len(heard) >= len(text.strip()), "not a letter is lost"
    assert len(seat.said[1].text) <= 4000


@pytest.mark.parametrize("nothing", ["   ", "\n\t\n", ZERO_WIDTH])
async def test_an_empty_answer_is_no_answer(seat, story, nothing):
    shown = await seat.who.submit(await seat.opens(), nothing)
    await told_alone(shown, "nothing in that answer")
    await seat.who.says(seat.where, nothing, mentions=[seat.bot.discord.bot])
    await seat.where.waits_for(lambda message: "nothing in that message but my name" in message.text)
    assert await seat.goes_on(ANSWERS) == story


async def test_words_that_discord_does_not_show_us_are_asked_for_once(seat, story):
    for text in (FIRST, "and this too", "hello?"):
        await seat.who.says(seat.where, text)
    told = await seat.where.waits_for(lambda message: "did not reach me" in message.text)
    assert "press “Answer”" in told.text
    assert await seat.goes_on(ANSWERS) == story
    assert sum("did not reach me" in message.text for message in seat.said) == 1


FILES = {
    "a program of 25 MB": ("mlp.py", b"x" * (25 << 20), "25,600 KiB", "a program may have 64"),
    "a program that is no text": ("mlp.py", b"\xff\xfe\x00\x81", "no text", "UTF-8"),
    "a notebook that is none": ("mlp.ipynb", b"{not json", "no notebook", "export it as a Python file"),
    "an archive": ("mlp.zip", b"PK\x03\x04", "was not looked at", "I read programs"),
    "a film of 25 MB": ("me.mp4", b"\0" * (25 << 20), "was not looked at", "in words"),
    "a picture of 25 MB": ("curve.png", b"\x89PNG" + b"\0" * (25 << 20), "larger than 8 MiB", "say in words"),
    "words that are no text": ("notes.txt", b"\xff\xfe\x81", "no plain text", ".md"),
    "an empty text": ("notes.txt", b" \n ", "is empty", "did not take"),
    "a text of 2 MB": ("notes.txt", b"a" * 2_000_000, "too large", "the page or two that matter"),
    "a name with markup": ("`a`@everyone[x](y).zip", b"x", "was not looked at", "I read programs"),
}


@pytest.mark.parametrize("what", FILES)
async def test_a_file_that_is_no_answer(seat, story, what):
    name, data, why, mend = FILES[what]
    seat.who.user.nitro = True
    await seat.who.says(seat.where, "", mentions=[seat.bot.discord.bot], files=[(name, data)])
    told = await seat.where.waits_for(lambda message: why in message.text)
    assert mend in told.text and not told.pings and not told.mentions_everyone
    assert "could not be written down" not in told.text, "that would be our fault, and it is not"
    assert await seat.goes_on(ANSWERS) == story


async def test_a_picture_is_kept_and_not_graded(bot, seat, story):
    picture = b"\x89PNG\r\n\x1a\n" + b"a drawn network" * 4
    await seat.who.says(seat.where, "", mentions=[bot.discord.bot], files=[("net.png", picture)])
    told = await seat.where.waits_for(lambda message: "cannot read pictures" in message.text)
    assert "net.png" in told.text and "not graded" in told.text
    kept = [file for file in bot.home.rglob("*") if file.is_file() and file.read_bytes() == picture]
    assert len(kept) == 1, "with the interview, once"
    assert await seat.goes_on(ANSWERS) == story


async def test_a_program_where_none_is_wanted(seat):
    shown = await seat.who.slash(seat.where, "code", file=("mlp.py", b"print(1)\n"))
    assert not shown.failed and not shown.ephemeral
    await seat.asked()
    assert "no program to hand in at this question" in seat.on.text
    await told_alone(await seat.who.slash(seat.where, "code"), "No program is wanted just now", "question 1 of 2")
    await told_alone(await seat.who.slash(seat.where, "code", file=("a.zip", b"x")), "`a.zip` is no program", ".ipynb")
    assert kinds(seat.story, "Submitted", "Answered") == []


HOSTILE = {
    "mentions": "@everyone @here <@&{role}> <@{other}> look",
    "an invite": "join discord.gg/abcdef or https://discord.com/invite/abcdef",
    "a link that hides": "[the answer](https://example.org/evil) <https://example.org>",
    "markup": "# Title\n- item\n||spoiler|| **bold** __under__ ~~gone~~ >>> quote",
    "a fence that breaks out": "```py\nx = 1\n```\n# out\n```\n````\n`````py\n@everyone",
    "bidi": f"good {RIGHT_TO_LEFT}erom {ZERO_WIDTH}words",
    "an emoji's name": ":heart: <:name:123> <t:1700000000:R> </hint:123>",
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_said_wakes_nobody_and_formats_nothing(bot, what):
    group = a_group(bot)
    group.gives(bot.discord.bot, "mention_everyone")
    who, other = newcomer(group), newcomer(group)
    seat = await seated(bot, group["general"], who, watch=True)
    text = HOSTILE[what].format(role=group.server.everyone.id, other=other.id)
    await seat.answers(text)
    echo = seat.said[1]
    assert all(not message.pings and not message.mentions_everyone for message in seat.said)
    assert all(line.startswith("> ") for line in echo.text.splitlines()), "the whole of it is a quotation"
    raw = [message.text for message in seat.said]
    for danger in ("discord.gg/", "discord.com/invite", "](http", "@everyone", "@here", RIGHT_TO_LEFT, "\n# ", "||sp"):
        assert not any(danger in text for text in raw), danger
    (heard,) = [one for one in seat.story if one.startswith("Heard")]
    assert text.split()[0].strip("`") in heard, "the log keeps what was said, as it was said"
    assert clean(bot) == []


async def test_a_name_with_markup_names_a_thread_and_nothing_else(bot):
    group = a_group(bot)
    who = group.member(f"@everyone **{RIGHT_TO_LEFT}x{ZERO_WIDTH}** discord.gg/abc ```" + "y" * 80)
    seat = await seated(bot, group["general"], who, watch=True)
    assert RIGHT_TO_LEFT not in seat.where.name and len(seat.where.name) <= 100
    assert not any(message.mentions_everyone or "discord.gg/abc" in message.text for message in seat.said)
    assert clean(bot) == []


OPTIONS = {
    "an unknown flow": ({"flow": "opengenius"}, ["no flow 'opengenius'", "Did you mean 'opengenus'"]),
    "an unknown track": ({"track": "cooking"}, ["no track 'cooking'", "transformers"]),
    "a level that the flow lacks": ({**COURSE, "level": "advanced"}, ["No question of opengenus fits", "`track`"]),
    "a job for a fixed flow": ({"flow": "opengenus", "job": ("job.txt", b"CNNs")}, ["Leave `job` out", "`flow:mixed`"]),
    "a job that is no text": ({"job": ("job.pdf", b"%PDF\xff")}, ["`job.pdf` is no plain text"]),
    "an empty job": ({"job": ("job.txt", b" ")}, ["`job.txt` is empty"]),
    "a job with nothing of ours": ({"job": ("job.txt", b"A cook")}, ["names nothing", "`track`"]),
    "a document that is not there": ({"documents": "none.md"}, ["no document 'none.md'", "/viva documents add"]),
    "an interview that is not there": ({"resume": "zzz"}, ["no interview 'zzz'", "`/interview` begins one"]),
}


@pytest.mark.parametrize("what", OPTIONS)
async def test_options_that_do_not_fit_are_named_as_discord_names_them(bot, what):
    options, words = OPTIONS[what]
    group = a_group(bot)
    who = newcomer(group)
    text = await told_alone(await who.slash(group["general"], "interview", **options), *words)
    assert "--" not in text and "viva chat" not in text, "no flag of the terminal"
    assert who.sees_threads(group["general"]) == [], "nothing was begun"


async def test_what_a_client_lets_nobody_choose(bot):
    group = a_group(bot)
    for wrong in ({"questions": 0}, {"questions": 61}, {"minutes": 0}, {"level": "god"}, {"mode": "easy"}):
        with pytest.raises(AssertionError, match=r"to 60|to 240|choose from"):
            await newcomer(group).slash(group["general"], "interview", **wrong)


async def test_an_edited_answer_stays_as_it_was_sent_and_says_so_once(bot, seat, story):
    answer = await seat.who.says(seat.where, FIRST, reply_to=seat.on)
    await seat.asked()
    bot.discord.unfurls(answer)
    await seat.who.edits(answer, "something else")
    told = await seat.where.waits_for(lambda message: "You changed a message" in message.text)
    await seat.who.edits(answer, "and again")
    assert "I keep what you sent first" in told.text
    told = await seat.goes_on()
    assert [one for one in told if not one.startswith("Heard")] == [one for one in story if not one.startswith("Heard")]
    assert sum("You changed" in message.text for message in seat.said) == 1


async def test_a_deleted_answer_stays_and_the_person_learns_that(bot):
    group = a_group(bot)
    seat = await seated_directly(bot, newcomer(group))
    answer = await seat.who.says(seat.where, FIRST)
    await seat.asked()
    await seat.who.deletes(answer)
    told = await seat.where.waits_for(lambda message: "You deleted a message" in message.text)
    assert "/forget" in told.text
    assert kinds(seat.story, "Answered", "Graded") == ["Answered", "Graded"]
    assert clean(bot) == []
