"""An interview's report, as Markdown and as JSON. It shows what was marked and marks nothing."""
