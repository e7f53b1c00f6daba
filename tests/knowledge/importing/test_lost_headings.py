"""Articles that have lost their headings, on subjects of our own: what is inferred, and what is left alone."""

from __future__ import annotations

import pytest

from bot.knowledge.importing.blocks import Text
from bot.knowledge.importing.found import Findings
from bot.knowledge.importing.openings import opening
from bot.knowledge.importing.plain import read_plain
from bot.knowledge.importing.reading import find_questions

DATABASES = """\
Top database interview questions
Here are the most frequently asked database interview questions and their answers.
A relational database stores data in tables whose rows are records. Tables refer to each other by keys.
Normalisation is the process of splitting tables so that each fact stands in one place. It avoids anomalies.
An index speeds up look-ups at the price of slower writes. Most databases use a B-tree for it.
A clustered index determines the order of rows on disk. There can be only one of it.
A non-clustered index determines the order of a structure apart from the rows on disk. There can be several.
There are four kinds of joins in SQL: inner, left, right and full.
When a transaction is too long, it holds its locks for that time.
If the transaction is too short, there is much bookkeeping.
The practice of splitting a table over several machines is called “sharding.” Each shard holds a part of the rows.
Deadlock occurs when two transactions wait for locks that the other one holds.
To avoid a deadlock, you can take locks in the same order everywhere.
Views can be used to hide columns from users and to keep old names alive.
Buy now and get certified with our certification course!
Imagine a library with a catalogue of cards. A reader goes through the cards and not through the shelves.
This is how search engines work: they use an Inverted File Index (IFI) for that.
We hope this list helps you in your next interview.
How to become a data engineer?
"""
EXPECTED = [
    "What is a relational database?",
    "What is Normalisation?",
    "What is an index?",
    "What is the difference between a clustered index and a non-clustered index?",
    "What are the kinds of joins in SQL?",
    "What happens when a transaction is too long or too short?",
    "What is sharding?",
    "What is deadlock?",
    "What can Views be used for?",
    "What is Inverted File Index (IFI)?",
]
NETWORKS = """\
Networking interview questions

1. What is the difference between TCP and UDP?
2. How does DNS resolve a name?
3. What happens during a TLS handshake?
4. Why do we need NAT?
5. What is a subnet mask used for?

Networks are everywhere, and almost every job asks about them. This guide keeps it short.

The first is connection-oriented: a handshake comes before data, and TCP resends lost segments. UDP just sends.

A resolver asks a root server, then the server of the top-level domain. The answer is cached for a while.

Here is a good article about resolvers: How names become addresses.

Client and server agree on a cipher suite, and both derive session keys. After that the TLS records are encrypted.

There are fewer IPv4 addresses than devices. NAT lets many private addresses share a public one by rewriting ports.

A mask says which bits of an address name the subnet and which the host, so that a host knows whom to send to.

Thanks for reading!
"""


def imported(text: str) -> Findings:
    return find_questions(Text("mine.txt", tuple(read_plain(text))))


def test_questions_are_worded_from_the_beginnings_of_their_answers() -> None:
    found = imported(DATABASES)
    assert [one.question for one in found.questions] == EXPECTED
    assert all(one.inferred and 0.2 < one.confidence <= 0.6 for one in found.questions)
    answers = {one.question: one.answer for one in found.questions}
    assert answers["What is deadlock?"].endswith("in the same order everywhere.")
    assert "IFI" in answers[EXPECTED[-1]] and "helps you" not in answers[EXPECTED[-1]]
    assert not any("Buy now" in answer for answer in answers.values())


def test_a_text_that_announces_no_questions_is_left_alone() -> None:
    without = DATABASES.replace("interview questions and their answers", "facts").replace(
        "interview questions", "facts"
    )
    assert imported(without.replace("frequently asked database", "important")).questions == ()


def test_contents_whose_headings_are_lost_are_paired_by_order_and_words() -> None:
    found = imported(NETWORKS)
    beginnings = [(one.question.split()[-1], one.answer.split(".")[0][:30]) for one in found.questions]
    assert beginnings == [
        ("UDP?", "The first is connection-orient"),
        ("name?", "A resolver asks a root server,"),
        ("handshake?", "Client and server agree on a c"),
        ("NAT?", "There are fewer IPv4 addresses"),
        ("for?", "A mask says which bits of an a"),
    ]
    assert all(0.3 < one.confidence <= 0.8 and "by its order" in one.why for one in found.questions)


def test_a_question_of_the_contents_that_nothing_answers_is_named() -> None:
    without = "\n".join(line for line in NETWORKS.split("\n") if "NAT lets" not in line and "IPv4" not in line)
    found = imported(without)
    answered = {one.question: one.answer for one in found.questions}
    assert "TLS records" in answered["What happens during a TLS handshake?"]
    assert "subnet" in answered["What is a subnet mask used for?"]
    for one in found.questions:
        assert one.answer or any(one.question in unread.why for unread in found.unread)


@pytest.mark.parametrize(
    ("paragraph", "kind", "subject"),
    [
        ("Momentum is a running average of gradients.", "what", "Momentum"),
        ("In practice, a warm-up is a phase of small steps.", "what", "A warm-up"),
        ("One of the most common layers is a convolution, which slides.", "what", "a convolution"),
        ("Some common applications of clustering are segmentation and search.", "use", "clustering"),
        ("There are three types of attention in an encoder-decoder.", "kinds", "types"),
        ("Imagine a wine shop.", "story", ""),
    ],
)
def test_openings(paragraph: str, kind: str, subject: str) -> None:
    told = opening(paragraph)
    assert told is not None and (told.kind, told.subject) == (kind, subject)


@pytest.mark.parametrize(
    "paragraph",
    [
        "It is fast.",
        "This means more work.",
        "The reason is simple.",
        "You should try it.",
        "And so on.",
        "Z = w * x + b",
    ],
)
def test_beginnings_that_tell_of_no_question(paragraph: str) -> None:
    assert opening(paragraph) is None
