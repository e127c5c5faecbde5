"""The differences as a table."""

from differences import DIFFERENCES, Difference

BEGIN, END = "<!-- differences: by UPDATE=1 pytest tests/emulators -->\n", "<!-- /differences -->\n"


def document(text: str) -> str:
    """The text, with the table in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    head = (
        "| Request | AWS's documentation | On AWS | MiniStack | moto | Right |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    return f"{before}{BEGIN}{head}{''.join(map(_row, DIFFERENCES))}{END}{after}"


def _row(difference: Difference) -> str:
    page = f"[{difference.page.title}]({difference.page.url}): {difference.says}"
    answers = (difference.aws, difference.ministack, difference.moto)
    return f"| {' | '.join([difference.title, page, *answers, difference.right])} |\n"
