"""While the bot is being ended: words are written down, and said to be; commands and buttons are promised nothing."""

from __future__ import annotations

import asyncio

from tests.surfaces.discord.seats import FIRST, a_group, clean, kinds, newcomer, seated, told_alone
from tests.surfaces.discord.serving import served


async def test_what_is_said_while_it_ends_is_kept_and_gone_on_with_by_the_next_process(tmp_path):
    async with served(tmp_path) as bot:
        bot.discord.rates.on = False
        group = a_group(bot)
        slow, by_modal, by_word = [await seated(bot, group["general"], newcomer(group)) for _ in range(3)]
        form = await by_modal.opens()
        bot.discord.faults.add("slow", f"POST /channels/{slow.where.id}/messages", seconds=4.5)
        await slow.who.submit(await slow.opens(), FIRST)
        ending = asyncio.create_task(bot.stop())
        await asyncio.sleep(1.2)  # on a busy machine it takes a while to hear that it is to end
        await told_alone(await by_modal.who.click(by_modal.on, "Hint"), "being restarted", "have not done that")
        await told_alone(await by_modal.who.slash(by_modal.where, "skip"), "being restarted", "have not done that")
        shown = await by_modal.who.submit(form, FIRST)
        assert shown.text.startswith("> Batch gradient") and "is kept" in shown.text
        await by_word.who.says(by_word.where, FIRST, mentions=[bot.discord.bot])
        await by_word.where.waits_for(lambda message: "is kept" in message.text)
        assert await ending == 0
        for seat in (by_modal, by_word):
            assert kinds(seat.story, "Heard", "Graded", "Hinted", "Skipped") == ["Heard"], "kept, and no more"
        await bot.start()
        for seat in (by_modal, by_word):
            await seat.asked()
            assert kinds(seat.story, "Heard", "FollowedUp") == ["Heard", "FollowedUp"]
        assert clean(bot) == []
