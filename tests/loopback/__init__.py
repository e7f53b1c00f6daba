"""A Discord of the project's own on 127.0.0.1: HTTP API v10 and gateway, with Discord's limits, permissions, rate
limits and faults, and people who act in it as in a client. It patches nothing: a bot is a process that is told where
Discord is.

    from tests.loopback import Loopback, transcript

    async with Loopback.running() as discord:
        group = discord.server("Study group", channels=["general"])     # the bot is in it, with what everyone may
        one, other = group.member("one"), group.member("other")
        moderator = group.member("moderator", permissions="manage_threads")
        async with Process(discord, sys.executable, "-m", "bot", "serve", VIVA_HOME=home) as bot:
            await discord.ready()             # connected, and commands were put; also bot.end(), kill(), again(), log

        shown = await one.slash(group["general"], "interview", flow="beginner")
        shown.text, shown.ephemeral, shown.message, shown.modal, shown.buttons     # once "is thinking" is over
        shown.failed                                                    # "The application did not respond", or ""
        shown.deferred, shown.thinking, shown.took                      # took: seconds to the first response
        await one.slash(channel, "viva documents add", file=("notes.md", b"…"))    # subcommands; files as (name, bytes)
        await one.autocomplete(channel, "interview", "flow", "be")      # {name: value}

        thread = await one.sees_thread(group["general"])                # waits for the newest thread that one is in
        question = await thread.waits_for(lambda message: "Answer" in message.buttons, seconds=20)  # after=message
        shown = await one.click(question, "Answer")                     # asserts that it is there and on
        shown.modal.title, shown.modal.texts, shown.modal.fields        # fields: {label: Field(value, required, …)}
        await one.submit(shown, "my answer")                            # texts in order, or fields by their labels:
        await one.submit(shown, answer="…", files=[("mlp.py", b"…")])   # what is not named stays as it was filled in
        await one.select(message, "label")                              # of a select menu

        said = await one.says(thread, "text", reply_to=question, ping=True, mentions=[discord.bot])  # files=[…]
        await one.types(thread), await one.edits(said, "other text"), await one.deletes(said)
        one.sees(thread)           # messages, those for them alone among them; [] where they don't see the channel
        one.sees_threads(channel)  # threads that are there for them
        await one.waits_for(thread, lambda message: message.ephemeral)  # as channel.waits_for, own ephemeral ones too
        transcript(thread, for_=one)                                    # text, ids replaced; kept as tests

A message has .text (content, embeds and text displays), .buttons {label: Button(disabled, custom_id, style)}, .files
(name, data, alt), .alt, .author, .ephemeral, .pings (ids of who is woken), .edits, .was (earlier texts), .deleted.
A channel has .said, .last, .threads, waits_for, delete(), archive(locked=), unarchive(), lock(), .archived, .joined.
Direct messages: `one.direct` is the channel with the bot, `one.direct_with(other)` one where the bot is not.
`await one.installs()`: the bot goes with them wherever they are. group.channel(name, kind="text", "voice", "news",
"stage" or "forum") makes one more; `await one.begins_thread(channel, name, text, private=)`; discord.unfurls(message).

A client that is behind: one.click(message, "Answer", was=button). One who pays: one.user.nitro = True (4,000
characters, large files). Others: group.gives/takes(who, "permission names"), group.denies/allows(channel, who or
"everyone", "…") from now on; group.removes_bot(), invites_bot(permissions); one.leaves(group), joins, leaves_thread,
brings(thread, other), puts_out(thread, other or bot), closes_direct(); discord.allows_message_content();
discord.clock.advance(minutes=16); discord.app.shards = 2; discord.application("another") with a token of its own.

What went wrong: discord.complaints (bodies that break a limit or the published schema; must be []), discord.limited
and discord.own_limited (429s; the latter not by a fault), discord.rates.invalids(), discord.requests (Counter by
route), discord.asked (every request), discord.interactions.done (each with .took), discord.repeats (messages sent
again by their nonce).

Faults: `discord.faults.add("502", "POST /channels", times=2)`; the names are in tests/loopback/faults.py,
`refused` with `code=160006` (errors.py) among them. The gateway:
discord.gateway.drop(a code, or None for a cut), ask_to_reconnect(), invalidate(); faults "no resume", "no gateway".
`python -m tests.loopback --port 8080` runs one by itself, to be acted in by lines of text (tests/loopback/console.py).
"""

from tests.loopback.permissions import Can
from tests.loopback.process import Process
from tests.loopback.server import Loopback
from tests.loopback.transcript import transcript

__all__ = ["Can", "Loopback", "Process", "transcript"]
