"""Shapes in which people write questions and answers, each as a small document of our own."""

from __future__ import annotations

from itertools import product

import pytest

from bot.knowledge.importing.blocks import Text
from bot.knowledge.importing.found import Findings
from bot.knowledge.importing.markdown import read_markdown
from bot.knowledge.importing.plain import read_plain
from bot.knowledge.importing.reading import NONE, find_questions
from bot.knowledge.importing.webpage import read_html

READERS = {"txt": read_plain, "md": read_markdown, "html": read_html}


def imported(kind: str, source: str) -> Findings:
    return find_questions(Text(f"mine.{kind}", tuple(READERS[kind](source))))


def pairs(findings: Findings) -> list[tuple[str, str]]:
    return [(one.question, one.answer) for one in findings.questions]


LABELLED = """\
Q: What is overfitting?
A: When a model memorises noise in the training
   data and fails on new data.

Q: How do you detect it?
A: By a gap between training and
   validation loss.

Question 3: Name two remedies.
Answer: Dropout and more data.

Q4) Is a larger model always worse?
No. Very large ones may generalise well again.
"""
DIALOGUE = """\
Recruiter: Hi Sam, thanks for coming.
Sam: Happy to be here.
Recruiter: What is a learning rate?
Sam: The size of the step along the negative gradient.
Recruiter: And what happens if it is too large?
Sam: The loss oscillates or diverges.
Recruiter: Great. How would you choose it?
Sam: By a range test. Should it stay as it is? No, a schedule lowers it.
Recruiter: That's all. Thanks!
Sam: Bye.
"""
NUMBERED = """\
1. What is the difference between supervised learning and unsuper-
   vised learning, and when would you use which of them in practice
   for a new project?
Supervised learning has labels that say what the right output is, and the
model is trained to reproduce them. Unsupervised learning looks for structure
in data without labels.

2. Gradient clipping
Gradients whose norm exceeds a threshold are scaled down to it. Steps:
  1. Compute the norm of all gradients together.
  2. Scale if it is above the threshold.
  3. Step.

3. What is label smoothing?
It moves a small part of the target probability to the other classes, which
keeps the logits from growing without bound.
"""
HEADINGS = """\
---
title: not a question?
---
# Interview questions

- [What is dropout?](#dropout)
- [What is batch normalisation?](#bn)
- [What is a GAN?](#gan)
- [What is momentum?](#m)

## What is dropout?

It zeroes a random part of the activations **during training**.

```python
# What is this?
nn.Dropout(0.5)
```

## 2. What is batch normalisation?

It normalises per mini-batch. Why? To keep scales alike.

1. Compute mean and variance.
2. Normalise.

## Explain GANs

| G | D |
| --- | --- |
| makes | judges |

# About us
We are cool. Who are you?
"""
PAGE = """\
<!doctype html><html><head><title>What is a title?</title><script>var q = "What is evil?";</script></head>
<body><nav><a>What is a menu?</a></nav><main><h1>Questions</h1>
<p><strong>Q1. What is a tensor?</strong><br>An n-dimensional array.</p>
<p><b>2. What is autograd?</b></p><p>It records <em>operations</em>.</p><script>alert("What is hacked?")</script>
<dl><dt>What is a DataLoader?</dt><dd>It batches &amp; shuffles.</dd></dl>
<details><summary>Why use GPUs?</summary><p>Matrix products run side by side.</p></details>
<h3>Explain weight decay</h3><ul><li>Adds a penalty</li><li>Shrinks weights</li></ul>
<pre><code>opt = SGD(wd=1e-4)
</code></pre></main><footer>What is a footer?</footer></body></html>
"""


def test_labels() -> None:
    assert pairs(imported("txt", LABELLED)) == [
        ("What is overfitting?", "When a model memorises noise in the training data and fails on new data."),
        ("How do you detect it?", "By a gap between training and validation loss."),
        ("Name two remedies.", "Dropout and more data."),
        ("Is a larger model always worse?", "No. Very large ones may generalise well again."),
    ]


def test_a_dialogue_under_any_names() -> None:
    found = imported("txt", DIALOGUE)
    assert pairs(found) == [
        ("What is a learning rate?", "The size of the step along the negative gradient."),
        ("And what happens if it is too large?", "The loss oscillates or diverges."),
        ("Great. How would you choose it?", "By a range test. Should it stay as it is? No, a schedule lowers it."),
    ]
    assert [one.place.line for one in found.questions] == [3, 5, 7]


def test_numbers_broken_lines_and_steps_that_are_no_questions() -> None:
    first, second, third = pairs(imported("txt", NUMBERED))
    assert first[0].startswith("What is the difference between supervised learning and unsupervised learning, and when")
    assert first[1].startswith("Supervised learning has") and first[1].endswith("in data without labels.")
    assert second[0] == "Gradient clipping" and "3. Step." in second[1]
    assert third == (
        "What is label smoothing?",
        "It moves a small part of the target probability to the other classes, which keeps the logits from growing "
        "without bound.",
    )


def test_headings_below_a_table_of_contents() -> None:
    found = imported("md", HEADINGS)
    assert [one.question for one in found.questions] == [
        "What is dropout?",
        "What is batch normalisation?",
        "Explain GANs",
    ]
    assert "nn.Dropout(0.5)" in found.questions[0].answer and "**during training**" in found.questions[0].answer
    assert found.questions[1].answer.endswith("1. Compute mean and variance.\n2. Normalise.")
    assert "| makes | judges |" in found.questions[2].answer and "cool" not in found.questions[2].answer
    assert str(found.questions[0].place) == "mine.md:11 (Interview questions)"
    assert [one.why for one in found.unread] == ["the contents name “What is momentum?”, and no answer to it was found"]


def test_a_page_with_scripts_menus_and_every_way_to_set_a_question_off() -> None:
    found = imported("html", PAGE)
    assert pairs(found) == [
        ("What is a tensor?", "An n-dimensional array."),
        ("What is autograd?", "It records *operations*."),
        ("What is a DataLoader?", "It batches & shuffles."),
        ("Why use GPUs?", "Matrix products run side by side."),
        ("Explain weight decay", "- Adds a penalty\n- Shrinks weights\n\n```\nopt = SGD(wd=1e-4)\n```"),
    ]
    assert [one.place.line for one in found.questions] == [3, 4, 5, 6, 7]


@pytest.mark.parametrize("mark", ["**{}** ", "**{}**\n", "**{}**\n\n", "### {}\n", "1. {}\n\n   ", "- **{}**\n\n  "])
def test_markdown_however_the_question_is_set_off(mark: str) -> None:
    text = f"# Prep\n\n{mark.format('What is precision?')}The share of positive predictions that are right.\n\n"
    text += f"{mark.format('What is recall?')}The share of positives that are found. Why both? They trade off.\n"
    assert pairs(imported("md", text)) == [
        ("What is precision?", "The share of positive predictions that are right."),
        ("What is recall?", "The share of positives that are found. Why both? They trade off."),
    ]


def test_questions_that_prose_puts_are_none() -> None:
    essay = "A garden is a planned space.\n\nHave you ever wondered why people love them? Some say it is the quiet.\n\n"
    essay += "Ask yourself:\n\n- Is it sunny?\n- Is it dry?\n- Is the soil good?\n\nThen dig.\n"
    for kind, asked in product(("txt", "md"), (essay, essay.replace("- ", "1. "))):
        found = imported(kind, asked)
        assert (found.questions, found.unread) == ((), ())
        assert found.notes == (NONE,)


def test_questions_that_an_answer_lists_are_part_of_it() -> None:
    text = (
        "## What should one ask before choosing a model?\nThese things:\n\n1. Is the data large?\n2. Is it tabular?\n"
    )
    text += "3. Is latency tight?\n\nThen decide.\n\n## What is ensembling?\nSeveral models vote.\n"
    found = imported("md", text)
    assert [one.question for one in found.questions] == [
        "What should one ask before choosing a model?",
        "What is ensembling?",
    ]
    assert "2. Is it tabular?" in found.questions[0].answer


def test_a_list_to_practise_with_has_no_answers_and_says_so() -> None:
    found = imported("txt", "1. What is a stride?\n2. What is padding?\n3. What is dilation?\n")
    assert [(one.question, one.answer) for one in found.questions][1] == ("What is padding?", "")
    assert found.answered == () and "3 questions stand here" in found.unread[0].why


def test_another_language_is_found_and_said() -> None:
    text = "¿Qué es una red neuronal?\n\nEs un modelo inspirado en el cerebro que aprende a partir de los datos, con "
    found = imported("txt", text + "capas de neuronas conectadas entre sí por pesos.\n")
    assert found.questions[0].question == "¿Qué es una red neuronal?"
    assert "does not seem to be in English" in found.notes[0]
    assert imported("txt", LABELLED).notes == ()
