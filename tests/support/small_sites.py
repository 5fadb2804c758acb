"""Small built sites, for what the printing of a book does with pages."""

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<link rel="stylesheet" href="../_static/site.css"></head><body>
<nav class="bd-links bd-docs-nav"><p class="caption"><span>Part I: All</span></p><ul>{contents}</ul>
</nav><main><article class="bd-article"><section id="top">
<h1>{title}<a class="headerlink" href="#top">#</a></h1>
{body}</section></article></main></body></html>"""


def small_site(folder, **bodies):
    """Write a site whose pages have these bodies; `index` is the first. Return its folder."""
    (folder / "book").mkdir(exist_ok=True)
    (folder / "_static").mkdir(exist_ok=True)
    (folder / "_static" / "site.css").write_text("p { margin: 0.5em 0 }", encoding="utf-8")
    start = '<meta http-equiv="Refresh" content="0; url=book/index.html" />'
    (folder / "index.html").write_text(start, encoding="utf-8")
    bodies = {"index": "<p>First.</p>", **bodies}
    contents = "".join(
        f'<li class="toctree-l1"><a href="{name}.html">{name}</a></li>'
        for name in bodies
        if name != "index"
    )
    for name, body in bodies.items():
        text = PAGE.format(title=name.capitalize(), contents=contents, body=body)
        (folder / "book" / f"{name}.html").write_text(text, encoding="utf-8")
    return folder
