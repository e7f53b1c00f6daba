"""What this surface tells of its own in more than a sentence: totals, settings, counts, documents, the board."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from bot.core.progress import TopicProgress
from bot.core.reply import Reply, ReplyPart, Table, Text
from bot.ports.groups import Counts, ServerSettings
from bot.surfaces.discord.echoes import shortened
from bot.surfaces.discord.limits import PAGE_TEXT, length
from bot.surfaces.discord.pages import Page, pages

MOST_TOPICS = 15
CUT = "-# There is more than fits here; the rest is left out."
MORE_DOCUMENTS = "-# {more} more do not fit here; `/viva documents remove` finds each by its name."
MORE_ON_BOARD = "-# {more} more do not fit here."


def told(*parts: ReplyPart) -> Page:
    """The parts as one page; what is longer is cut and said to be, as nothing here is worth two messages."""
    first, *more = _pages(parts)
    return Page((*first.blocks, CUT)) if more else first


def _pages(parts: Sequence[ReplyPart]) -> list[Page]:
    return pages([Reply("notice", tuple(parts))], lambda curves: None)


def listed(count: int, of: Callable[[int], Sequence[ReplyPart]], left_out: str) -> Page:
    """As many of `count` things as one page holds, as `of` so many; how many are left out is said below them."""
    most = bisect_left(range(1, count), True, key=lambda shown: len(_pages(of(shown + 1))) > 1) + 1
    page = told(*of(most))
    return page if most == count else Page((*page.blocks, left_out.format(more=count - most)))


def progress(topics: Sequence[TopicProgress], sittings: int) -> Page:
    """How a person does by topic."""
    if not topics:
        return told(Text("Nothing of yours was marked yet. `/interview` begins an interview."))
    lines = [_topic(one) for one in topics[:MOST_TOPICS]]
    more = len(topics) - len(lines)
    left = f" {more} more topics, better ones, are left out." if more else ""
    interviews = f"{sittings} interview{'' if sittings == 1 else 's'}"
    head = f"**Your marks by topic**, over {interviews}, the weakest first (0 to 1).{left}"
    practise = f"To practise the first: `/interview track:{topics[0].topic}`."
    return told(Text("\n".join([head, "", *lines])), Text(practise))


def _topic(one: TopicProgress) -> str:
    """A topic in a line: the mean, and the latest mark where there are several."""
    several = f" over {one.questions} questions, the latest {one.latest:.2f}" if one.questions > 1 else ""
    return f"- **{one.score:.2f}** {one.topic}{several}"


def settings(
    chosen: ServerSettings, changed: bool, no_lab: str | None, missing: Sequence[tuple[str, str]] = ()
) -> Page:
    """What a server offers. `no_lab`: why no program can be run at all; `missing`: permissions, where this is said."""
    where = "direct messages" if chosen.direct else "private threads, or direct messages where there are none"
    lines = [
        f"- **interviews**: {', '.join(chosen.flows) or 'all'}",
        f"- **mode** unless asked otherwise: {chosen.mode}",
        f"- **place**: {where}",
        f"- **programs** are {_programs(chosen, no_lab)}",
        f"- **interviews a day** for each person: {chosen.a_day or 'as many as they like'}",
        f"- **runs a day** for each person: {chosen.runs_a_day or 'as many as they like'}",
        f"- **board**: {'on, for those who wish to be on it (`/board`)' if chosen.board else 'off'}",
    ]
    head = "Changed. What holds now:" if changed else "What holds on this server (all of it can be left as it is):"
    return told(Text("\n".join([head, "", *lines])), *_missing(missing))


def _programs(chosen: ServerSettings, no_lab: str | None) -> str:
    if not chosen.lab:
        return "read, and not run"
    if no_lab is not None:
        return "read, and not run: here none can be, whatever is chosen (`/viva status` says why)"
    return "run in the sandbox"


def _missing(missing: Sequence[tuple[str, str]]) -> list[Text]:
    """Permissions that the invitation asks for and that are not there, each with what it is for."""
    if not missing:
        return []
    lines = [f"- **{name}**, {what}" for name, what in missing]
    head = "**In this channel I miss** (Server Settings → Roles → my role, or this channel's own permissions):"
    return [Text("\n".join([head, *lines]))]


def status(
    counts: Counts,
    chosen: ServerSettings,
    documents: int,
    lab: tuple[str, str | None],
    missing: Sequence[tuple[str, str]] = (),
) -> Page:
    """How it goes on a server: counts, and nothing that anybody said. `lab`: how programs are run, and why not."""
    says, no_lab = lab
    rows = (
        ("people", str(counts.people)),
        ("interviews going on", str(counts.running)),
        ("interviews finished", str(counts.finished)),
        ("answers", str(counts.answers)),
        ("programs", str(counts.programs)),
    )
    wanted = chosen.lab or no_lab is not None
    programs = says if wanted else "Programs are read, and not run: `/viva setup lab:True` has them run."
    return told(
        Text("**The last seven days on this server.** Answers and marks are the candidates' own, and not shown here."),
        Table(("what", "how many"), rows),
        Text(f"Documents of this server: {documents}.\n\n{programs}"),
        *_missing(missing),
    )


def documents(named: Sequence[tuple[str, int]]) -> Page:
    """The documents of a server: their names and lengths in characters."""
    if not named:
        return told(Text("This server has no documents. `/viva documents add` adds one."))
    head = Text("**Documents of this server**; `/interview documents:` asks about one.")
    rows = tuple((shortened(name, 80), f"{size / 1000:.1f} k") for name, size in named)
    return listed(len(rows), lambda shown: (head, Table(("name", "size"), rows[:shown])), MORE_DOCUMENTS)


def board(rows: Sequence[tuple[str, int, int]]) -> Page:
    """Who is how far this week: account, interviews finished, points recovered; in the order of names, never ranked."""
    if not rows:
        return told(Text("Nobody is on this server's board yet. `/board show:True` puts you on it."))
    lines = [
        f"- <@{account.partition(':')[2]}>: {finished} finished, {points} point{'' if points == 1 else 's'} recovered"
        for account, finished, points in rows
    ]
    head = "**This week**, of those who wish to be shown. Points are recovered when a hint or a follow-up brings them."
    shown = lines
    while length("\n".join([head, *shown])) > PAGE_TEXT:
        shown = shown[:-1]
    left = [MORE_ON_BOARD.format(more=len(lines) - len(shown))] if len(shown) < len(lines) else []
    return Page(("\n".join([head, *shown, *left]),))


def linked(moved: int) -> str:
    """What came of joining an account to a terminal."""
    what = f"{moved} interview{'' if moved == 1 else 's'} begun here {'is' if moved == 1 else 'are'} yours there too"
    return f"Joined. {what if moved else 'What you begin here is yours there too'}, and the other way round."


def forgotten(sittings: int) -> str:
    """What was deleted."""
    return (
        f"Deleted: {sittings} interview{'' if sittings == 1 else 's'} with every word, all marks and reports, and what "
        "joined this account to a terminal. Messages in threads and direct messages are Discord's, and yours to delete."
    )
