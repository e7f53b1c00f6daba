"""The loopback Discord against the library that Viva is written in: real discord.py, as a process, nothing patched."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import pytest

from tests.loopback import Loopback, Process, transcript
from tests.loopback.group import Group
from tests.loopback.person import Person

TRIAL = (sys.executable, "-m", "tests.loopback.trial")


@pytest.fixture
def group(discord: Loopback) -> Group:
    return discord.server("Study group", channels=["general"])


@pytest.fixture
def one(group: Group) -> Person:
    return group.member("one")


@pytest.fixture
async def bot(discord: Loopback, group: Group) -> AsyncIterator[Process]:
    async with Process(discord, *TRIAL) as running:
        await discord.ready()
        yield running


async def test_the_bare_bot_answers_to_one_person_alone(discord, group, one):
    async with Process(discord, sys.executable, "-m", "tests.loopback.bare") as bare:
        await discord.ready()
        shown = await one.slash(group["general"], "ping")
        assert (shown.text, shown.ephemeral, shown.failed) == ("pong", True, "")
        assert shown.took is not None and shown.took < 3
        assert one.sees(group["general"]) == [shown.message]
        assert group.member("other").sees(group["general"]) == []
        assert await bare.end() == 0


async def test_two_bots_share_a_loopback(discord, group, one, bot):
    another = discord.application("Bare")
    discord.invites(group.server, another)
    async with Process(discord, sys.executable, "-m", "tests.loopback.bare", app=another):
        await discord.ready(app=another)
        assert (await one.slash(group["general"], "ping", app=another)).message.author is another.user
        with pytest.raises(AssertionError, match="there is no command /ping"):
            await one.slash(group["general"], "ping")


async def test_a_deferral_is_waited_for_and_followed_up(group, one, bot):
    shown = await one.slash(group["general"], "later")
    assert shown.deferred and not shown.thinking and shown.message.text == "later"
    more = await one.waits_for(group["general"], lambda message: message.text == "and more")
    assert more.ephemeral and more in shown.messages
    hurried = await one.slash(group["general"], "later", seconds=0)
    assert hurried.thinking and hurried.text == ""


async def test_a_modal_shows_its_texts_and_takes_words_and_files(group, one, bot):
    await one.slash(group["general"], "card")
    card = await group["general"].waits_for(lambda message: "Open form" in message.buttons)
    assert card.alt == ["a dot", "a dot"] and card.files[0].size == (1, 1)
    with pytest.raises(AssertionError, match="is off"):
        await one.click(card, "Off")
    with pytest.raises(AssertionError, match="no button 'Elsewhere'"):
        await one.click(card, "Elsewhere")
    form = await one.click(card, "Open form")
    assert form.modal is not None and (form.modal.title, form.modal.text) == ("A form", "Read this first.")
    assert form.modal.fields["More"].value == "as before" and form.modal.fields["Answer"].most == 4000
    with pytest.raises(AssertionError, match="'Answer' must be filled in"):
        await one.submit(form)
    with pytest.raises(AssertionError, match="0 to 4000"):
        await one.submit(form, "x" * 4001)
    sent = await one.submit(form, answer="mine", files=[("a.py", b"print()")])
    assert sent.ephemeral and sent.text == "mine / as before / a.py=print()"


async def test_buttons_that_carry_what_they_are_about_survive_the_bot(discord, group, one, bot):
    counted = (await one.slash(group["general"], "count")).message
    assert (await one.click(counted, "Count")).message is counted
    await bot.again()
    await discord.ready()
    await group.member("other").click(counted, "Count")
    assert counted.text == "counted 2" and counted.edits == 2 and counted.was == ["counted 0", "counted 1"]


async def test_a_private_thread_is_there_for_its_members_and_moderators(group, one, bot):
    other, moderator = group.member("other"), group.member("moderator", permissions="manage_threads")
    await one.slash(group["general"], "thread")
    thread = await one.sees_thread(group["general"])
    assert thread.private and not thread.invitable
    assert other.sees_threads(group["general"]) == [] and other.sees(thread) == []
    assert moderator.sees_threads(group["general"]) == [thread]
    with pytest.raises(AssertionError, match="does not see"):
        await other.says(thread, "hello")
    with pytest.raises(AssertionError, match="can't bring anybody"):
        await one.brings(thread, other)
    await moderator.brings(thread, other)
    assert other.sees(thread)
    await one.slash(group["general"], "thread", public=True)
    assert [one.kind for one in other.sees_threads(group["general"])] == [thread.PRIVATE_THREAD, thread.PUBLIC_THREAD]


async def test_words_reach_a_bot_without_the_intent_only_where_it_is_meant(discord, group, one, bot):
    general = group["general"]
    counted = (await one.slash(general, "count")).message
    await one.says(general, "not for you")
    await one.says(general, "for you, echo", mentions=[discord.bot])
    ordinary = await general.waits_for(lambda message: "you said" in message.text)
    assert ordinary.pings == {one.id}
    await one.says(general, "a reply", reply_to=ordinary)
    await one.says(general, "a quiet reply", reply_to=ordinary, ping=False)
    await one.says(general, "a reply to a response", reply_to=counted)
    await one.says(one.direct, "in private")
    await one.types(one.direct)
    seen = (await one.slash(general, "seen")).text.split("; ")
    name = discord.bot.mention
    expected = ["", f"{name} for you, echo", "a reply", "", "", "in private"]
    assert [told.removeprefix("message:") for told in seen if told.startswith("message:")] == expected
    assert seen[-1] == "typing"


async def test_with_the_intent_every_word_reaches_it(discord, group, one):
    discord.allows_message_content()
    async with Process(discord, *TRIAL, TRIAL_CONTENT=1):
        await discord.ready()
        said = await one.says(group["general"], "for nobody")
        assert (await one.slash(group["general"], "seen")).text == "message:for nobody"
        await one.edits(said, "for everybody")
        assert (await one.slash(group["general"], "seen")).text == "edit:for everybody"


async def test_a_bot_writes_to_those_who_take_it(group, one, bot):
    assert (await one.slash(group["general"], "direct")).text == "written"
    assert one.direct.last.text == "hello in private"
    await one.closes_direct()
    assert (await one.slash(group["general"], "direct")).text == "refused: 50007"


async def test_options_are_those_that_the_bot_registered(group, one, bot):
    general, manager = group["general"], group.member("manager", permissions="manage_guild")
    assert await one.autocomplete(general, "choose", "what", "a") == {"Alpha": "alpha"}
    assert (await one.slash(general, "choose", what="beta", many=3)).text == "beta × 3"
    assert (await one.slash(general, "upload", file=("notes.txt", b"words"))).text == "notes.txt: words"
    wrong: list[tuple[str, dict[str, object], str]] = [
        ("choose", {"what": "beta", "many": 9}, "1 to 5"),
        ("choose", {"what": 3}, "takes no 3"),
        ("choose", {}, r"needs \['what'\]"),
        ("choose", {"whom": "x"}, r"no option 'whom'; there are: \['many', 'what'\]"),
        ("manage things add", {"name": "x"}, "no command /manage here for one"),
    ]
    for line, options, words in wrong:
        with pytest.raises(AssertionError, match=words):
            await one.slash(general, line, **options)
    assert (await manager.slash(general, "manage things add", name="x")).text == "added x"
    with pytest.raises(AssertionError, match=r"not a command by itself; there are: \['add'\]"):
        await manager.slash(general, "manage things")


async def test_a_nonce_is_sent_once(discord, group, one, bot):
    assert (await one.slash(group["general"], "same")).text == "1 message"
    assert [message.text for message in group["general"].said] == ["the same"] and len(discord.repeats) == 1


async def test_who_goes_and_what_goes_is_told(discord, group, one):
    discord.app.privileged |= 1 << 1
    async with Process(discord, *TRIAL, TRIAL_MEMBERS=1):
        await discord.ready()
        manager = group.member("manager")
        await one.slash(group["general"], "thread")
        thread = await one.sees_thread(group["general"])
        await thread.delete()
        await group.channel("short-lived").delete()
        await one.leaves(group)
        seen = (await manager.slash(group["general"], "seen")).text
        assert seen == "thread deleted; channel deleted:short-lived; left:one"
        await group.removes_bot()
        with pytest.raises(AssertionError, match="no command"):
            await manager.slash(group["general"], "seen")
        assert (await manager.slash(manager.direct, "seen")).text == "removed:Study group"


async def test_a_bot_that_one_brings_along_is_a_guest(discord, one):
    async with Process(discord, *TRIAL):
        await discord.ready()
        for command in discord.app.commands.values():
            command["integration_types"] = [0, 1]
        elsewhere = discord.server("Elsewhere", bot=False)
        await one.joins(elsewhere)
        with pytest.raises(AssertionError, match="no command"):
            await one.slash(elsewhere["general"], "later")
        await one.installs()
        assert (await one.slash(elsewhere["general"], "later")).text.startswith("later")
        assert (await one.slash(elsewhere["general"], "thread")).failed == ""
        elsewhere.denies(elsewhere["general"], "everyone", "use_external_apps")
        assert (await one.slash(elsewhere["general"], "count")).ephemeral


async def test_a_transcript_is_what_a_person_sees(discord, group, one, bot):
    await one.slash(group["general"], "card")
    await one.says(group["general"], "echo", mentions=[discord.bot])
    await group["general"].waits_for(lambda message: "you said" in message.text)
    assert transcript(group["general"], for_=group.member("other")) == TRANSCRIPT
    assert "only one sees this" in transcript(group["general"], for_=one)


TRANSCRIPT = """\
# channel 'general' on 'Study group'

Viva:
    │ # A card
    │ ────────────
    │ (picture dot.png: a dot)
    [Open form] [Off] (off)

one (wakes Viva):
    @Viva echo

Viva (to “@Viva echo”; wakes one):
    you said @Viva echo
"""


async def test_channels_of_every_kind(discord, group, one):
    kinds = {kind: group.channel(kind, kind) for kind in ("voice", "stage", "news", "forum")}
    async with Process(discord, *TRIAL) as bot:
        await discord.ready()
        for kind in ("voice", "stage"):
            assert (await one.slash(kinds[kind], "choose", what=kind)).text == f"{kind} × 1"
        with pytest.raises(AssertionError, match="forum itself"):
            await one.slash(kinds["forum"], "choose", what="forum")
        post = await one.begins_thread(kinds["forum"], "How?", "Like this?")
        assert (await one.slash(post, "choose", what="here")).text == "here × 1"
        thread = await one.begins_thread(kinds["news"], "News")
        assert thread.kind == thread.NEWS_THREAD
        assert (await one.slash(thread, "choose", what="here too")).text == "here too × 1"
        with pytest.raises(AssertionError, match="no such threads"):
            await one.begins_thread(kinds["voice"], "room")
        assert "Traceback" not in bot.log


async def test_a_refusal_by_its_code_and_an_update_that_is_no_edit(discord, group, one, bot):
    discord.faults.add("refused", "/threads", code=160006)
    assert (await one.slash(group["general"], "thread")).text == "refused: 400 160006"
    said = await one.says(one.direct, "see https://example.org")
    discord.unfurls(said)
    assert (
        await one.slash(group["general"], "seen")
    ).text == "message:see https://example.org; edit:see https://example.org"
    assert said.edited_at is None and said.text.endswith("A page")


async def test_a_party_is_no_place_of_the_bots(discord, group, one, bot):
    party = one.direct_with(group.member("other"), group.member("third"))
    for command in discord.app.commands.values():
        command["integration_types"] = [0, 1]
    await one.installs()
    assert (await one.slash(party, "choose", what="among us")).text == "among us × 1"
    assert (await one.slash(party, "direct")).failed == ""
