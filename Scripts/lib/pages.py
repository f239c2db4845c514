"""The guide as pages of HTML that need no server; imported by scripts."""

import html
import re
import subprocess

STYLE = """
body{margin:2rem auto;max-width:52rem;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}
pre{overflow-x:auto;padding:.8rem;background:#8881;border-radius:.3rem}
code{font:.9em/1.4 ui-monospace,monospace}
table{border-collapse:collapse}td,th{padding:.2rem .6rem;border:1px solid #8886;text-align:left;vertical-align:top}
@media(prefers-color-scheme:dark){body{background:#16181c;color:#ddd}a{color:#8bf}}
"""


def write_guide(catalog, directory):
    """Writes a page for each document of a DocC catalog, and index.html for the one that has the catalog's name."""
    directory.mkdir(parents=True)
    documents = {path.stem: path.read_text() for path in sorted(catalog.glob("*.md"))}
    titles = {name: title(text) for name, text in documents.items()}
    for name, text in documents.items():
        file = "index" if name == catalog.stem else name
        (directory / f"{file}.html").write_text(page(text, titles, catalog.stem))


def title(text):
    """A document's title, as plain text; that of a catalog's own page is a symbol in backticks."""
    return re.search(r"^# (.*)$", text, re.MULTILINE)[1].strip("` ")


def page(text, titles, index):
    """A document as a page; its links to others are links to their pages."""

    def link(match):
        name, _, part = match[1].partition("#")
        file = "index" if name == index else name
        return f"[{titles[name]}]({file}.html{'#' + part.lower() if part else ''})"

    heading = title(text)
    text = re.sub(r"^# .*$", f"# {heading}", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^@Metadata \{.*?^\}$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"<doc:([^>]+)>", link, text)
    command = ["cmark-gfm", "--extension", "table"]
    body = subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout
    head = f'<meta charset="utf-8"><title>{html.escape(heading)}</title><style>{STYLE}</style>'
    home = "" if heading == titles[index] else '<p><a href="index.html">Contents</a></p>\n'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n{home}{body}</body></html>\n'
